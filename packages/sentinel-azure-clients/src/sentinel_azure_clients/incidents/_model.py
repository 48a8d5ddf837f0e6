"""What an incident is, and what belongs to it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from sentinel_azure_clients import _wire

if TYPE_CHECKING:
    from datetime import datetime

    from sentinel_azure_clients._wire import Json

STATUSES = ("New", "Active", "Closed")
SEVERITIES = ("High", "Medium", "Low", "Informational")
# Each classification with the reasons that the service takes for it; None stands for no reason.
CLASSIFICATIONS: dict[str, tuple[str | None, ...]] = {
    "Undetermined": (None,),
    "TruePositive": ("SuspiciousActivity",),
    "BenignPositive": ("SuspiciousButExpected",),
    "FalsePositive": ("IncorrectAlertLogic", "InaccurateData"),
}
TASK_STATUSES = ("New", "Completed")


@dataclass(frozen=True, slots=True)
class Owner:
    """Whom an incident is assigned to."""

    object_id: str | None = None
    email: str | None = None
    name: str | None = None
    user_principal_name: str | None = None
    kind: str | None = None

    @property
    def label(self) -> str | None:
        """What to call them: the principal name, else the address, the name, the object id."""
        return self.user_principal_name or self.email or self.name or self.object_id


@dataclass(frozen=True, slots=True)
class Incident:
    """An incident as the service had it when read. Times are aware; `raw` is the object as sent, every field kept.

    `name` is the GUID that other calls take, `number` the figure that people use. `owner` is None when nobody has it.
    `severity` and `status` are empty only if the service left them out.
    """

    name: str
    id: str
    etag: str | None
    number: int | None
    title: str
    description: str | None
    severity: str
    status: str
    classification: str | None
    classification_reason: str | None
    classification_comment: str | None
    owner: Owner | None
    labels: tuple[str, ...]
    tactics: tuple[str, ...]
    techniques: tuple[str, ...]
    alert_count: int | None
    bookmark_count: int | None
    comment_count: int | None
    alert_products: tuple[str, ...]
    created_at: datetime | None
    modified_at: datetime | None
    first_activity_at: datetime | None
    last_activity_at: datetime | None
    url: str | None
    provider: str | None
    provider_incident_id: str | None
    provider_url: str | None
    rule_ids: tuple[str, ...]
    raw: Json = field(repr=False)


@dataclass(frozen=True, slots=True)
class Entity:
    """Something an alert speaks of. `kind` is the service's word (Account, Host, Ip, Url, FileHash, ...)."""

    name: str
    id: str
    kind: str
    friendly_name: str | None
    properties: Json
    raw: Json = field(repr=False)


@dataclass(frozen=True, slots=True)
class Alert:
    """An alert of an incident. Times are aware; `properties` is everything the service says about it."""

    name: str
    id: str
    title: str
    description: str | None
    severity: str | None
    status: str | None
    vendor: str | None
    product: str | None
    component: str | None
    alert_type: str | None
    tactics: tuple[str, ...]
    start: datetime | None
    end: datetime | None
    generated_at: datetime | None
    provider_alert_id: str | None
    url: str | None
    properties: Json = field(repr=False)
    raw: Json = field(repr=False)


@dataclass(frozen=True, slots=True)
class Comment:
    """A comment on an incident."""

    name: str
    id: str
    etag: str | None
    message: str
    author: str | None
    author_email: str | None
    author_principal_name: str | None
    created_at: datetime | None
    modified_at: datetime | None
    raw: Json = field(repr=False)


@dataclass(frozen=True, slots=True)
class Relation:
    """A link from an incident to something else, such as a bookmark."""

    name: str
    id: str
    etag: str | None
    related_id: str
    related_name: str | None
    related_type: str | None
    raw: Json = field(repr=False)


@dataclass(frozen=True, slots=True)
class Task:
    """A step to be done for an incident. `status` is New or Completed."""

    name: str
    id: str
    etag: str | None
    title: str
    description: str | None
    status: str
    created_by: str | None
    created_at: datetime | None
    modified_at: datetime | None
    raw: Json = field(repr=False)


