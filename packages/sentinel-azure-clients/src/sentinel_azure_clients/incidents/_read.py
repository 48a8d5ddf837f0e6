"""Finding incidents and reading what belongs to one."""

from __future__ import annotations

import re
from contextlib import aclosing
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from sentinel_azure_clients import _odata, _wire
from sentinel_azure_clients._call import arm
from sentinel_azure_clients._deadline import within
from sentinel_azure_clients._operation import operation
from sentinel_azure_clients._paging import Listing, collect, next_link, skip_token, walk
from sentinel_azure_clients.errors import InvalidInput, MalformedAnswer, NotFound
from sentinel_azure_clients.incidents._model import (
    SEVERITIES,
    STATUSES,
    Alert,
    Comment,
    Entity,
    Incident,
    Relation,
    Task,
    alert_from_wire,
    comment_from_wire,
    entity_from_wire,
    from_wire,
    relation_from_wire,
    task_from_wire,
)

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Sequence
    from datetime import datetime

    from sentinel_azure_clients._wire import Json
    from sentinel_azure_clients.context import AzureServicesContext

_SENT = "LogAnalyticsManagementClient.send_request"
LIST = operation("incidents", "list", "listing incidents", way=f"{_SENT} GET incidents")
GET = operation("incidents", "get", "reading the incident", way=f"{_SENT} GET incidents/{{id}}")
_ALERTS = operation(
    "incidents", "list alerts", "listing the incident's alerts", way=f"{_SENT} POST incidents/{{id}}/alerts"
)
_ENTITIES = operation(
    "incidents", "list entities", "listing the incident's entities", way=f"{_SENT} POST incidents/{{id}}/entities"
)
_BOOKMARKS = operation(
    "incidents", "list bookmarks", "listing the incident's bookmarks", way=f"{_SENT} POST incidents/{{id}}/bookmarks"
)
_COMMENTS = operation(
    "incidents", "list comments", "listing the incident's comments", way=f"{_SENT} GET incidents/{{id}}/comments"
)
_RELATIONS = operation(
    "incidents", "list relations", "listing the incident's relations", way=f"{_SENT} GET incidents/{{id}}/relations"
)
_TASKS = operation("incidents", "list tasks", "listing the incident's tasks", way=f"{_SENT} GET incidents/{{id}}/tasks")

ORDERS = (
    "createdTimeUtc",
    "lastModifiedTimeUtc",
    "firstActivityTimeUtc",
    "lastActivityTimeUtc",
    "incidentNumber",
    "severity",
    "status",
    "title",
)
_GUID = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
_MOST_ON_A_PAGE = 1000


@dataclass(frozen=True, slots=True)
class SecurityIncidentListing:
    """A page of incidents: `incidents` as the service's own objects, `items` the same as `Incident`.

    `skip_token` continues the list, and is None after the last page. `total_count` is the number of incidents that
    match, counted by going through the pages up to `count_up_to`; None when there are more than that, because the
    service gives no count.
    """

    incidents: list[Json] = field(repr=False)
    items: tuple[Incident, ...]
    total_count: int | None
    skip_token: str | None


async def list_page(
    context: AzureServicesContext,
    *,
    statuses: Sequence[str] = (),
    severities: Sequence[str] = (),
    created_after: datetime | None = None,
    created_before: datetime | None = None,
    modified_after: datetime | None = None,
    title_contains: str | None = None,
    owner: str | None = None,
    order_by: str = "createdTimeUtc desc",
    top: int = 50,
    skip_token: str | None = None,
    count_up_to: int = 0,
) -> SecurityIncidentListing:
    """One page of the incidents that match every given condition.

    `created_after` and `modified_after` are inclusive, `created_before` is exclusive; times need a zone.
    `owner` is an object id (a GUID), a principal name or address (with an @), or else the assigned name.
    `order_by` is one of `ORDERS`, with "asc" or "desc" after it. Give the same conditions with a `skip_token`.
    With `count_up_to` more pages are read, for the count only, until the list ends or the figure is passed.
    """
    if not 1 <= top <= _MOST_ON_A_PAGE:
        raise InvalidInput(f"top is {top}, but a page has 1 to {_MOST_ON_A_PAGE} incidents.")
    query = {"$orderby": _order(order_by), "$top": str(top)}
    condition = _odata.every(
        _odata.any_of("properties/status", _known("status", statuses, STATUSES)),
        _odata.any_of("properties/severity", _known("severity", severities, SEVERITIES)),
        _odata.compares("properties/createdTimeUtc", "ge", created_after) if created_after else "",
        _odata.compares("properties/createdTimeUtc", "lt", created_before) if created_before else "",
        _odata.compares("properties/lastModifiedTimeUtc", "ge", modified_after) if modified_after else "",
        _odata.contains("properties/title", title_contains) if title_contains else "",
        _owner_condition(owner) if owner else "",
    )
    if condition:
        query["$filter"] = condition
    if skip_token:
        query["$skipToken"] = skip_token
    return await _page(context, query, count_up_to=count_up_to, first=not skip_token)


