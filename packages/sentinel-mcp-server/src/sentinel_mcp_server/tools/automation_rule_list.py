"""Automation rules."""

from datetime import datetime

from pydantic import BaseModel, ConfigDict, Field

from sentinel_azure_clients import automation_rules
from sentinel_mcp_server._define import tool
from sentinel_mcp_server.context import Services
from sentinel_mcp_server.listing import Limit, ListAnswer, NameContains, narrow


class AutomationRuleSummary(BaseModel):
    """An automation rule in one line."""

    model_config = ConfigDict(frozen=True)

    name: str
    display_name: str
    order: int | None = Field(description="Rules run from the lowest")
    enabled: bool | None
    triggers_on: str | None
    triggers_when: str | None
    action_count: int
    expires_at: datetime | None


class AutomationRuleList(ListAnswer):
    """Automation rules, by their display names."""

    rules: list[AutomationRuleSummary]

    def body(self) -> str:
        """One rule a line."""
        return "\n".join(
            f"{r.order}\t{'on' if r.enabled else 'off'}\t{r.display_name}\t{r.triggers_on} {r.triggers_when}\t"
            f"{r.action_count} actions"
            for r in self.rules
        )


@tool(title="List automation rules", toolset="automation")
async def automation_rule_list(
    services: Services, name_contains: NameContains = None, limit: Limit = 100
) -> AutomationRuleList:
    """List the automation rules: what runs by itself when incidents or alerts appear or change.

    Not for rules that raise alerts: use rule_list.
    """
    listing = await automation_rules.list_rules(services.azure)
    found = narrow(listing, lambda rule: rule.display_name, name_contains, limit)
    return AutomationRuleList(
        rules=[
            AutomationRuleSummary(
                name=rule.name,
                display_name=rule.display_name,
                order=rule.order,
                enabled=rule.enabled,
                triggers_on=rule.triggers_on,
                triggers_when=rule.triggers_when,
                action_count=len(rule.actions),
                expires_at=rule.expires_at,
            )
            for rule in found.items
        ],
        matched=found.matched,
        shown=len(found.items),
        note=found.note,
    )
