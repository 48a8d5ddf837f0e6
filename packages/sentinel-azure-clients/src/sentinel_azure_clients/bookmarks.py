"""Bookmarks: rows that a hunter kept, with the query that found them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from sentinel_azure_clients import _wire, _writing
from sentinel_azure_clients._area import Area
from sentinel_azure_clients._call import arm
from sentinel_azure_clients._paging import Listing, collect
from sentinel_azure_clients._timespan import instant
from sentinel_azure_clients._writing import UNCHANGED, Object, Unchanged
from sentinel_azure_clients.errors import InvalidInput

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sentinel_azure_clients._wire import Json
    from sentinel_azure_clients.context import AzureServicesContext

_AREA = Area("bookmarks", "bookmark", "bookmarks")
_LIST = _AREA.listing()
_GET = _AREA.reading()
_CREATE = _AREA.creating()
_UPDATE = _AREA.changing()
_DELETE = _AREA.deleting()


@dataclass(frozen=True, slots=True)
class Bookmark:
    """A bookmark. `query_result` is the kept row as JSON text."""

    name: str
    id: str
    etag: str | None
    display_name: str
    query: str
    query_result: str | None
    notes: str | None
    labels: tuple[str, ...]
    created_by: str | None
    created_at: datetime | None
    modified_at: datetime | None
    event_at: datetime | None
    query_start: datetime | None
    query_end: datetime | None
    properties: Json = field(repr=False)
    raw: Json = field(repr=False)


async def list_bookmarks(context: AzureServicesContext) -> Listing[Bookmark]:
    """Every bookmark of the workspace."""
    return await collect(context, _LIST, context.sentinel_path("bookmarks"), from_wire)


async def get_bookmark(context: AzureServicesContext, name: str) -> Bookmark:
    """The bookmark with this name (a GUID). Raises `NotFound`."""
    return from_wire(await arm(context, _GET, "GET", context.sentinel_path("bookmarks", name)))


async def create_bookmark(
    context: AzureServicesContext,
    *,
    display_name: str,
    query: str,
    query_result: str | None = None,
    notes: str | None = None,
    labels: Sequence[str] = (),
    event_at: datetime | None = None,
    query_start: datetime | None = None,
    query_end: datetime | None = None,
    name: str | None = None,
) -> Bookmark:
    """Keep a row, given as JSON text in `query_result`, with the query that found it."""
    if not display_name.strip() or not query.strip():
        raise InvalidInput("A bookmark needs a display name and a query.")
    given: dict[str, Any] = {
        "queryResult": query_result,
        "notes": notes,
        "eventTime": event_at and instant(event_at),
        "queryStartTime": query_start and instant(query_start),
        "queryEndTime": query_end and instant(query_end),
    }
    properties = {key: value for key, value in given.items() if value is not None}
    properties |= {"displayName": display_name, "query": query, "labels": list(labels)}
    target = Object(context.sentinel_path("bookmarks", name or _writing.new_name()), _GET, _CREATE)
    return from_wire(await _writing.create(context, target, {"properties": properties}, given_name=name is not None))


async def update_bookmark(
    context: AzureServicesContext,
    name: str,
    *,
    display_name: str | Unchanged = UNCHANGED,
    notes: str | Unchanged | None = UNCHANGED,
    labels: Sequence[str] | Unchanged = UNCHANGED,
    etag: str | None = None,
) -> Bookmark:
    """Change a bookmark; everything else stays as it is."""
    changes = _writing.settings(
        ("properties",),
        display_name=display_name,
        notes=notes,
        labels=labels if isinstance(labels, Unchanged) else list(labels),
    )
    target = Object(context.sentinel_path("bookmarks", name), _GET, _UPDATE)
    return from_wire(await _writing.change(context, target, changes, etag=etag))


async def delete_bookmark(context: AzureServicesContext, name: str) -> None:
    """Delete a bookmark."""
    await arm(context, _DELETE, "DELETE", context.sentinel_path("bookmarks", name))


def from_wire(source: Json) -> Bookmark:
    """Make a `Bookmark` of the object that the service sends."""
    properties = _wire.section(source, "properties")
    author = _wire.section(properties, "createdBy")
    return Bookmark(
        name=_wire.name_of(source),
        id=_wire.needed(source, "id"),
        etag=_wire.text(source, "etag"),
        display_name=_wire.text(properties, "displayName") or "",
        query=_wire.text(properties, "query") or "",
        query_result=_wire.text(properties, "queryResult"),
        notes=_wire.text(properties, "notes"),
        labels=_wire.strings(properties, "labels"),
        created_by=_wire.text(author, "name") or _wire.text(author, "email"),
        created_at=_wire.moment(properties, "created"),
        modified_at=_wire.moment(properties, "updated"),
        event_at=_wire.moment(properties, "eventTime"),
        query_start=_wire.moment(properties, "queryStartTime"),
        query_end=_wire.moment(properties, "queryEndTime"),
        properties=properties,
        raw=source,
    )
