"""Watchlists and their items."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from sentinel_azure_clients import _wire, _writing
from sentinel_azure_clients._area import Area
from sentinel_azure_clients._call import arm
from sentinel_azure_clients._deadline import within
from sentinel_azure_clients._operation import PROVIDER
from sentinel_azure_clients._paging import Listing, collect
from sentinel_azure_clients._writing import UNCHANGED, Object, Unchanged
from sentinel_azure_clients.errors import Conflict, InvalidInput

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from sentinel_azure_clients._wire import Json
    from sentinel_azure_clients.context import AzureServicesContext

_AREA = Area("watchlists", "watchlist", "watchlists")
_LIST = _AREA.listing()
_GET = _AREA.reading()
_CREATE = _AREA.creating()
_UPDATE = _AREA.changing()
_DELETE = _AREA.deleting()
# An item has no permissions of its own.
_ITEM_AREA = Area(
    "watchlist items", "watchlist item", "watchlists/{alias}/watchlistItems", permission=f"{PROVIDER}/watchlists"
)
_ITEMS = _ITEM_AREA.listing()
_ITEM = _ITEM_AREA.reading()
_ADD = _ITEM_AREA.creating("add")
_SET = _ITEM_AREA.changing()
_REMOVE = _ITEM_AREA.deleting()


@dataclass(frozen=True, slots=True)
class Watchlist:
    """A watchlist, known by its alias. `search_key` is the column that lookups go by. Its rows are its items."""

    alias: str
    id: str
    etag: str | None
    display_name: str
    description: str | None
    provider: str | None
    source: str | None
    search_key: str | None
    item_count: int | None
    created_at: datetime | None
    modified_at: datetime | None
    properties: Json = field(repr=False)
    raw: Json = field(repr=False)


@dataclass(frozen=True, slots=True)
class WatchlistItem:
    """A row of a watchlist: `values` by column."""

    name: str
    id: str
    etag: str | None
    values: dict[str, Any]
    modified_at: datetime | None
    properties: Json = field(repr=False)
    raw: Json = field(repr=False)


async def list_watchlists(context: AzureServicesContext) -> Listing[Watchlist]:
    """Every watchlist of the workspace."""
    return await collect(context, _LIST, context.sentinel_path("watchlists"), from_wire)


async def get_watchlist(context: AzureServicesContext, alias: str) -> Watchlist:
    """The watchlist with this alias. Raises `NotFound`."""
    return from_wire(await arm(context, _GET, "GET", context.sentinel_path("watchlists", alias)))


async def create_watchlist(
    context: AzureServicesContext,
    alias: str,
    *,
    display_name: str,
    search_key: str,
    rows: Sequence[Mapping[str, Any]] = (),
    description: str | None = None,
    provider: str = "Custom",
) -> Watchlist:
    """Make a watchlist with its rows. The service takes the rows in by and by: items may be missing for a while.

    Raises `Conflict` when the alias is taken, and `InvalidInput` when the search key is no column of the rows.
    """
    columns = list(dict.fromkeys(column for row in rows for column in row)) or [search_key]
    if search_key not in columns:
        raise InvalidInput(f"The search key {search_key!r} is no column of the rows.")
    properties: dict[str, Any] = {
        "displayName": display_name,
        "itemsSearchKey": search_key,
        "provider": provider,
        "source": "Local file",
        "contentType": "text/csv",
        "numberOfLinesToSkip": 0,
        "rawContent": _csv(columns, rows),
    }
    if description is not None:
        properties["description"] = description
    target = Object(context.sentinel_path("watchlists", alias), _GET, _CREATE)
    return from_wire(await _writing.create(context, target, {"properties": properties}, given_name=True))


async def update_watchlist(
    context: AzureServicesContext,
    alias: str,
    *,
    display_name: str | Unchanged = UNCHANGED,
    description: str | Unchanged | None = UNCHANGED,
    etag: str | None = None,
) -> Watchlist:
    """Change what a watchlist is called and what is said of it; its rows and everything else stay as they are."""
    changes = _writing.settings(("properties",), display_name=display_name, description=description)
    target = Object(context.sentinel_path("watchlists", alias), _GET, _UPDATE)
    return from_wire(await _writing.change(context, target, changes, etag=etag))


async def delete_watchlist(context: AzureServicesContext, alias: str) -> None:
    """Delete a watchlist with its items. The service does it by and by."""
    await arm(context, _DELETE, "DELETE", context.sentinel_path("watchlists", alias))


async def list_items(context: AzureServicesContext, alias: str, *, most: int | None = None) -> Listing[WatchlistItem]:
    """The items of a watchlist, at most `most`."""
    path = context.sentinel_path("watchlists", alias, "watchlistItems")
    return await collect(context, _ITEMS, path, item_from_wire, most=most)


async def get_item(context: AzureServicesContext, alias: str, name: str) -> WatchlistItem:
    """One item. Raises `NotFound`."""
    return item_from_wire(await arm(context, _ITEM, "GET", _item_path(context, alias, name)))


async def add_item(
    context: AzureServicesContext, alias: str, values: Mapping[str, Any], *, name: str | None = None
) -> WatchlistItem:
    """Add a row. With a `name` (a GUID) a repetition is a `Conflict` instead of a second row."""
    if not values:
        raise InvalidInput("A watchlist item needs at least one value.")
    target = Object(_item_path(context, alias, name or _writing.new_name()), _ITEM, _ADD)
    body: Json = {"properties": {"itemsKeyValue": dict(values)}}
    return item_from_wire(await _writing.create(context, target, body, given_name=name is not None))


async def update_item(
    context: AzureServicesContext, alias: str, name: str, values: Mapping[str, Any], *, etag: str | None = None
) -> WatchlistItem:
    """Set values of a row by column; the other columns stay as they are."""
    target = Object(_item_path(context, alias, name), _ITEM, _SET)
    changes = {("properties", "itemsKeyValue", column): value for column, value in values.items()}
    return item_from_wire(await _writing.change(context, target, changes, etag=etag))


async def upsert_item(context: AzureServicesContext, alias: str, values: Mapping[str, Any]) -> WatchlistItem:
    """Set the values of the row that has the same search key, or add a row where there is none.

    Two callers that do this for a new key at the same time may both add a row: the service has no unique keys.

    Raises `InvalidInput` when the values lack the search key, `Conflict` when several rows have it, and `NotFound`
    without the watchlist.
    """
    async with within(context.config.deadline, _SET):
        key = (await get_watchlist(context, alias)).search_key or ""
        if key not in values:
            raise InvalidInput(f"The values have no {key!r}, which is the search key of the watchlist.")
        rows = await list_items(context, alias)
        found = [row for row in rows if row.values.get(key) == values[key]]
        if len(found) > 1:
            raise Conflict(
                f"The watchlist has {len(found)} rows with this {key!r}; change one by its name.", ours=values
            )
        if found:
            return await update_item(context, alias, found[0].name, values, etag=found[0].etag)
        if not rows.complete:
            raise InvalidInput(f"Whether the watchlist has this {key!r} cannot be told: {rows.note}")
        return await add_item(context, alias, values)


async def delete_item(context: AzureServicesContext, alias: str, name: str) -> None:
    """Delete a row."""
    await arm(context, _REMOVE, "DELETE", _item_path(context, alias, name))


def from_wire(source: Json) -> Watchlist:
    """Make a `Watchlist` of the object that the service sends."""
    properties = _wire.section(source, "properties")
    return Watchlist(
        alias=_wire.text(properties, "watchlistAlias") or _wire.name_of(source),
        id=_wire.needed(source, "id"),
        etag=_wire.text(source, "etag"),
        display_name=_wire.text(properties, "displayName") or "",
        description=_wire.text(properties, "description"),
        provider=_wire.text(properties, "provider"),
        source=_wire.text(properties, "source"),
        search_key=_wire.text(properties, "itemsSearchKey"),
        item_count=_wire.whole(properties, "watchlistItemsCount"),
        created_at=_wire.moment(properties, "created"),
        modified_at=_wire.moment(properties, "updated"),
        properties=properties,
        raw=source,
    )


def item_from_wire(source: Json) -> WatchlistItem:
    """Make a `WatchlistItem` of the object that the service sends."""
    properties = _wire.section(source, "properties")
    return WatchlistItem(
        name=_wire.name_of(source),
        id=_wire.needed(source, "id"),
        etag=_wire.text(source, "etag"),
        values=_wire.section(properties, "itemsKeyValue"),
        modified_at=_wire.moment(properties, "updated"),
        properties=properties,
        raw=source,
    )


def _item_path(context: AzureServicesContext, alias: str, name: str) -> str:
    return context.sentinel_path("watchlists", alias, "watchlistItems", name)


def _csv(columns: list[str], rows: Sequence[Mapping[str, Any]]) -> str:
    text = io.StringIO()
    writer = csv.DictWriter(text, columns, restval="", lineterminator="\r\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()
