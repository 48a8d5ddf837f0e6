"""Try a rule on rows that somebody wrote down."""

from datetime import datetime, timedelta
from typing import Annotated, Literal

from pydantic import Field

from sentinel_azure_clients import QueryRequest, alert_rules, logs
from sentinel_mcp_server._define import Answer, tool
from sentinel_mcp_server.context import Services
from sentinel_mcp_server.errors import Refused
from sentinel_mcp_server.fixture_rows import newest, read_rows, timed
from sentinel_mcp_server.investigations.past_runs import alert_per_row, alerts_of_run, would_alert
from sentinel_mcp_server.query_check import CheckedQuery, check_query, refuse_invalid
from sentinel_mcp_server.results import ResultTable, only_table, some_rows, table_text
from sentinel_mcp_server.rule_fields import Operator, Period, Query, Threshold, iso_duration
from sentinel_mcp_server.window import parse_instant, parse_timespan

_SECONDS = 30
_MOST_SHOWN = 100


class RuleTest(Answer):
    """What one run of the rule would have made of the rows."""

    own_words = frozenset({"notes", "trigger"})

    would_alert: bool
    alerts: int = Field(description="Alerts of this run: one, or one for each row where the rule says so")
    passed: bool | None = Field(description="Whether that is what was expected; null where nothing was")
    trigger: str
    looked_from: datetime
    looked_to: datetime = Field(description="The moment of the run, which ago() and now() count from")
    row_count: int
    rows: ResultTable = Field(description="Rows that the query found")
    notes: list[str]

    def summary(self) -> str:
        """The outcome, what it was measured by, and what to know about it."""
        verdict = "" if self.passed is None else ("passed: " if self.passed else "FAILED: ")
        outcome = f"{self.alerts} alert{'' if self.alerts == 1 else 's'}" if self.would_alert else "no alert"
        window = f"{self.looked_from.isoformat()} to {self.looked_to.isoformat()}"
        return "\n".join(
            [f"{verdict}{outcome}; {self.row_count} rows, trigger {self.trigger}; looked at {window}", *self.notes]
        )

    def body(self) -> str:
        """The rows that the query found."""
        return table_text(self.rows)


@tool(title="Test a rule on your own rows", toolset="rule", timeout=90.0)
async def rule_test(
    services: Services,
    rows: Annotated[
        dict[str, str],
        Field(min_length=1, description="Rows by table: JSON list of objects, or CSV with a header; others are empty"),
    ],
    name: Annotated[
        str | None, Field(min_length=1, max_length=200, description="Rule from rule_list; what else is given replaces")
    ] = None,
    query: Query = None,
    operator: Operator = None,
    threshold: Threshold = None,
    period: Period = None,
    at: Annotated[
        str | None, Field(max_length=40, description="Moment of the run, ISO 8601; else the newest TimeGenerated")
    ] = None,
    expect: Annotated[Literal["alert", "no alert"] | None, Field(description="What should come of it")] = None,
) -> RuleTest:
    """Test a rule, or a query before it is one, on rows you write: whether it would raise an alert, and on which rows.

    Nothing of the workspace is read but the rule and the schema. Not for real data: use rule_backtest or query_run.
    """
    rule = None if name is None else await alert_rules.get_rule(services.azure, name)
    text = query or (rule.query if rule else None)
    if not text:
        what = "Give a query, or the name of a rule" if rule is None else f"The rule {rule.display_name!r} has no query"
        raise Refused(f"{what}: there is nothing to test.")
    checked = await check_query(services, text)
    refuse_invalid(checked)
    tables = _tables(checked, rows)
    given = {table: read_rows(table, content, tables[table]) for table, content in rows.items()}
    moment = parse_instant(at) if at else newest(given) or services.now()
    span = _period(period or (rule.query_period if rule else None))
    notes: list[str] = []
    for table, found in given.items():
        given[table], without = timed(found, moment)
        if without:
            notes.append(f"{without} rows of {table} have no TimeGenerated and were taken as of the moment of the run.")
        if table not in checked.result.facts.tables:
            notes.append(f"The query does not read {table}.")
    if empty := sorted(set(checked.result.facts.tables) - set(given)):
        notes.append(f"Without rows: {', '.join(empty)}.")

    request = QueryRequest(text, timespan=(moment - span, moment), server_timeout=_SECONDS)
    async with services.workspace_of(tables, given, moment) as embedded:
        response = await logs.run_query(embedded, request)
    if response.status != "complete":
        raise Refused("The embedded engine gave part of the rows, so the outcome is not known: test with fewer rows.")
    table = only_table(response)
    chosen = operator or (rule.trigger_operator if rule else None) or "GreaterThan"
    limit = threshold if threshold is not None else (rule.trigger_threshold if rule else None) or 0
    count = len(table.rows)
    alerts = alerts_of_run(count, chosen, limit, per_row=alert_per_row(rule.properties if rule else {}))
    hit = would_alert(count, chosen, limit)
    if count > _MOST_SHOWN:
        notes.append(f"Only the first {_MOST_SHOWN} rows are shown.")
    return RuleTest(
        would_alert=hit,
        alerts=alerts,
        passed=None if expect is None else hit is (expect == "alert"),
        trigger=f"{chosen} {limit} rows",
        looked_from=moment - span,
        looked_to=moment,
        row_count=count,
        rows=some_rows(table, 0, _MOST_SHOWN),
        notes=[*notes, f"Run by the embedded engine over {iso_duration(span)}; it refuses by name what it cannot run."],
    )


def _tables(checked: CheckedQuery, rows: dict[str, str]) -> dict[str, dict[str, str]]:
    """Columns and types of every table that matters, from the schema that the query was checked against."""
    facts, schema = checked.result.facts, checked.schema.validator.schema
    if not facts.complete:
        raise Refused(f"The query could not be analysed, so what it reads is not known: {checked.result.reason}")
    if stored := sorted(set(facts.functions) & set(schema.functions)):
        raise Refused(
            f"The query calls {', '.join(stored)}, which lives in the workspace and which rows cannot stand for: "
            "put its body or a datatable in its place."
        )
    if "*" in facts.tables:
        raise Refused("The query reads every table there is; name those that it should read.")
    if unknown := sorted(table for table in rows if table not in schema.tables):
        raise Refused(f"The workspace has no table {unknown[0][:80]!r}, so its rows have no columns to go to.")
    return {table: dict(schema.tables[table]) for table in {*rows, *facts.tables} if table in schema.tables}


def _period(text: str | None) -> timedelta:
    span = parse_timespan(text or "P1D")
    if not isinstance(span, timedelta):
        raise Refused("period is a duration, such as 1h or P1D, not a span between two moments.")
    return span
