"""Creating, changing, closing and deleting incidents, without losing anybody else's change."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from sentinel_azure_clients import _wire, _writing
from sentinel_azure_clients._call import arm
from sentinel_azure_clients._operation import CONTRIBUTOR, PROVIDER, RESPONDER, operation
from sentinel_azure_clients._writing import UNCHANGED, Object, Unchanged, change, new_name, settings
from sentinel_azure_clients.errors import InvalidInput
from sentinel_azure_clients.incidents._model import CLASSIFICATIONS, SEVERITIES, STATUSES, Incident, Owner, from_wire
from sentinel_azure_clients.incidents._read import GET

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sentinel_azure_clients._wire import Json
    from sentinel_azure_clients.context import AzureServicesContext

_SENT = "LogAnalyticsManagementClient.send_request"
_CREATE = operation(
    "incidents",
    "create",
    "creating the incident",
    effect="write",
    way=f"{_SENT} PUT incidents/{{id}}",
    role=RESPONDER,
    permission=f"{PROVIDER}/incidents/write",
)
_UPDATE = operation(
    "incidents",
    "update, close, assign",
    "changing the incident",
    effect="write",
    way=f"{_SENT} GET, PUT incidents/{{id}} with its etag",
    role=RESPONDER,
    permission=f"{PROVIDER}/incidents/write",
)
_DELETE = operation(
    "incidents",
    "delete",
    "deleting the incident",
    effect="write",
    way=f"{_SENT} DELETE incidents/{{id}}",
    role=CONTRIBUTOR,
    permission=f"{PROVIDER}/incidents/delete",
)


async def create(
    context: AzureServicesContext,
    *,
    title: str,
    severity: str,
    status: str = "New",
    description: str | None = None,
    owner: Owner | None = None,
    labels: Sequence[str] = (),
    name: str | None = None,
) -> Incident:
    """Make an incident.

    With a `name` (a GUID) chosen by the caller a repetition is a `Conflict` instead of a second incident.
    """
    _check_title(title)
    properties: dict[str, Any] = {
        "title": title,
        "severity": one_of("severity", severity, SEVERITIES),
        "status": one_of("status", status, STATUSES),
        "labels": _labels(labels),
    }
    if description is not None:
        properties["description"] = description
    if owner is not None:
        properties["owner"] = _owner(owner)
    target = Object(context.sentinel_path("incidents", name or new_name()), GET, _CREATE)
    return from_wire(await _writing.create(context, target, {"properties": properties}, given_name=name is not None))


async def update(
    context: AzureServicesContext,
    name: str,
    *,
    title: str | Unchanged = UNCHANGED,
    description: str | Unchanged | None = UNCHANGED,
    severity: str | Unchanged = UNCHANGED,
    status: str | Unchanged = UNCHANGED,
    owner: Owner | Unchanged | None = UNCHANGED,
    labels: Sequence[str] | Unchanged = UNCHANGED,
    etag: str | None = None,
) -> Incident:
    """Change fields of an incident, by its GUID name; `owner=None` takes it from whoever has it.

    Everything else stays, whoever wrote it and whenever. With the `etag` of an incident read earlier, any change since
    then is a `Conflict`; without it, only a change to the same fields is. Closing takes a classification: see `close`.
    """
    if status == "Closed":
        raise InvalidInput("An incident is closed with a classification; use incidents.close.")
    if not isinstance(title, Unchanged):
        _check_title(title)
    changes = settings(
        ("properties",),
        title=title,
        description=description,
        severity=severity if isinstance(severity, Unchanged) else one_of("severity", severity, SEVERITIES),
        status=status if isinstance(status, Unchanged) else one_of("status", status, STATUSES),
        labels=labels if isinstance(labels, Unchanged) else partial(_relabelled, tuple(labels)),
    )
    if not isinstance(owner, Unchanged):
        changes[("properties", "owner")] = _owner(owner or Owner())
    return await _change(context, name, changes, etag)


async def close(
    context: AzureServicesContext,
    name: str,
    *,
    classification: str,
    reason: str | None = None,
    comment: str | None = None,
    etag: str | None = None,
) -> Incident:
    """Close an incident, by its GUID name, saying what it was.

    `classification` and `reason` are a pair of `CLASSIFICATIONS`; a classification with one reason needs none named.
    """
    kind = one_of("classification", classification, tuple(CLASSIFICATIONS))
    reasons = CLASSIFICATIONS[kind]
    if reason is None and len(reasons) == 1:
        reason = reasons[0]
    if reason not in reasons:
        choices = " or ".join(str(known) for known in reasons if known) or "no reason at all"
        raise InvalidInput(f"The classification {kind} takes {choices}, not {reason!r}.")
    changes = settings(
        ("properties",),
        status="Closed",
        classification=kind,
        classification_reason=reason,
        classification_comment=comment if comment is not None else UNCHANGED,
    )
    return await _change(context, name, changes, etag)


async def assign(context: AzureServicesContext, name: str, owner: Owner | None, *, etag: str | None = None) -> Incident:
    """Give an incident, by its GUID name, to somebody, or to nobody with None."""
    return await update(context, name, owner=owner, etag=etag)


async def delete(context: AzureServicesContext, name: str) -> None:
    """Delete an incident, by its GUID name. Deleting one that is not there is no error for the service, nor here."""
    await arm(context, _DELETE, "DELETE", context.sentinel_path("incidents", name))


def one_of(what: str, value: str, known: Sequence[str]) -> str:
    """The known word, written as the service writes it."""
    for word in known:
        if word.lower() == value.lower():
            return word
    raise InvalidInput(f"There is no {what} {value[:40]!r}; use {', '.join(known)}.")


async def _change(
    context: AzureServicesContext, name: str, changes: dict[tuple[str, ...], Any], etag: str | None
) -> Incident:
    target = Object(context.sentinel_path("incidents", name), GET, _UPDATE)
    return from_wire(await change(context, target, changes, etag=etag))


def _check_title(title: str) -> None:
    if not title.strip():
        raise InvalidInput("An incident needs a title.")


def _labels(labels: Sequence[str]) -> list[dict[str, str]]:
    return [{"labelName": label} for label in labels]


def _relabelled(labels: tuple[str, ...], current: object) -> list[Json]:
    """The labels wanted; those that are there already stay as the service has them, with their type."""
    there = {label.get("labelName"): label for label in _wire.objects({"labels": current}, "labels")}
    return [there.get(label, {"labelName": label}) for label in labels]


def _owner(owner: Owner) -> dict[str, str | None]:
    return {
        "objectId": owner.object_id,
        "email": owner.email,
        "assignedTo": owner.name,
        "userPrincipalName": owner.user_principal_name,
    }
