"""Items of a watchlist."""

from datetime import datetime
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field

from sentinel_azure_clients import watchlists
from sentinel_mcp_server._define import tool
from sentinel_mcp_server.context import Services
from sentinel_mcp_server.listing import Limit, ListAnswer
from sentinel_mcp_server.trust import inline


class WatchlistItemSummary(BaseModel):
    """An item with its values."""

    model_config = ConfigDict(frozen=True)

    name: str
    values: dict[str, Any]
    modified_at: datetime | None


class WatchlistItemList(ListAnswer):
    """Items of one watchlist."""

    items: list[WatchlistItemSummary]

    def body(self) -> str:
        """One item a line."""
        return "\n".join(
            ", ".join(f"{inline(key)}={inline(str(value))}" for key, value in item.values.items())
            for item in self.items
        )


@tool(title="List watchlist items", toolset="watchlist")
async def watchlist_item_list(
    services: Services,
    alias: Annotated[str, Field(min_length=1, max_length=200, description="Alias from watchlist_list")],
    limit: Limit = 100,
) -> WatchlistItemList:
    """List the items of a watchlist. To match them with logs use query_run with _GetWatchlist('alias')."""
    listing = await watchlists.list_items(services.azure, alias, most=limit)
    return WatchlistItemList(
        items=[
            WatchlistItemSummary(name=item.name, values=dict(item.values), modified_at=item.modified_at)
            for item in listing
        ],
        matched=len(listing),
        shown=len(listing),
        note=None if listing.complete else listing.note,
    )
