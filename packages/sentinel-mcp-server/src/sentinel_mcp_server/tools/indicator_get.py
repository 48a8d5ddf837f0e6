"""One threat intelligence indicator."""

from datetime import datetime
from typing import Annotated

from pydantic import Field

from sentinel_azure_clients import threat_intelligence
from sentinel_mcp_server._define import Answer, tool
from sentinel_mcp_server.context import Services


class IndicatorDetails(Answer):
    """An indicator with all that is known of it."""

    name: str
    display_name: str
    description: str | None
    pattern: str | None = Field(description="STIX pattern")
    pattern_type: str | None
    source: str | None
    confidence: int | None
    revoked: bool | None
    threat_types: list[str]
    tags: list[str]
    valid_from: datetime | None
    valid_until: datetime | None
    created_at: datetime | None
    modified_at: datetime | None


@tool(title="Get an indicator", toolset="threat_intelligence")
async def indicator_get(
    services: Services,
    name: Annotated[str, Field(min_length=1, max_length=200, description="Name from indicator_search")],
) -> IndicatorDetails:
    """Get one indicator of the workspace's threat intelligence. To find one by its value use indicator_search."""
    indicator = await threat_intelligence.get_indicator(services.azure, name)
    return IndicatorDetails(
        name=indicator.name,
        display_name=indicator.display_name,
        description=indicator.description,
        pattern=indicator.pattern,
        pattern_type=indicator.pattern_type,
        source=indicator.source,
        confidence=indicator.confidence,
        revoked=indicator.revoked,
        threat_types=list(indicator.threat_types),
        tags=list(indicator.tags),
        valid_from=indicator.valid_from,
        valid_until=indicator.valid_until,
        created_at=indicator.created_at,
        modified_at=indicator.modified_at,
    )
