"""What a query reads, over which time, how much that is, and what is risky or slow in it."""

import asyncio
from datetime import datetime
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from sentinel_kql_validator import KqlValidator
from sentinel_mcp_server._define import Answer, tool
from sentinel_mcp_server.context import Services
from sentinel_mcp_server.investigations.query_cost import estimate
from sentinel_mcp_server.query_check import QueryDiagnostic, check_query, diagnostic_text
from sentinel_mcp_server.window import decide_window

_TABLES_SHOWN = 50


class TableRead(BaseModel):
    """A table that the query reads."""

    model_config = ConfigDict(frozen=True)

    table: str
    columns: list[str]
    gb_per_day: float = Field(description="Ingestion per day, from the last week of the table Usage")
    gb_in_window: float | None


class Rewrite(BaseModel):
    """The whole query after one change that answers a remark."""

    model_config = ConfigDict(frozen=True)

    code: str = Field(description="Remark that it answers")
    title: str
    safety: Literal["safe", "changes meaning"]
    query: str


class QueryExplanation(Answer):
    """What running the query would mean."""

    verdict: Literal["valid", "invalid", "unknown"]
    reason: str | None = Field(description="Why the verdict is unknown")
    start: datetime | None
    end: datetime | None
    window_source: Literal["argument", "query", "default"]
    tables: list[TableRead] = Field(description="The largest first")
    table_count: int
    output_columns: dict[str, str] | None = Field(description="Null where they could not be told")
    estimated_gb: float | None = Field(description="Upper bound of the data read; null where it cannot be estimated")
    estimate_note: str
    remarks: list[QueryDiagnostic] = Field(description="Errors, and what is risky or slow")
    rewrites: list[Rewrite]
    refusals: list[str] = Field(description="Why query_run would refuse the query")

    def body(self) -> str:
        """Window and cost first, then tables, columns and remarks."""
        size = "unknown" if self.estimated_gb is None else f"{self.estimated_gb:,.4f}"
        lines = [
            f"verdict: {self.verdict}" + (f" ({self.reason})" if self.reason else ""),
            f"window: {self.start} to {self.end} (from the {self.window_source})",
            f"estimated GB: {size}. {self.estimate_note}",
        ]
        lines += [
            f"reads {t.table}({', '.join(t.columns) or 'no column by name'}): {t.gb_per_day:,.4f} GB a day"
            for t in self.tables
        ]
        if self.table_count > len(self.tables):
            lines.append(f"and {self.table_count - len(self.tables)} smaller tables")
        columns = self.output_columns
        gives = "not known" if columns is None else ", ".join(f"{name}:{kind}" for name, kind in columns.items())
        lines.append(f"gives: {gives}")
        lines += [diagnostic_text(remark) for remark in self.remarks]
        lines += [f"rewrite for {r.code}, {r.safety}: {r.title}\n{r.query}" for r in self.rewrites]
        lines += [f"query_run would refuse it: {refusal}" for refusal in self.refusals]
        return "\n".join(lines)


@tool(title="Explain a KQL query", toolset="query", untrusted=False)
async def query_explain(
    services: Services,
    query: Annotated[str, Field(description="The KQL text")],
    timespan: Annotated[str | None, Field(description="Window that it would be run with, as for query_run")] = None,
) -> QueryExplanation:
    """See, without running it, what a query reads, its window, the estimated GB, what is slow or risky and a rewrite.

    For faults alone use query_validate; for rows query_run.
    """
    checked = await check_query(services, query)
    result = checked.result
    facts = result.facts
    window = decide_window(timespan, facts.time_range, services.settings.default_timespan, now=services.now())
    linting = KqlValidator(checked.schema.validator.schema, engine=services.settings.engine, lint=True)
    linted = await linting.avalidate(query)
    offered = await asyncio.to_thread(linting.fixes, query)
    cost = await estimate(services.azure, facts, window, now=services.now())
    return QueryExplanation(
        verdict=result.verdict,
        reason=result.reason,
        start=window.start,
        end=window.end,
        window_source=window.source,
        tables=[
            TableRead(
                table=read.table,
                columns=sorted(facts.tables.get(read.table, ())),
                gb_per_day=read.gb_per_day,
                gb_in_window=read.gb_in_window,
            )
            for read in cost.tables[:_TABLES_SHOWN]
        ],
        table_count=len(cost.tables),
        output_columns=None if facts.output_columns is None else dict(facts.output_columns),
        estimated_gb=cost.gb,
        estimate_note=cost.note,
        remarks=[QueryDiagnostic.of(diagnostic) for diagnostic in linted.diagnostics],
        rewrites=[
            Rewrite(code=fix.code, title=fix.title, safety=fix.safety, query=fix.text)
            for fix in offered
            if fix.verdict == "valid"
        ],
        refusals=list(checked.refusals),
    )
