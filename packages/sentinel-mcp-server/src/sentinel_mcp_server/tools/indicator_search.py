"""Threat intelligence indicators."""

from datetime import datetime
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from sentinel_azure_clients import threat_intelligence
from sentinel_mcp_server._define import tool
from sentinel_mcp_server.context import Services
from sentinel_mcp_server.listing import Limit, ListAnswer
from sentinel_mcp_server.trust import inline


class IndicatorSummary(BaseModel):
    """An indicator in one line."""

    model_config = ConfigDict(frozen=True)

    name: str
    display_name: str
    pattern: str | None = Field(description="STIX pattern")
    source: str | None
    confidence: int | None
    revoked: bool | None
    threat_types: list[str]
    valid_until: datetime | None


class IndicatorList(ListAnswer):
    """Indicators that match."""

    indicators: list[IndicatorSummary]

    def body(self) -> str:
        """One indicator a line."""
        return "\n".join(
            f"{inline(i.pattern or i.display_name)}\t{inline(i.source or '')}\tconfidence {i.confidence}\t"
            f"{', '.join(map(inline, i.threat_types))}"
            for i in self.indicators
        )


@tool(title="Search indicators", toolset="threat_intelligence")
async def indicator_search(
    services: Services,
    keywords: Annotated[list[str] | None, Field(max_length=20, description="Values or words; any of them")] = None,
    min_confidence: Annotated[int | None, Field(ge=0, le=100, description="Lowest confidence")] = None,
    limit: Limit = 50,
) -> IndicatorList:
    """Search the workspace's threat intelligence for addresses, domains, hashes or words.

    To match indicators with logs use query_run on ThreatIntelIndicators.
    """
    listing = await threat_intelligence.query_indicators(
        services.azure, keywords=tuple(keywords or ()), min_confidence=min_confidence, most=limit
    )
    return IndicatorList(
        indicators=[
            IndicatorSummary(
                name=indicator.name,
                display_name=indicator.display_name,
                pattern=indicator.pattern,
                source=indicator.source,
                confidence=indicator.confidence,
                revoked=indicator.revoked,
                threat_types=list(indicator.threat_types),
                valid_until=indicator.valid_until,
            )
            for indicator in listing
        ],
        matched=len(listing),
        shown=len(listing),
        note=None if listing.complete else listing.note,
    )
