"""Saved hunting queries."""

from pydantic import BaseModel, ConfigDict, Field

from sentinel_azure_clients import saved_searches
from sentinel_mcp_server._define import tool
from sentinel_mcp_server.context import Services
from sentinel_mcp_server.listing import Limit, ListAnswer, NameContains, narrow


class HuntingQuerySummary(BaseModel):
    """A hunting query in one line."""

    model_config = ConfigDict(frozen=True)

    name: str = Field(description="Name to give to hunting_query_get")
    display_name: str
    tags: dict[str, str] = Field(description="Description, tactics and techniques, as saved")


class HuntingQueryList(ListAnswer):
    """Hunting queries, by their display names."""

    queries: list[HuntingQuerySummary]

    def body(self) -> str:
        """One query a line."""
        return "\n".join(f"{q.display_name}\t{q.tags.get('tactics', '')}\t{q.name}" for q in self.queries)


@tool(title="List hunting queries", toolset="hunting")
async def hunting_query_list(
    services: Services, name_contains: NameContains = None, limit: Limit = 100
) -> HuntingQueryList:
    """List the hunting queries that are saved in the workspace. For ready-made ones of this server use docs_search."""
    listing = await saved_searches.list_hunting_queries(services.azure)
    found = narrow(listing, lambda search: search.display_name, name_contains, limit)
    return HuntingQueryList(
        queries=[
            HuntingQuerySummary(name=search.name, display_name=search.display_name, tags=dict(search.tags))
            for search in found.items
        ],
        matched=found.matched,
        shown=len(found.items),
        note=found.note,
    )
