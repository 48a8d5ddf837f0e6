"""Check a query before it runs: the analyser's verdict, and what the policy says."""

from dataclasses import dataclass, replace
from typing import Literal, Self

from pydantic import BaseModel, ConfigDict, Field

from sentinel_kql_validator import Diagnostic, Result
from sentinel_mcp_server.context import Services
from sentinel_mcp_server.errors import Refused
from sentinel_mcp_server.query_policy import refusals
from sentinel_mcp_server.schema import CheckedAgainst

_SUGGESTIONS_SHOWN = 3
_UNKNOWN_NAME = frozenset({"KS142", "KS204", "KS211"})
"""The analyser's codes for a column or variable, a table, and a function that it does not know."""


class QueryDiagnostic(BaseModel):
    """One finding of the analyser, at its place in the query."""

    model_config = ConfigDict(frozen=True)

    code: str
    severity: Literal["error", "warning", "suggestion", "information"]
    message: str
    line: int = Field(description="From 1; 0 where the finding has no place")
    column: int = Field(description="From 1; 0 where the finding has no place")
    length: int = Field(description="Characters from there that the finding is about")
    suggestions: list[str] = Field(description="Right names, likeliest first")

    @classmethod
    def of(cls, diagnostic: Diagnostic) -> Self:
        """The validator's diagnostic, as an answer carries it."""
        return cls(
            code=diagnostic.code,
            severity=diagnostic.severity,
            message=diagnostic.message,
            line=diagnostic.line,
            column=diagnostic.column,
            length=diagnostic.length,
            suggestions=[suggestion.text for suggestion in diagnostic.suggestions],
        )


@dataclass(frozen=True, slots=True)
class CheckedQuery:
    """A query with its verdict and the reasons for which the server would refuse it."""

    query: str
    result: Result
    schema: CheckedAgainst
    refusals: tuple[str, ...]

    @property
    def warnings(self) -> list[QueryDiagnostic]:
        """Findings worth a line beside the rows; mere style is left to query_validate."""
        return [QueryDiagnostic.of(d) for d in self.result.diagnostics if d.severity == "warning"]


async def check_query(services: Services, query: str) -> CheckedQuery:
    """Analyse a query against the workspace's schema and judge it by the policy.

    Raises:
        Refused: there is no query, or it is longer than the settings allow.
    """
    if not query.strip():
        raise Refused("The query is empty: write KQL that starts from a table, such as `SigninLogs | take 10`.")
    longest = services.settings.max_query_length
    if len(query) > longest:
        raise Refused(
            f"The query has {len(query):,} characters and the server accepts {longest:,}: shorten it (a long list "
            "belongs into a watchlist), or raise SENTINEL_MCP_MAX_QUERY_LENGTH."
        )
    schema = await services.schema.current()
    result = await schema.validator.avalidate(query)
    if _lacks_a_name(result) and (newer := await services.schema.refreshed(schema)) is not None:
        schema, result = newer, await newer.validator.avalidate(query)
    result = _doubted(query, result, schema)
    return CheckedQuery(query, result, schema, refusals(query, result, services.settings.allow_query))


def _lacks_a_name(result: Result) -> bool:
    """Whether a table, column or function is unknown; the schema may be older than it is."""
    return any(diagnostic.code in _UNKNOWN_NAME for diagnostic in result.diagnostics)


def _doubted(query: str, result: Result, schema: CheckedAgainst) -> Result:
    """An error in a query that calls a function we could not read is no proof: cannot check is never wrong."""
    called = sorted(name for name in schema.opaque_functions if name in query)
    if result.verdict != "invalid" or not called:
        return result
    reason = f"it uses {', '.join(called)}, whose parameters could not be read from the workspace"
    return replace(result, verdict="unknown", reason=reason)


def refuse_invalid(checked: CheckedQuery) -> None:
    """Stop a query that may not or cannot run.

    Raises:
        Refused: the policy forbids it or the analyser found errors; the message names each with its place.
    """
    if checked.refusals:
        raise Refused(f"The query was not sent. {' '.join(checked.refusals)}")
    if checked.result.verdict == "invalid":
        errors = [QueryDiagnostic.of(d) for d in checked.result.diagnostics if d.severity == "error"]
        findings = "\n".join(diagnostic_text(error) for error in errors)
        raise Refused(f"The query was not sent, because it is invalid:\n{findings}")


def diagnostic_text(diagnostic: QueryDiagnostic) -> str:
    """One line: place, code, message, and the right names if there are any."""
    place = f"line {diagnostic.line}, column {diagnostic.column}: " if diagnostic.line else ""
    names = ", ".join(diagnostic.suggestions[:_SUGGESTIONS_SHOWN])
    hint = f" Did you mean {names}?" if names else ""
    return f"{place}{diagnostic.severity} {diagnostic.code}: {diagnostic.message}{hint}"
