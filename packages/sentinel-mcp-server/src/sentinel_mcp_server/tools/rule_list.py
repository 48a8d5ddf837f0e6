"""Analytic rules."""

from pydantic import BaseModel, ConfigDict, Field

from sentinel_azure_clients import alert_rules
from sentinel_mcp_server._define import tool
from sentinel_mcp_server.context import Services
from sentinel_mcp_server.listing import Limit, ListAnswer, NameContains, narrow


class RuleSummary(BaseModel):
    """A rule in one line."""

    model_config = ConfigDict(frozen=True)

    name: str = Field(description="Name to give to rule_get")
    display_name: str
    kind: str = Field(description="Scheduled, NRT, Fusion, MicrosoftSecurityIncidentCreation, ...")
    enabled: bool | None
    severity: str | None
    tactics: list[str]


class RuleList(ListAnswer):
    """Rules, by their display names."""

    rules: list[RuleSummary]

    def body(self) -> str:
        """One rule a line."""
        return "\n".join(
            f"{'on' if rule.enabled else 'off'}\t{rule.kind}\t{rule.severity or ''}\t{rule.display_name}\t"
            f"{', '.join(rule.tactics)}\t{rule.name}"
            for rule in self.rules
        )


@tool(title="List analytic rules", toolset="rule")
async def rule_list(services: Services, name_contains: NameContains = None, limit: Limit = 100) -> RuleList:
    """List the analytic rules of the workspace, of every kind, on or off. For the query and settings use rule_get."""
    found = narrow(await alert_rules.list_rules(services.azure), lambda rule: rule.display_name, name_contains, limit)
    return RuleList(
        rules=[
            RuleSummary(
                name=rule.name,
                display_name=rule.display_name,
                kind=rule.kind,
                enabled=rule.enabled,
                severity=rule.severity,
                tactics=list(rule.tactics),
            )
            for rule in found.items
        ],
        matched=found.matched,
        shown=len(found.items),
        note=found.note,
    )