async def get(context: AzureServicesContext, incident: str | int) -> Incident:
    """The incident with a GUID name, or with an incident number.

    Raises `NotFound` when the workspace has no such incident, and `InvalidInput` when it is neither.
    """
    name = str(incident).strip()
    if _GUID.fullmatch(name):
        return from_wire(await arm(context, GET, "GET", context.sentinel_path("incidents", name)))
    if not name.isascii() or not name.isdecimal() or len(name) > 15:
        raise InvalidInput(f"{name[:60]!r} is no incident: give its number, or its name, which is a GUID.")
    query = {"$filter": f"properties/incidentNumber eq {int(name)}", "$top": "1"}
    page = await arm(context, LIST, "GET", context.sentinel_path("incidents"), query=query)
    found = _wire.objects(page, "value")
    if not found:
        raise NotFound(f"The workspace has no incident with number {int(name)}.")
    return from_wire(found[0])


async def list_alerts(context: AzureServicesContext, name: str) -> Listing[Alert]:
    """The alerts of an incident, by its GUID name."""
    path = context.sentinel_path("incidents", name, "alerts")
    return await collect(context, _ALERTS, path, alert_from_wire, method="POST")


async def list_entities(context: AzureServicesContext, name: str) -> Listing[Entity]:
    """The entities of an incident, by its GUID name."""
    path = context.sentinel_path("incidents", name, "entities")
    return await collect(context, _ENTITIES, path, entity_from_wire, method="POST", key="entities")


async def list_comments(context: AzureServicesContext, name: str) -> Listing[Comment]:
    """The comments on an incident, by its GUID name."""
    return await collect(context, _COMMENTS, context.sentinel_path("incidents", name, "comments"), comment_from_wire)


async def list_bookmarks(context: AzureServicesContext, name: str) -> Listing[Entity]:
    """The bookmarks of an incident, by its GUID name. The service gives them in the shape of entities."""
    path = context.sentinel_path("incidents", name, "bookmarks")
    return await collect(context, _BOOKMARKS, path, entity_from_wire, method="POST")


async def list_relations(context: AzureServicesContext, name: str) -> Listing[Relation]:
    """What an incident is linked to, by its GUID name."""
    return await collect(context, _RELATIONS, context.sentinel_path("incidents", name, "relations"), relation_from_wire)


async def list_tasks(context: AzureServicesContext, name: str) -> Listing[Task]:
    """The tasks of an incident, by its GUID name."""
    return await collect(context, _TASKS, context.sentinel_path("incidents", name, "tasks"), task_from_wire)


async def _page(
    context: AzureServicesContext, query: dict[str, str], *, count_up_to: int, first: bool
) -> SecurityIncidentListing:
    pages = walk(context, LIST, context.sentinel_path("incidents"), query=query)
    async with within(context.config.deadline, LIST), aclosing(pages):
        return await _counted(context, pages, count_up_to=count_up_to, first=first)


async def _counted(
    context: AzureServicesContext, listed: AsyncGenerator[Json], *, count_up_to: int, first: bool
) -> SecurityIncidentListing:
    found: list[Json] = []
    token: str | None = None
    total: int | None = None
    seen = pages = 0
    async for page in listed:
        values = _wire.objects(page, "value")
        link = next_link(context, page)
        if not pages:
            found = list(values)
            token = skip_token(link)
            if link and not token:
                raise MalformedAnswer("The list of incidents goes on, but its next page has no $skipToken.")
        pages += 1
        seen += len(values)
        if link is None:
            total = seen if first else None  # a later page does not know how many came before it
            break
        if not first or seen >= count_up_to or pages >= context.config.page_limit:
            break
    return SecurityIncidentListing(
        incidents=found, items=tuple(from_wire(source) for source in found), total_count=total, skip_token=token
    )


def _order(order_by: str) -> str:
    name, _, direction = order_by.strip().partition(" ")
    if name not in ORDERS or direction.strip() not in {"", "asc", "desc"}:
        raise InvalidInput(
            f"Incidents cannot be ordered by {order_by[:60]!r}; use one of {', '.join(ORDERS)} with asc or desc."
        )
    return f"properties/{name} {direction.strip() or 'asc'}"


def _known(what: str, values: Sequence[str], known: Sequence[str]) -> list[str]:
    by_lower = {value.lower(): value for value in known}
    for value in values:
        if value.lower() not in by_lower:
            raise InvalidInput(f"There is no {what} {value[:40]!r}; use {', '.join(known)}.")
    return [by_lower[value.lower()] for value in values]


def _owner_condition(owner: str) -> str:
    if _GUID.fullmatch(owner):
        return _odata.equals("properties/owner/objectId", owner)
    if "@" in owner:
        return _odata.either(
            _odata.equals("properties/owner/userPrincipalName", owner), _odata.equals("properties/owner/email", owner)
        )
    return _odata.equals("properties/owner/assignedTo", owner)
