"""One saved hunting query."""

from typing import Annotated

from pydantic import Field

from sentinel_azure_clients import saved_searches
from sentinel_mcp_server._define import Answer, tool
from sentinel_mcp_server.context import Services


class HuntingQueryDetails(Answer):
    """A saved query with its text."""

    name: str
    display_name: str
    category: str
    query: str
    tags: dict[str, str]
    function_alias: str | None = Field(description="Name under which queries call it, if it is a function")
    etag: str | None


@tool(title="Get a hunting query", toolset="hunting")
async def hunting_query_get(
    services: Services,
    name: Annotated[str, Field(min_length=1, max_length=200, description="Name from hunting_query_list")],
) -> HuntingQueryDetails:
    """Get the KQL of one saved hunting query; run it with query_run."""
    search = await saved_searches.get_search(services.azure, name)
    return HuntingQueryDetails(
        name=search.name,
        display_name=search.display_name,
        category=search.category,
        query=search.query,
        tags=dict(search.tags),
        function_alias=search.function_alias,
        etag=search.etag,
    )
