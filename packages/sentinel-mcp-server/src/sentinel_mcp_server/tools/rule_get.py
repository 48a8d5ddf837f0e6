"""One analytic rule."""

from datetime import datetime
from typing import Annotated, Any

from pydantic import Field

from sentinel_azure_clients import alert_rules
from sentinel_mcp_server._define import Answer, tool
from sentinel_mcp_server.context import Services


class RuleDetails(Answer):
    """A rule with its query and everything else that the API gives of it."""

    name: str
    display_name: str
    kind: str
    enabled: bool | None
    severity: str | None
    description: str | None
    query: str | None
    query_frequency: str | None = Field(description="How often it runs, ISO 8601")
    query_period: str | None = Field(description="How far back it looks, ISO 8601")
    trigger: str | None = Field(description="When it raises an alert")
    tactics: list[str]
    techniques: list[str]
    template_name: str | None
    modified_at: datetime | None
    etag: str | None
    properties: dict[str, Any] = Field(description="All properties, as the API gives them")


@tool(title="Get an analytic rule", toolset="rule")
async def rule_get(
    services: Services,
    name: Annotated[str, Field(min_length=1, max_length=200, description="Name from rule_list")],
) -> RuleDetails:
    """Get one analytic rule: its query, schedule, trigger, tactics, entity mappings and template.

    For what is wrong with it use rule_lint, for what it would raise rule_backtest.
    """
    rule = await alert_rules.get_rule(services.azure, name)
    trigger = None if rule.trigger_operator is None else f"{rule.trigger_operator} {rule.trigger_threshold}"
    return RuleDetails(
        name=rule.name,
        display_name=rule.display_name,
        kind=rule.kind,
        enabled=rule.enabled,
        severity=rule.severity,
        description=rule.description,
        query=rule.query,
        query_frequency=rule.query_frequency,
        query_period=rule.query_period,
        trigger=trigger,
        tactics=list(rule.tactics),
        techniques=list(rule.techniques),
        template_name=rule.template_name,
        modified_at=rule.modified_at,
        etag=rule.etag,
        properties=dict(rule.properties),
    )
