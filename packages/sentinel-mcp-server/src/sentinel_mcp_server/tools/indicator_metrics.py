"""How many threat intelligence indicators there are."""

from datetime import datetime

from sentinel_azure_clients import threat_intelligence
from sentinel_mcp_server._define import Answer, tool
from sentinel_mcp_server.context import Services


class IndicatorMetricsAnswer(Answer):
    """Counts of indicators."""

    by_source: dict[str, int]
    by_pattern: dict[str, int]
    by_threat: dict[str, int]
    updated_at: datetime | None


@tool(title="Count indicators", toolset="threat_intelligence")
async def indicator_metrics(services: Services) -> IndicatorMetricsAnswer:
    """Count the workspace's indicators by source, pattern type and threat type. To find one use indicator_search."""
    metrics = await threat_intelligence.get_metrics(services.azure)
    return IndicatorMetricsAnswer(
        by_source=dict(metrics.by_source),
        by_pattern=dict(metrics.by_pattern),
        by_threat=dict(metrics.by_threat),
        updated_at=metrics.updated_at,
    )
