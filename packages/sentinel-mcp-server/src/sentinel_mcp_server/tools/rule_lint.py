"""Check an analytic rule: its query, and the rule around it."""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from sentinel_azure_clients import AlertRule, alert_rules
from sentinel_kql_validator.content import ContentQuery, PlacedText, check_rule
from sentinel_mcp_server._define import Answer, tool
from sentinel_mcp_server.context import Services
from sentinel_mcp_server.errors import Refused
from sentinel_mcp_server.query_check import QueryDiagnostic, check_query, diagnostic_text


class RuleRemark(BaseModel):
    """A remark about the rule around the query."""

    model_config = ConfigDict(frozen=True)

    code: str
    severity: Literal["error", "warning"]
    field: str = Field(description="Field of the rule that it is about")
    message: str


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
        lines += [f"rule: {remark.severity} {remark.code} {remark.field}: {remark.message}" for remark in self.rule]
        return "\n".join(lines if len(lines) > 1 else [*lines, "nothing to remark"])


@tool(title="Check an analytic rule", toolset="rule", untrusted=False)
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
    checked = await check_query(services, rule.query)
    content = ContentQuery(PlacedText.whole(rule.query), "analytic rule", rule.display_name, _fields(rule))
    return RuleLint(
        name=rule.name,
        display_name=rule.display_name,
        verdict=checked.result.verdict,
        reason=checked.result.reason,
        query=[QueryDiagnostic.of(diagnostic) for diagnostic in checked.result.diagnostics],
        rule=[
            RuleRemark(code=finding.code, severity=finding.severity, field=finding.field, message=finding.message)
            for finding in check_rule(content, checked.result.facts, services.now())
        ],
    )


def _fields(rule: AlertRule) -> dict[str, Any]:
    """The API's properties under the names that rules have in files."""
    return {
        **rule.properties,
        "kind": rule.kind,
        "name": rule.display_name,
        "relevantTechniques": list(rule.techniques),
    }
