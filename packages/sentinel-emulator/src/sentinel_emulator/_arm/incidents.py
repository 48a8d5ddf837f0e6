"""Incidents: list and get, and what hangs on them: alerts, entities, bookmarks and comments."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sentinel_emulator.workspace import seeded_guid

from .bookmarks import bookmark_entity
from .incident_shapes import INCIDENT_PROPERTIES, alert_resource, entity_resource
from .incident_writes import COMMENTS, INCIDENTS, RELATIONS
from .odata import Filter, ordering
from .paging import paged
from .routing import Call, Operation, Reply, operation

if TYPE_CHECKING:
    from sentinel_emulator._data.cases import Case

_READ = f"{INCIDENTS.permission}/read"


def operations() -> list[Operation]:
    """Return the operations that read incidents."""
    one = INCIDENTS.pattern
    return [
        operation("GET", "incidents", _READ, list_incidents),
        operation("GET", one, _READ, lambda call: Reply(INCIDENTS.found(call))),
        operation("POST", f"{one}/alerts", _READ, list_alerts),
        operation("POST", f"{one}/entities", _READ, list_entities),
        operation("POST", f"{one}/bookmarks", _READ, list_bookmarks),
        operation("GET", f"{one}/comments", f"{COMMENTS.permission}/read", list_comments),
        operation("GET", COMMENTS.pattern, f"{COMMENTS.permission}/read", lambda call: Reply(COMMENTS.found(call))),
    ]


def list_incidents(call: Call) -> Reply:
    """Answer a page of incidents, the newest first unless `$orderby` says otherwise."""
    found = list(call.emulator.sentinel.of("incidents").values())
    condition = call.query.get("$filter")
    if condition:
        found = [item for item in found if Filter(condition, INCIDENT_PROPERTIES)(item)]
    order = call.query.get("$orderby") or "properties/createdTimeUtc desc"
    return paged(call, ordering(order, INCIDENT_PROPERTIES)(found))


def list_alerts(call: Call) -> Reply:
    """Answer the alerts of an incident."""
    emulator, case = call.emulator, _case_of(call)
    alerts = case.alerts if case else ()
    return Reply({"value": [alert_resource(emulator.workspace, emulator.seed, alert) for alert in alerts]})


def list_entities(call: Call) -> Reply:
    """Answer the entities of an incident, and how many there are of each kind."""
    emulator, case = call.emulator, _case_of(call)
    entities = [
        entity_resource(emulator.workspace, emulator.seed, entity) for entity in (case.entities if case else ())
    ]
    counts: dict[str, int] = {}
    for entity in entities:
        counts[entity["kind"]] = counts.get(entity["kind"], 0) + 1
    return Reply(
        {"entities": entities, "metaData": [{"entityKind": kind, "count": count} for kind, count in counts.items()]}
    )


def list_bookmarks(call: Call) -> Reply:
    """Answer the bookmarks related to an incident."""
    relations = RELATIONS.items(call).values()
    bookmarks = call.emulator.sentinel.of("bookmarks")
    names = [str(item["properties"]["relatedResourceName"]).lower() for item in relations]
    return Reply({"value": [bookmark_entity(bookmarks[name]) for name in names if name in bookmarks]})


def list_comments(call: Call) -> Reply:
    """Answer a page of an incident's comments, the newest first."""
    comments = COMMENTS.items(call).values()
    return paged(call, sorted(comments, key=lambda item: item["properties"]["createdTimeUtc"], reverse=True))


def _case_of(call: Call) -> Case | None:
    """Return what the incident was made from; one that a client made has no alerts."""
    name, emulator = INCIDENTS.found(call)["name"], call.emulator
    cases = {seeded_guid(emulator.seed, "incident", case.key): case for case in emulator.cases}
    return cases.get(name)
