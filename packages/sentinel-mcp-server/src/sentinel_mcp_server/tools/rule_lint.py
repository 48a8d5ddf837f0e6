"""Check an analytic rule: its query, and the rule around it."""

from typing import Annotated, Literal

from pydantic import Field

from sentinel_azure_clients import alert_rules
from sentinel_mcp_server._define import Answer, tool
from sentinel_mcp_server.context import Services
from sentinel_mcp_server.errors import Refused
from sentinel_mcp_server.query_check import QueryDiagnostic, diagnostic_text
from sentinel_mcp_server.rule_check import RuleRemark, check_whole_rule


class RuleLint(Answer):
    """What the analyser says of the query, and what the checks say of the rule."""

    name: str
    display_name: str
    verdict: Literal["valid", "invalid", "unknown"] = Field(description="Of the query, against this workspace")
    reason: str | None = Field(description="Why the verdict is unknown")
    query: list[QueryDiagnostic]
    rule: list[RuleRemark]

    def body(self) -> str:
        """The verdict, then one remark a line."""
        lines = [f"{self.display_name}: query {self.verdict}" + (f" ({self.reason})" if self.reason else "")]
        lines += [f"query: {diagnostic_text(diagnostic)}" for diagnostic in self.query]
        lines += [f"rule: {remark.told()}" for remark in self.rule]
        return "\n".join(lines if len(lines) > 1 else [*lines, "nothing to remark"])


@tool(title="Check an analytic rule", toolset="rule")
async def rule_lint(
    services: Services,
    name: Annotated[str, Field(min_length=1, max_length=200, description="Name from rule_list")],
) -> RuleLint:
    """Check an analytic rule without running it.

    Its query against this workspace's schema; frequency and period against the query's own window; entity mappings
    against its columns; tactics, techniques and required fields. For the rule itself use rule_get.
    """
    rule = await alert_rules.get_rule(services.azure, name)
    if not rule.query:
        raise Refused(f"The rule {rule.display_name!r} is of the kind {rule.kind}, which has no query to check.")
    checked = await check_whole_rule(services, rule.kind, rule.properties)
    result = checked.query.result
    return RuleLint(
        name=rule.name,
        display_name=rule.display_name,
        verdict=result.verdict,
        reason=result.reason,
        query=[QueryDiagnostic.of(diagnostic) for diagnostic in result.diagnostics],
        rule=list(checked.remarks),
    )
