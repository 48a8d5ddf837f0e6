"""One automation rule."""

from datetime import datetime
from typing import Annotated, Any

from pydantic import Field

from sentinel_azure_clients import automation_rules
from sentinel_mcp_server._define import Answer, tool
from sentinel_mcp_server.context import Services


class AutomationRuleDetails(Answer):
    """A rule with its conditions and actions."""

    name: str
    display_name: str
    order: int | None
    enabled: bool | None
    triggers_on: str | None
    triggers_when: str | None
    expires_at: datetime | None
    modified_at: datetime | None
    actions: list[dict[str, Any]] = Field(description="In the order in which they run, as the API gives them")
    properties: dict[str, Any] = Field(description="All properties, conditions among them")
    etag: str | None


@tool(title="Get an automation rule", toolset="automation")
async def automation_rule_get(
    services: Services,
    name: Annotated[str, Field(min_length=1, max_length=200, description="Name from automation_rule_list")],
) -> AutomationRuleDetails:
    """Get one automation rule: what starts it, its conditions and what it does. For Logic Apps use playbook_list."""
    rule = await automation_rules.get_rule(services.azure, name)
    return AutomationRuleDetails(
        name=rule.name,
        display_name=rule.display_name,
        order=rule.order,
        enabled=rule.enabled,
        triggers_on=rule.triggers_on,
        triggers_when=rule.triggers_when,
        expires_at=rule.expires_at,
        modified_at=rule.modified_at,
        actions=[dict(action) for action in rule.actions],
        properties=dict(rule.properties),
        etag=rule.etag,
    )