def from_wire(source: Json) -> Incident:
    """Make an `Incident` of the object that the service sends."""
    properties = _wire.section(source, "properties")
    more = _wire.section(properties, "additionalData")
    return Incident(
        name=_wire.name_of(source),
        id=_wire.needed(source, "id"),
        etag=_wire.text(source, "etag"),
        number=_wire.whole(properties, "incidentNumber"),
        title=_wire.text(properties, "title") or "",
        description=_wire.text(properties, "description"),
        severity=_wire.text(properties, "severity") or "",
        status=_wire.text(properties, "status") or "",
        classification=_wire.text(properties, "classification"),
        classification_reason=_wire.text(properties, "classificationReason"),
        classification_comment=_wire.text(properties, "classificationComment"),
        owner=owner_from_wire(_wire.section(properties, "owner")),
        labels=tuple(_wire.needed(label, "labelName") for label in _wire.objects(properties, "labels")),
        tactics=_wire.strings(more, "tactics"),
        techniques=_wire.strings(more, "techniques"),
        alert_count=_wire.whole(more, "alertsCount"),
        bookmark_count=_wire.whole(more, "bookmarksCount"),
        comment_count=_wire.whole(more, "commentsCount"),
        alert_products=_wire.strings(more, "alertProductNames"),
        created_at=_wire.moment(properties, "createdTimeUtc"),
        modified_at=_wire.moment(properties, "lastModifiedTimeUtc"),
        first_activity_at=_wire.moment(properties, "firstActivityTimeUtc"),
        last_activity_at=_wire.moment(properties, "lastActivityTimeUtc"),
        url=_wire.text(properties, "incidentUrl"),
        provider=_wire.text(properties, "providerName"),
        provider_incident_id=_wire.text(properties, "providerIncidentId"),
        provider_url=_wire.text(more, "providerIncidentUrl"),
        rule_ids=_wire.strings(properties, "relatedAnalyticRuleIds"),
        raw=source,
    )


def entity_from_wire(source: Json) -> Entity:
    """Make an `Entity` of the object that the service sends."""
    properties = _wire.section(source, "properties")
    return Entity(
        name=_wire.name_of(source),
        id=_wire.needed(source, "id"),
        kind=_wire.text(source, "kind") or "",
        friendly_name=_wire.text(properties, "friendlyName"),
        properties=properties,
        raw=source,
    )


def comment_from_wire(source: Json) -> Comment:
    """Make a `Comment` of the object that the service sends."""
    properties = _wire.section(source, "properties")
    author = _wire.section(properties, "author")
    return Comment(
        name=_wire.name_of(source),
        id=_wire.needed(source, "id"),
        etag=_wire.text(source, "etag"),
        message=_wire.text(properties, "message") or "",
        author=_wire.text(author, "name"),
        author_email=_wire.text(author, "email"),
        author_principal_name=_wire.text(author, "userPrincipalName"),
        created_at=_wire.moment(properties, "createdTimeUtc"),
        modified_at=_wire.moment(properties, "lastModifiedTimeUtc"),
        raw=source,
    )


def alert_from_wire(source: Json) -> Alert:
    """Make an `Alert` of the object that the service sends."""
    properties = _wire.section(source, "properties")
    return Alert(
        name=_wire.name_of(source),
        id=_wire.needed(source, "id"),
        title=_wire.text(properties, "alertDisplayName") or _wire.text(properties, "friendlyName") or "",
        description=_wire.text(properties, "description"),
        severity=_wire.text(properties, "severity"),
        status=_wire.text(properties, "status"),
        vendor=_wire.text(properties, "vendorName"),
        product=_wire.text(properties, "productName"),
        component=_wire.text(properties, "productComponentName"),
        alert_type=_wire.text(properties, "alertType"),
        tactics=_wire.strings(properties, "tactics"),
        start=_wire.moment(properties, "startTimeUtc"),
        end=_wire.moment(properties, "endTimeUtc"),
        generated_at=_wire.moment(properties, "timeGenerated"),
        provider_alert_id=_wire.text(properties, "providerAlertId"),
        url=_wire.text(properties, "alertLink"),
        properties=properties,
        raw=source,
    )


def owner_from_wire(source: Json) -> Owner | None:
    """Make an `Owner` of the object that the service sends; None of one that names nobody."""
    owner = Owner(
        object_id=_wire.text(source, "objectId"),
        email=_wire.text(source, "email"),
        name=_wire.text(source, "assignedTo"),
        user_principal_name=_wire.text(source, "userPrincipalName"),
        kind=_wire.text(source, "ownerType"),
    )
    return owner if owner.label else None


def relation_from_wire(source: Json) -> Relation:
    """Make a `Relation` of the object that the service sends."""
    properties = _wire.section(source, "properties")
    return Relation(
        name=_wire.name_of(source),
        id=_wire.needed(source, "id"),
        etag=_wire.text(source, "etag"),
        related_id=_wire.needed(properties, "relatedResourceId"),
        related_name=_wire.text(properties, "relatedResourceName"),
        related_type=_wire.text(properties, "relatedResourceType"),
        raw=source,
    )


def task_from_wire(source: Json) -> Task:
    """Make a `Task` of the object that the service sends."""
    properties = _wire.section(source, "properties")
    author = _wire.section(properties, "createdBy")
    return Task(
        name=_wire.name_of(source),
        id=_wire.needed(source, "id"),
        etag=_wire.text(source, "etag"),
        title=_wire.text(properties, "title") or "",
        description=_wire.text(properties, "description"),
        status=_wire.text(properties, "status") or "",
        created_by=_wire.text(author, "userPrincipalName") or _wire.text(author, "name") or _wire.text(author, "email"),
        created_at=_wire.moment(properties, "createdTimeUtc"),
        modified_at=_wire.moment(properties, "lastModifiedTimeUtc"),
        raw=source,
    )
