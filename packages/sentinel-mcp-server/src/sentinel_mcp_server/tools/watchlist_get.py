"""One watchlist."""

from datetime import datetime
from typing import Annotated

from pydantic import Field

from sentinel_azure_clients import watchlists
from sentinel_mcp_server._define import Answer, tool
from sentinel_mcp_server.context import Services


class WatchlistDetails(Answer):
    """A watchlist without its items."""

    alias: str
    display_name: str
    description: str | None
    provider: str | None
    source: str | None
    search_key: str | None = Field(description="Column that lookups go by")
    created_at: datetime | None
    modified_at: datetime | None
    etag: str | None


@tool(title="Get a watchlist", toolset="watchlist")
async def watchlist_get(
    services: Services,
    alias: Annotated[str, Field(min_length=1, max_length=200, description="Alias from watchlist_list")],
) -> WatchlistDetails:
    """Get one watchlist: its search key, source and age. For what is in it use watchlist_item_list."""
    found = await watchlists.get_watchlist(services.azure, alias)
    return WatchlistDetails(
        alias=found.alias,
        display_name=found.display_name,
        description=found.description,
        provider=found.provider,
        source=found.source,
        search_key=found.search_key,
        created_at=found.created_at,
        modified_at=found.modified_at,
        etag=found.etag,
    )
