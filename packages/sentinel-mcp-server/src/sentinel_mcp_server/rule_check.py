"""Check a whole analytic rule: its query against the workspace, and the rule around it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from sentinel_kql_validator.content import ContentQuery, PlacedText, check_rule
from sentinel_mcp_server.context import Services
from sentinel_mcp_server.errors import Refused
from sentinel_mcp_server.query_check import CheckedQuery, QueryDiagnostic, check_query, diagnostic_text


class RuleRemark(BaseModel):
    """A remark about the rule around the query."""

    model_config = ConfigDict(frozen=True)

    code: str
    severity: Literal["error", "warning"]
    field: str = Field(description="Field of the rule that it is about")
    message: str

    def told(self) -> str:
        """The remark in a line."""
        return f"{self.severity} {self.code} {self.field}: {self.message}"


@dataclass(frozen=True, slots=True)
class CheckedRule:
    """What the analyser says of the query, and the checks of the rule."""

    query: CheckedQuery
    remarks: tuple[RuleRemark, ...]

    @property
    def faults(self) -> list[str]:
        """Why the rule cannot work or may not run: the policy's refusals and every error, a line each."""
        wrong = [QueryDiagnostic.of(d) for d in self.query.result.diagnostics if d.severity == "error"]
        lines = [*self.query.refusals]
        if self.query.result.verdict == "invalid":
            lines += [f"query: {diagnostic_text(diagnostic)}" for diagnostic in wrong]
        return lines + [f"rule: {remark.told()}" for remark in self.remarks if remark.severity == "error"]

    @property
    def findings(self) -> list[str]:
        """What does not stop the rule and is worth a line, with what could not be checked."""
        lines = [f"query: {diagnostic_text(warning)}" for warning in self.query.warnings]
        if self.query.result.verdict == "unknown":
            lines.append(f"The query could not be checked: {self.query.result.reason}")
        if self.query.schema.why_not_live:
            lines.append(f"Checked against the built-in schema: {self.query.schema.why_not_live}")
        return lines + [f"rule: {remark.told()}" for remark in self.remarks if remark.severity == "warning"]


async def check_whole_rule(services: Services, kind: str, properties: Mapping[str, Any]) -> CheckedRule:
    """Check a rule, given by its kind and its properties as the API names them.

    Raises:
        Refused: it has no query, or one that is longer than the settings allow.
    """
    query = str(properties.get("query") or "")
    checked = await check_query(services, query)
    name = str(properties.get("displayName") or "")
    # The API's properties under the names that rules have in files.
    fields: dict[str, Any] = {
        **properties,
        "kind": kind,
        "name": name,
        "relevantTechniques": properties.get("techniques") or [],
    }
    content = ContentQuery(PlacedText.whole(query), "analytic rule", name, fields)
    return CheckedRule(
        checked,
        tuple(
            RuleRemark(code=finding.code, severity=finding.severity, field=finding.field, message=finding.message)
            for finding in check_rule(content, checked.result.facts, services.now())
        ),
    )


def refuse_faulty(checked: CheckedRule) -> None:
    """Stop a rule that cannot work.

    Raises:
        Refused: the policy forbids its query, or the checks found errors; each is named.
    """
    if checked.faults:
        raise Refused("Nothing was planned or written, because of what is wrong:\n" + "\n".join(checked.faults))
