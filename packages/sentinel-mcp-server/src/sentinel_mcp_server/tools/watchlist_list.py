"""Watchlists."""

from pydantic import BaseModel, ConfigDict, Field

from sentinel_azure_clients import watchlists
from sentinel_mcp_server._define import tool
from sentinel_mcp_server.context import Services
from sentinel_mcp_server.listing import Limit, ListAnswer, NameContains, narrow


class WatchlistSummary(BaseModel):
    """A watchlist in one line."""

    model_config = ConfigDict(frozen=True)

    alias: str = Field(description="What KQL calls it: _GetWatchlist('alias')")
    display_name: str
    description: str | None
    search_key: str | None = Field(description="Column to join on")
    item_count: int | None


class WatchlistList(ListAnswer):
    """Watchlists, by their aliases."""

    watchlists: list[WatchlistSummary]

    def body(self) -> str:
        """One watchlist a line."""
        return "\n".join(
            f"{w.alias}\t{w.display_name}\tkey {w.search_key or '?'}\t{w.description or ''}" for w in self.watchlists
        )


@tool(title="List watchlists", toolset="watchlist")
async def watchlist_list(services: Services, name_contains: NameContains = None, limit: Limit = 100) -> WatchlistList:
    """List the watchlists of the workspace. For what is in one use watchlist_item_list."""
    found = narrow(await watchlists.list_watchlists(services.azure), lambda w: w.alias, name_contains, limit)
    return WatchlistList(
        watchlists=[
            WatchlistSummary(
                alias=watchlist.alias,
                display_name=watchlist.display_name,
                description=watchlist.description,
                search_key=watchlist.search_key,
                item_count=watchlist.item_count,
            )
            for watchlist in found.items
        ],
        matched=found.matched,
        shown=len(found.items),
        note=found.note,
    )
