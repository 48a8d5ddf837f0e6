"""Check KQL without running it."""

from typing import Annotated, Literal

from pydantic import Field

from sentinel_kql_validator import Diagnostic
from sentinel_mcp_server._define import Answer, tool
from sentinel_mcp_server.context import Services
from sentinel_mcp_server.query_check import QueryDiagnostic, check_query, diagnostic_text


class QueryVerdict(Answer):
    """What the analyser says of a query."""

    verdict: Literal["valid", "invalid", "unknown"] = Field(
        description="unknown: could not be checked, which is not wrong"
    )
    reason: str | None = Field(description="Why the verdict is unknown")
    engine: str = Field(description="Analyser that gave the verdict, with its version")
    engine_note: str | None = Field(description="Why a better analyser did not give it")
    schema_source: Literal["workspace", "built-in"] = Field(
        description="Whose tables and columns it was checked against"
    )
    schema_note: str | None = Field(description="Why it is not the workspace's own schema")
    diagnostics: list[QueryDiagnostic]
    refusals: list[str] = Field(description="Why query_run would refuse the query even if it is valid")
    tables: dict[str, list[str]] = Field(description="Tables read, with the columns read of each")
    output_columns: dict[str, str] | None = Field(
        description="Columns of the result, with their KQL types; null where they could not be told"
    )

    def body(self) -> str:
        """The verdict first, then one line for each finding."""
        lines = [f"verdict: {self.verdict} ({self.engine}, {self.schema_source} schema)"]
        # Both full analysers give the same verdict: which of them did matters to a reader only if neither could.
        weaker = self.engine_note if self.engine.startswith("basic") else None
        lines += [note for note in (self.reason, weaker, self.schema_note) if note]
        lines += [diagnostic_text(diagnostic) for diagnostic in self.diagnostics]
        lines += [f"query_run would refuse it: {refusal}" for refusal in self.refusals]
        if self.verdict == "valid":
            lines.append(f"reads: {', '.join(self.tables) or 'no table'}")
            columns = self.output_columns
            gives = "not known" if columns is None else ", ".join(f"{name}:{kind}" for name, kind in columns.items())
            lines.append(f"gives: {gives}")
        return "\n".join(lines)


@tool(title="Validate a KQL query", toolset="query", untrusted=False)
async def query_validate(
    services: Services,
    query: Annotated[str, Field(description="The KQL text")],
) -> QueryVerdict:
    """Check KQL against the workspace's tables and columns without running it, by Microsoft's own analyser.

    Gives line and column of each fault and the right name for a misspelt table, column or function. query_run does
    this by itself before it sends anything: call this only to check a query that is not to be run now.
    """
    checked = await check_query(services, query)
    result = checked.result
    facts = result.facts
    return QueryVerdict(
        verdict=result.verdict,
        reason=result.reason,
        engine=f"{result.engine} {result.library_version or ''}".strip(),
        engine_note=result.engine_note,
        schema_source=checked.schema.source,
        schema_note=checked.schema.why_not_live,
        diagnostics=[QueryDiagnostic.of(diagnostic) for diagnostic in _worst_first(result.diagnostics)],
        refusals=list(checked.refusals),
        tables={table: sorted(columns) for table, columns in facts.tables.items()},
        output_columns=None if facts.output_columns is None else dict(facts.output_columns),
    )


def _worst_first(diagnostics: tuple[Diagnostic, ...]) -> list[Diagnostic]:
    return sorted(diagnostics, key=lambda diagnostic: (diagnostic.severity != "error", diagnostic.start))
