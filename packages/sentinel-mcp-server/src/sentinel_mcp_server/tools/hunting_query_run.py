"""Run a saved hunting query."""

from typing import Annotated, cast

from pydantic import Field

from sentinel_azure_clients import saved_searches
from sentinel_mcp_server._define import tool
from sentinel_mcp_server.context import Services
from sentinel_mcp_server.tools.query_run import QueryAnswer, query_run


@tool(title="Run a hunting query", toolset="hunting", timeout=660.0)
async def hunting_query_run(
    services: Services,
    name: Annotated[str, Field(min_length=1, max_length=200, description="Name from hunting_query_list")],
    timespan: Annotated[str | None, Field(description="Window to search, as for query_run")] = None,
    max_rows: Annotated[int, Field(ge=1, le=10_000, description="Most rows to show")] = 100,
) -> QueryAnswer:
    """Run one saved hunting query as it stands. To change it first use hunting_query_get, then query_run."""
    search = await saved_searches.get_search(services.azure, name)
    answer = await query_run.function(services, query=search.query, timespan=timespan, max_rows=max_rows)
    return cast("QueryAnswer", answer)
