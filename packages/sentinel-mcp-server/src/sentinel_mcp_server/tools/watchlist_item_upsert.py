"""Put a row into a watchlist."""

from typing import Annotated, Any
from uuid import uuid4

from pydantic import Field

from sentinel_azure_clients import WatchlistItem, watchlists
from sentinel_mcp_server._define import write_tool
from sentinel_mcp_server.context import Services
from sentinel_mcp_server.errors import Refused
from sentinel_mcp_server.investigations.watchlist_rows import Rows, read_rows
from sentinel_mcp_server.plans import Change, Plan, made
from sentinel_mcp_server.writing import ConfirmationToken, DespiteSuspicions, WriteAnswer, plan_or_apply


@write_tool(title="Add or change a watchlist item", toolset="watchlist")
async def watchlist_item_upsert(
    services: Services,
    alias: Annotated[str, Field(min_length=1, max_length=200, description="Alias from watchlist_list")],
    values: Annotated[dict[str, str], Field(min_length=1, description="Values by column; others stay as they are")],
    item: Annotated[
        str | None,
        Field(min_length=1, max_length=500, description="Name or search key of the item to change; else by values"),
    ] = None,
    confirmation_token: ConfirmationToken = None,
    despite_suspicions: DespiteSuspicions = False,
) -> WriteAnswer:
    """Add an item to a watchlist, or change the one with the same search key: first a plan, then its token.

    Rules that read the watchlist see it minutes later. Not for indicators of attack: use indicator_create.
    """

    async def make_plan() -> Plan:
        rows = await read_rows(services.azure, alias)
        found = _meant(rows, item, values)
        return _addition(services, rows, values) if found is None else _change(services, rows, found, values)

    arguments: dict[str, Any] = {"alias": alias, "values": values, "item": item}
    return await plan_or_apply(
        services, "watchlist_item_upsert", arguments, (confirmation_token, despite_suspicions), make_plan
    )


def _meant(rows: Rows, item: str | None, values: dict[str, str]) -> WatchlistItem | None:
    alias, key = rows.watchlist.alias, rows.watchlist.search_key
    if item is not None:
        if (found := rows.find(item)) is None:
            raise Refused(f"There is no item {item[:80]!r} in {alias}; leave item out to add one.")
        return found
    if key and not values.get(key):
        raise Refused(f"The values have no {key}, which is the search key of {alias}; give it, or name the item.")
    return rows.find(values[key]) if key else None


def _addition(services: Services, rows: Rows, values: dict[str, str]) -> Plan:
    # The item's id is part of the plan: applying it twice cannot make two items.
    name = str(uuid4())
    alias = rows.watchlist.alias

    async def apply() -> str | None:
        return (await watchlists.add_item(services.azure, alias, values, name=name)).etag

    undo = f"watchlist_item_delete with alias={alias!r}, item={name!r}"
    return Plan(f"new item {name} of watchlist {alias}", made(**values), undo, apply, _new_columns(rows, values))


def _change(services: Services, rows: Rows, found: WatchlistItem, values: dict[str, str]) -> Plan:
    alias = rows.watchlist.alias
    changed = {column: value for column, value in values.items() if found.values.get(column) != value}
    before = {column: str(found.values.get(column, "")) for column in changed}

    async def apply() -> str | None:
        return (await watchlists.update_item(services.azure, alias, found.name, changed, etag=found.etag)).etag

    changes = tuple(
        Change(field=column, before=found.values.get(column), after=value) for column, value in changed.items()
    )
    undo = f"watchlist_item_upsert with alias={alias!r}, item={found.name!r}, values={before!r}"
    return Plan(f"item {found.name} of watchlist {alias}", changes, undo, apply, _new_columns(rows, changed))


def _new_columns(rows: Rows, values: dict[str, str]) -> tuple[str, ...]:
    new = sorted(set(values) - rows.columns) if len(rows.items) else []
    if not new:
        return ()
    return (f"No other item has {', '.join(new)}: check the spelling ({', '.join(sorted(rows.columns))}).",)
