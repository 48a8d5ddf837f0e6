"""Make a threat intelligence indicator."""

from datetime import timedelta
from typing import Annotated, Any

from pydantic import Field

from sentinel_azure_clients import AzureServicesContext, Conflict, threat_intelligence
from sentinel_mcp_server._define import write_tool
from sentinel_mcp_server.context import Services
from sentinel_mcp_server.errors import Refused
from sentinel_mcp_server.plans import Plan, made
from sentinel_mcp_server.stix_text import IndicatorKind, pattern_of
from sentinel_mcp_server.writing import ConfirmationToken, DespiteSuspicions, WriteAnswer, plan_or_apply

_SOURCE = "Sentinel MCP server"


@write_tool(title="Create an indicator", toolset="threat_intelligence")
async def indicator_create(
    services: Services,
    kind: Annotated[IndicatorKind, Field(description="What the value is; hash: MD5, SHA-1 or SHA-256")],
    value: Annotated[str, Field(min_length=1, max_length=2000, description="One address, domain, URL or hash")],
    title: Annotated[str, Field(min_length=1, max_length=200, description="What it is, in a line")],
    confidence: Annotated[int, Field(ge=0, le=100, description="How sure it is, in percent")],
    description: Annotated[str | None, Field(max_length=3000, description="Where it was seen, with evidence")] = None,
    threat_types: Annotated[list[str] | None, Field(max_length=10, description="Default: malicious-activity")] = None,
    tags: Annotated[list[str] | None, Field(max_length=20, description="Tags")] = None,
    valid_days: Annotated[int, Field(ge=1, le=3650, description="Days from now until it expires")] = 30,
    confirmation_token: ConfirmationToken = None,
    despite_suspicions: DespiteSuspicions = False,
) -> WriteAnswer:
    """Create an indicator that rules match with logs: first a plan, then the same call with its token.

    Not for the organisation's own addresses or for allow lists: use watchlist_item_upsert.
    """
    pattern_type, pattern = pattern_of(kind, value)
    threats = threat_types or ["malicious-activity"]

    async def make_plan() -> Plan:
        if (there := await _same(services.azure, pattern, pattern_type)) is not None:
            raise Refused(f"There is such an indicator already: {there}; indicator_get shows it.")
        begins = services.now()
        ends = begins + timedelta(days=valid_days)

        async def apply() -> str | None:
            # The service chooses the name, so a repetition is recognised by the pattern.
            if (there := await _same(services.azure, pattern, pattern_type)) is not None:
                raise Conflict(f"An indicator with this pattern was made in between ({there}), so none was made")
            created = await threat_intelligence.create_indicator(
                services.azure,
                display_name=title,
                pattern=pattern,
                pattern_type=pattern_type,
                source=_SOURCE,
                threat_types=threats,
                valid_from=begins,
                valid_until=ends,
                description=description,
                confidence=confidence,
                tags=tags or (),
            )
            return created.etag

        changes = made(
            pattern=pattern,
            title=title,
            confidence=confidence,
            description=description,
            threat_types=threats,
            tags=tags,
            valid_until=ends.isoformat(timespec="seconds"),
            source=_SOURCE,
        )
        note = "The service chooses its name; indicator_search with the value finds it."
        undo = f"delete the indicator with the pattern {pattern} in the portal; it expires after {valid_days} days"
        return Plan(f"new indicator {pattern}", changes, undo, apply, (note,))

    arguments: dict[str, Any] = {
        "kind": kind,
        "value": value,
        "title": title,
        "confidence": confidence,
        "description": description,
        "threat_types": threat_types,
        "tags": tags,
        "valid_days": valid_days,
    }
    return await plan_or_apply(
        services, "indicator_create", arguments, (confirmation_token, despite_suspicions), make_plan
    )


async def _same(azure: AzureServicesContext, pattern: str, pattern_type: str) -> str | None:
    """The name of our own indicator with this pattern."""
    listing = await threat_intelligence.query_indicators(
        azure, pattern_types=(pattern_type,), sources=(_SOURCE,), include_disabled=True
    )
    for indicator in listing:
        if indicator.pattern == pattern:
            return indicator.name
    if not listing.complete:
        raise Refused(
            f"Not all indicators could be looked at, so whether this one is there is not known: {listing.note}"
        )
    return None
