"""Take a row out of a watchlist."""

from typing import Annotated, Any

from pydantic import Field

from sentinel_azure_clients import Conflict, watchlists
from sentinel_mcp_server._define import write_tool
from sentinel_mcp_server.context import Services
from sentinel_mcp_server.errors import Refused
from sentinel_mcp_server.investigations.watchlist_rows import read_rows
from sentinel_mcp_server.plans import Change, Plan
from sentinel_mcp_server.writing import ConfirmationToken, DespiteSuspicions, WriteAnswer, plan_or_apply


@write_tool(title="Delete a watchlist item", toolset="watchlist")
async def watchlist_item_delete(
    services: Services,
    alias: Annotated[str, Field(min_length=1, max_length=200, description="Alias from watchlist_list")],
    item: Annotated[
        str, Field(min_length=1, max_length=500, description="Name of the item, or its value in the search key")
    ],
    confirmation_token: ConfirmationToken = None,
    despite_suspicions: DespiteSuspicions = False,
) -> WriteAnswer:
    """Delete one item of a watchlist: first a plan, then the same call with its token.

    Not for changing an item: use watchlist_item_upsert.
    """

    async def make_plan() -> Plan:
        rows = await read_rows(services.azure, alias)
        found = rows.find(item)
        if found is None:
            raise Refused(f"There is no item {item[:80]!r} in {rows.watchlist.alias}.")

        async def apply() -> str | None:
            # The API deletes whatever is there, so what is there is read once more.
            now = await watchlists.get_item(services.azure, rows.watchlist.alias, found.name)
            if now.etag != found.etag:
                raise Conflict("The item changed after the plan was made, so it was not deleted")
            await watchlists.delete_item(services.azure, rows.watchlist.alias, found.name)
            return None

        changes = tuple(Change(field=column, before=value, after=None) for column, value in found.values.items())
        again = {column: str(value) for column, value in found.values.items()}
        undo = f"watchlist_item_upsert with alias={rows.watchlist.alias!r}, values={again!r}"
        return Plan(f"item {found.name} of watchlist {rows.watchlist.alias}", changes, undo, apply)

    arguments: dict[str, Any] = {"alias": alias, "item": item}
    return await plan_or_apply(
        services, "watchlist_item_delete", arguments, (confirmation_token, despite_suspicions), make_plan
    )
