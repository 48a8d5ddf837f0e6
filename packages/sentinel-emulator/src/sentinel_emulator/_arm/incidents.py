"""Incidents: list and get, and what hangs on them: alerts, entities, bookmarks and comments."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sentinel_emulator.workspace import seeded_guid

from .faults import sentinel_not_found
from .incident_shapes import INCIDENT_PROPERTIES, alert_resource, entity_resource
from .odata import Filter, ordering
from .paging import paged
from .routing import Call, Operation, Reply, operation

if TYPE_CHECKING:
    from sentinel_emulator._data.cases import Case
    from sentinel_emulator._json import Resource

_READ = "Microsoft.SecurityInsights/incidents/read"


def operations() -> list[Operation]:
    """Return the operations on incidents."""
    return [
        operation("GET", "incidents", _READ, list_incidents),
        operation("GET", "incidents/{incident}", _READ, get_incident),
        operation("POST", "incidents/{incident}/alerts", _READ, list_alerts),
        operation("POST", "incidents/{incident}/entities", _READ, list_entities),
        operation("POST", "incidents/{incident}/bookmarks", _READ, list_bookmarks),
        operation(
            "GET", "incidents/{incident}/comments", "Microsoft.SecurityInsights/incidents/comments/read", list_comments
        ),
        operation(
            "GET",
            "incidents/{incident}/comments/{comment}",
            "Microsoft.SecurityInsights/incidents/comments/read",
            get_comment,
        ),
    ]


def list_incidents(call: Call) -> Reply:
    """Answer a page of incidents, the newest first unless `$orderby` says otherwise."""
    found = list(call.emulator.sentinel.incidents.values())
    condition = call.query.get("$filter")
    if condition:
        found = [item for item in found if Filter(condition, INCIDENT_PROPERTIES)(item)]
    order = call.query.get("$orderby") or "properties/createdTimeUtc desc"
    return paged(call, ordering(order, INCIDENT_PROPERTIES)(found))


def get_incident(call: Call) -> Reply:
    """Answer one incident."""
    return Reply(incident_of(call))


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
    """Answer the bookmarks of an incident: none, since nothing can be related yet."""
    incident_of(call)
    return Reply({"value": []})


def list_comments(call: Call) -> Reply:
    """Answer a page of an incident's comments, the newest first."""
    comments = call.emulator.sentinel.comments[incident_of(call)["name"]]
    newest = sorted(comments.values(), key=lambda item: item["properties"]["createdTimeUtc"], reverse=True)
    return paged(call, newest)


def get_comment(call: Call) -> Reply:
    """Answer one comment."""
    name = call.names["comment"].lower()
    comment = call.emulator.sentinel.comments[incident_of(call)["name"]].get(name)
    if comment is None:
        raise sentinel_not_found("Incident comment", name)
    return Reply(comment)


def incident_of(call: Call) -> Resource:
    """Return the incident that the path names; raises a 404."""
    name = call.names["incident"]
    found = call.emulator.sentinel.incidents.get(name.lower())
    if found is None:
        raise sentinel_not_found("Incident", name)
    return found


def _case_of(call: Call) -> Case | None:
    """Return what the incident was made from; one that a client made has no alerts."""
    name, emulator = incident_of(call)["name"], call.emulator
    cases = {seeded_guid(emulator.seed, "incident", case.key): case for case in emulator.intrusion.cases}
    return cases.get(name)
