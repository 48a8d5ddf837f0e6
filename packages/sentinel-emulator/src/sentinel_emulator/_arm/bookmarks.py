"""Bookmarks: rows that a hunter kept."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from .collections import Kind, operations_of, properties_of, texts
from .faults import bad_request
from .moments import offset, offset_seconds
from .people import author_in_short

if TYPE_CHECKING:
    from sentinel_emulator._json import Resource

    from .routing import Call, Operation

_TIMES = ("eventTime", "queryStartTime", "queryEndTime")
_KNOWN = {"displayName", "created", "updated", "createdBy", "updatedBy", "labels", "notes", "query", "queryResult"}
_NO_INCIDENT = {"incidentId": None, "title": None, "relationName": None, "severity": None}


def _bookmark(call: Call, body: Resource, existing: Resource | None) -> Resource:
    sent = properties_of(body)
    texts(sent, "displayName", "query")
    before: Resource = existing["properties"] if existing else {}
    times = {name: _moment(name, sent[name]) for name in _TIMES if sent.get(name) is not None}
    optional = {name: sent[name] for name in ("notes", "queryResult") if sent.get(name) is not None}
    rest = {name: value for name, value in sent.items() if name not in _KNOWN and name not in _TIMES}
    properties: Resource = {
        "displayName": sent["displayName"],
        "created": before.get("created") or offset(call.now),
        "updated": offset_seconds(call.now),
        "createdBy": before.get("createdBy") or author_in_short(call),
        "updatedBy": author_in_short(call),
        **{name: times[name] for name in ("eventTime",) if name in times},
        "labels": sent.get("labels") or [],
        **optional,
        "query": sent["query"],
        **{name: times[name] for name in _TIMES[1:] if name in times},
        "incidentInfo": _NO_INCIDENT,
    }
    return {"properties": properties | rest}


def _moment(name: str, value: object) -> str:
    try:
        moment = datetime.fromisoformat(str(value))
    except ValueError as error:
        raise bad_request(f"The property '{name}' must be a moment such as 2026-01-31T08:00:00Z.") from error
    return offset(moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC))


#: A new bookmark answers 200, as recorded.
BOOKMARKS = Kind("bookmarks", "Bookmarks", "Bookmark", _bookmark, created=200)


def operations() -> list[Operation]:
    """Return the operations on bookmarks."""
    return operations_of(BOOKMARKS)


def bookmark_entity(bookmark: Resource) -> Resource:
    """Return a bookmark as an incident's list of bookmarks shows it: an entity of kind Bookmark."""
    properties: Resource = bookmark["properties"]
    shown = {name: value for name, value in properties.items() if name != "incidentInfo"}
    return {
        "id": bookmark["id"].replace("/Bookmarks/", "/Entities/"),
        "name": bookmark["name"],
        "type": "Microsoft.SecurityInsights/Entities",
        "kind": "Bookmark",
        "properties": {**shown, "friendlyName": properties["displayName"]},
    }
