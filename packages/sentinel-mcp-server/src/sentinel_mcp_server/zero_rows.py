"""Why a query gave no rows: what at most two cheap queries can show, and no more than that."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from sentinel_azure_clients import QueryRequest, SentinelError, Table, logs
from sentinel_kql_validator import Bound, Node
from sentinel_mcp_server import kql_text
from sentinel_mcp_server.context import Services
from sentinel_mcp_server.schema import CheckedAgainst, Plan
from sentinel_mcp_server.window import Window

_LOOK_BACK = timedelta(days=90)
_MOST_TABLES = 8
_MOST_STEPS = 8
_PROBE_SECONDS = 30

Reason = Literal["table empty in the window", "filter removed the rows", "not explained"]


class ProbedTable(BaseModel):
    """What a table that the query reads holds."""

    model_config = ConfigDict(frozen=True)

    table: str
    rows_in_window: int
    newest: datetime | None = Field(description="Newest record in the window, or of the last 90 days where it has none")


class ZeroRows(BaseModel):
    """The reason that evidence supports, and the evidence."""

    model_config = ConfigDict(frozen=True)

    reason: Reason
    explanation: str
    tables: list[ProbedTable]
    removed_by: str | None = Field(description="The step of the query after which no row was left")
    probes: list[str] = Field(description="The queries that were run to find out")


async def explain_zero_rows(services: Services, against: CheckedAgainst, query: str, window: Window) -> ZeroRows:
    """Look into the tables first, then, if they have rows, into the steps of the query."""
    validator = against.validator
    bound = await validator.abind(query)
    schema = validator.schema.tables
    tables = [t for t in bound.result.facts.tables if "TimeGenerated" in schema.get(t, {})][:_MOST_TABLES]
    if not tables or bound.root is None:
        return _unexplained("No table with a TimeGenerated column could be told from the query.")
    end = window.end or services.now()
    start = window.start or end - _LOOK_BACK
    probes = [_table_counts(tables)]
    plan = against.plan_of(tables)
    try:
        found = await _probe_tables(services, plan, probes[0], start, end)
        if not any(table.rows_in_window for table in found):
            probes.append(probes[0])
            newest = await _probe_tables(services, plan, probes[1], end - _LOOK_BACK, services.now())
            return _empty(tables, newest, probes)
        steps = _steps(bound)
        probe = _step_counts(bound, steps)
        if (await validator.avalidate(probe)).verdict != "valid":
            why = "The tables have rows in the window; the steps of the query cannot be counted apart."
            return _unexplained(why, found, probes)
        probes.append(probe)
        counts = await _run(services, plan, probe, start, end)
        return _removed(bound, steps, counts, found, probes)
    except SentinelError as error:
        return _unexplained(f"Looking for the reason failed: {error}", [], probes)


def _empty(tables: list[str], newest: list[ProbedTable], probes: list[str]) -> ZeroRows:
    when = {table.table: table.newest for table in newest}
    told = "; ".join(
        f"{table}: newest record {moment.isoformat(timespec='seconds')}" if moment else f"{table}: none in 90 days"
        for table, moment in ((table, when.get(table)) for table in tables)
    )
    return ZeroRows(
        reason="table empty in the window",
        explanation=f"No table that the query reads has a record in the window ({told}).",
        tables=[ProbedTable(table=table, rows_in_window=0, newest=when.get(table)) for table in tables],
        removed_by=None,
        probes=probes,
    )


def _removed(bound: Bound, steps: list[Node], counts: Table, tables: list[ProbedTable], probes: list[str]) -> ZeroRows:
    left = {int(step): int(rows) for rows, step in counts.rows}
    for number, step in enumerate(steps):
        before = left.get(number - 1, 0)
        if before and left.get(number) == 0:
            text = " ".join(bound.source(step.child("Operator") or step).split())
            return ZeroRows(
                reason="filter removed the rows",
                explanation=f"{before} rows reach the step `{text}`, and none is left after it.",
                tables=tables,
                removed_by=text,
                probes=probes,
            )
    return _unexplained(
        "The tables have rows in the window, and no single step removes the last of them.", tables, probes
    )


def _unexplained(why: str, tables: list[ProbedTable] | None = None, probes: list[str] | None = None) -> ZeroRows:
    return ZeroRows(reason="not explained", explanation=why, tables=tables or [], removed_by=None, probes=probes or [])


def _table_counts(tables: list[str]) -> str:
    return _union(
        f"{kql_text.name(table)} | summarize Rows=count(), Newest=max(TimeGenerated)"
        f" | extend Source={kql_text.string(table)}"
        for table in tables
    )


def _steps(bound: Bound) -> list[Node]:
    """The query's last pipeline as ever longer beginnings, the source first."""
    nodes = [] if bound.root is None else list(bound.root.walk())
    statements = [node for node in nodes if node.kind == "ExpressionStatement"]
    node = statements[-1].children[0] if statements else None
    steps: list[Node] = []
    while node is not None:
        steps.append(node)
        node = node.child("Expression") if node.kind == "PipeExpression" else None
    return list(reversed(steps))[:_MOST_STEPS]


def _step_counts(bound: Bound, steps: list[Node]) -> str:
    """One query that counts what each beginning leaves: the query's own text, cut at the places of its tree."""
    lets = bound.text[: steps[0].start] if steps else ""
    return lets + _union(
        f"{bound.source(step)} | summarize Rows=count() | extend Step={number}" for number, step in enumerate(steps)
    )


def _union(parts: Iterable[str]) -> str:
    return "union\n" + ",\n".join(f"({part})" for part in parts)


async def _probe_tables(
    services: Services, plan: Plan, query: str, start: datetime, end: datetime
) -> list[ProbedTable]:
    table = await _run(services, plan, query, start, end)
    place = {column.name: number for number, column in enumerate(table.columns)}
    return [
        ProbedTable(
            table=str(row[place["Source"]]),
            rows_in_window=int(row[place["Rows"]] or 0),
            newest=row[place["Newest"]] or None,
        )
        for row in table.rows
    ]


async def _run(services: Services, plan: Plan, query: str, start: datetime, end: datetime) -> Table:
    request = QueryRequest(query=query, timespan=(start, end), server_timeout=_PROBE_SECONDS, plan=plan)
    tables = (await logs.run_query(services.azure, request)).result_tables
    return tables[0] if tables else Table("PrimaryResult", (), ())  # a workspace that never got any data
