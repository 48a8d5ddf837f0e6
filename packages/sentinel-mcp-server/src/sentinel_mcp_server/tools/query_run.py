"""Run KQL and say truthfully what was searched and what was found."""

from datetime import datetime, timedelta
from hashlib import sha256
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from sentinel_azure_clients import QueryRequest, QueryResponse, logs, workspace
from sentinel_mcp_server._define import Answer, tool
from sentinel_mcp_server.context import Services
from sentinel_mcp_server.errors import Refused
from sentinel_mcp_server.investigations.query_cost import estimate, refuse_costly
from sentinel_mcp_server.portal_links import query_link
from sentinel_mcp_server.query_check import CheckedQuery, check_query, diagnostic_text, refuse_invalid
from sentinel_mcp_server.results import ROWS_BUDGET, ResultTable, some_rows, table_text
from sentinel_mcp_server.schema import Plan
from sentinel_mcp_server.window import Window, decide_window
from sentinel_mcp_server.zero_rows import ZeroRows, explain_zero_rows


class SearchedWindow(BaseModel):
    """The time range that was searched, in UTC; null where nothing bounds that side."""

    model_config = ConfigDict(frozen=True)

    start: datetime | None
    end: datetime | None
    source: Literal["argument", "query", "default"] = Field(description="Who decided it")


class QueryAnswer(Answer):
    """Rows, and everything needed to judge them."""

    own_words = frozenset({"status_reason", "warnings", "zero_rows", "portal_url"})

    status: Literal["complete", "partial", "truncated", "running"]
    status_reason: str | None = Field(description="Why it is not complete, and how to get the rest")
    window: SearchedWindow
    workspace: str
    tables: list[ResultTable]
    row_count: int = Field(description="Rows that the service gave")
    rows_shown: int = Field(description="Rows in this answer")
    query_hash: str = Field(description="Same hash, same query text: cite it as evidence")
    elapsed_ms: int
    task_id: str | None = Field(description="For task_get, where the query runs in the background")
    result_id: str | None = Field(description="For query_page, where there are more rows than shown")
    zero_rows: ZeroRows | None = Field(description="Where no row was found: the reason that could be shown")
    portal_url: str | None = Field(description="The query in the Azure portal")
    warnings: list[str]
    statistics: dict[str, Any] | None
    visualization: dict[str, Any] | None

    def summary(self) -> str:
        """Status and window, then what should be known about them."""
        start, end = (_moment(moment) for moment in (self.window.start, self.window.end))
        lines = [
            f"status: {self.status}; rows: {self.row_count}, shown: {self.rows_shown}; query {self.query_hash}",
            f"window: {start} to {end} (from the {self.window.source})",
        ]
        if self.zero_rows:
            lines.append(f"no rows: {self.zero_rows.reason}. {self.zero_rows.explanation}")
        return "\n".join(lines + [note for note in (self.status_reason, *self.warnings) if note])

    def body(self) -> str:
        """The rows, a table after another."""
        texts = [table_text(table) for table in self.tables]
        return texts[0] if len(texts) == 1 else "\n\n".join(texts)


@tool(title="Run a KQL query", toolset="query", timeout=660.0)
async def query_run(
    services: Services,
    query: Annotated[str, Field(description="KQL that reads; one statement that gives rows, after any `let`")],
    timespan: Annotated[
        str | None,
        Field(
            description=(
                "Window to search: 1d, 12h, P7D, or start/end in ISO 8601. "
                "Left out: the query's own TimeGenerated bounds, else the server's default"
            )
        ),
    ] = None,
    max_rows: Annotated[int, Field(ge=1, le=10_000, description="Most rows to show")] = 100,
    include_statistics: Annotated[bool, Field(description="Add the service's statistics: CPU, data read")] = False,
    include_visualization: Annotated[bool, Field(description="Add what `render` asked for")] = False,
    server_timeout: Annotated[int | None, Field(ge=1, le=600, description="Seconds the service may take")] = None,
    together_with: Annotated[
        list[str] | None, Field(max_length=20, description="Configured workspaces to search as one with this one")
    ] = None,
    background: Annotated[bool, Field(description="Answer with a task_id at once; task_get has the rows")] = False,
) -> QueryAnswer:
    """Run a KQL query over the workspace's logs and get its rows.

    The query is checked first and not sent if it is invalid. The answer tells the window searched, whether it is
    complete, how many rows were found and how many are shown. For incidents use incident_list and incident_get; for a
    table's columns use table_get. Aggregate in KQL rather than raising max_rows.
    """
    checked = await check_query(services, query)
    refuse_invalid(checked)
    window = decide_window(
        timespan, checked.result.facts.time_range, services.settings.default_timespan, now=services.now()
    )
    if (most := services.settings.max_query_cost) is not None:
        found = await estimate(services.azure, checked.result.facts, window, now=services.now())
        refuse_costly(found, most, window, now=services.now())
    plan = checked.schema.plan_of(checked.result.facts.tables)
    timeout = server_timeout or services.settings.query_timeout
    request = QueryRequest(
        query=query,
        timespan=_service_timespan(window, plan, services.now()),
        include_statistics=include_statistics,
        include_visualization=include_visualization,
        server_timeout=timeout,
        plan=plan,
        additional_workspaces=tuple([await _address(services, name) for name in together_with or ()]),
    )

    async def run() -> QueryAnswer:
        response = await logs.run_query(services.azure, request)
        answer = _answer(services, checked, window, response, max_rows)
        if together_with:
            answer = answer.model_copy(update={"workspace": ", ".join([services.workspace_label, *together_with])})
        if answer.status == "complete" and answer.row_count == 0:
            why = await explain_zero_rows(services, checked.schema, query, window)
            return answer.model_copy(update={"zero_rows": why})
        return answer

    if not background:
        return await run()

    async def run_as_data() -> dict[str, Any]:
        return (await run()).model_dump(mode="json")

    task = services.tasks.start(services.owner, "query_run", run_as_data, deadline=timeout + 60.0)
    return _running(services, checked, window, task.id)


async def _address(services: Services, name: str) -> str:
    """How the query API is told of another configured workspace.

    Raises:
        Refused: there is none of that name.
    """
    known = [place.name for place in services.settings.workspaces]
    if name not in known:
        listed = ", ".join(known) or "none; SENTINEL_MCP_WORKSPACES adds some"
        raise Refused(f"There is no workspace {name[:80]!r} to search together with: configured are {listed}.")
    return await workspace.get_workspace_id(services.azure.workspace(name))


def _service_timespan(window: Window, plan: Plan, now: datetime) -> tuple[datetime, datetime] | None:
    """A query that bounds itself is sent without a second bound; any other gets the window that the answer reports.

    Raises:
        Refused: tables that are not on Analytics want a window, and none could be told.
    """
    if plan != "Analytics":
        if window.start is None:
            raise Refused(f"The query reads a table of the plan {plan}, which wants a window: give timespan.")
        return window.start, window.end or now
    if window.source == "query" or window.start is None or window.end is None:
        return None
    return window.start, window.end


def _answer(
    services: Services, checked: CheckedQuery, window: Window, response: QueryResponse, max_rows: int
) -> QueryAnswer:
    found = sum(len(table.rows) for table in response.result_tables)
    shown: list[ResultTable] = []
    rows_shown = 0
    for table in response.result_tables:
        shown.append(some_rows(table, 0, max_rows - rows_shown, ROWS_BUDGET // len(response.result_tables)))
        rows_shown += len(shown[-1].rows)
    query_hash = _hash(checked.query)
    result_id = None
    if rows_shown < found:
        result_id = services.results.keep(services.owner, query_hash, response.result_tables, services.now())
    status, reason = _status(response, found, rows_shown, result_id, by_size=rows_shown < min(found, max_rows))
    return QueryAnswer(
        status=status,
        status_reason=reason,
        window=SearchedWindow(start=window.start, end=window.end, source=window.source),
        workspace=services.workspace_label,
        tables=shown,
        row_count=found,
        rows_shown=rows_shown,
        query_hash=query_hash,
        elapsed_ms=round(timedelta(seconds=response.execution_time) / timedelta(milliseconds=1)),
        task_id=None,
        result_id=result_id,
        zero_rows=None,
        portal_url=query_link(services, checked.query, window),
        warnings=_warnings(services, checked, window),
        statistics=response.statistics,
        visualization=response.visualization,
    )


def _running(services: Services, checked: CheckedQuery, window: Window, task_id: str) -> QueryAnswer:
    return QueryAnswer(
        status="running",
        status_reason=f"It runs in the background: task_get with task_id {task_id} has the rows once it is complete.",
        window=SearchedWindow(start=window.start, end=window.end, source=window.source),
        workspace=services.workspace_label,
        tables=[],
        row_count=0,
        rows_shown=0,
        query_hash=_hash(checked.query),
        elapsed_ms=0,
        task_id=task_id,
        result_id=None,
        zero_rows=None,
        portal_url=query_link(services, checked.query, window),
        warnings=_warnings(services, checked, window),
        statistics=None,
        visualization=None,
    )


def _hash(query: str) -> str:
    return sha256(query.encode()).hexdigest()[:16]


def _status(
    response: QueryResponse, found: int, shown: int, result_id: str | None, *, by_size: bool
) -> tuple[Literal["complete", "partial", "truncated"], str | None]:
    if response.status == "partial":
        message = (response.error or {}).get("message", "the service gave no reason")
        return "partial", f"The service could not finish and gave part of the rows: {message}"
    if shown < found:
        why = f", since an answer holds at most {ROWS_BUDGET // 1000} kB of rows" if by_size else ""
        way = "they are too many to be kept"
        if result_id:
            way = f"query_page with result_id {result_id} shows them, sentinel://results/{result_id} (or …/csv) has all"
        return (
            "truncated",
            f"{found - shown} rows are not shown{why}: {way}; or narrow the window, or summarise in KQL.",
        )
    return "complete", None


def _warnings(services: Services, checked: CheckedQuery, window: Window) -> list[str]:
    warnings: list[str] = []
    result = checked.result
    if window.source == "default":
        warnings.append(
            "Neither timespan nor the query bounds TimeGenerated, so only the default window "
            f"{services.settings.default_timespan} was searched; give timespan to search more."
        )
    if result.verdict == "unknown":
        warnings.append(f"The query could not be checked before it was sent: {result.reason}")
    if checked.schema.why_not_live:
        warnings.append(f"Checked against the built-in schema: {checked.schema.why_not_live}")
    plan = checked.schema.plan_of(result.facts.tables)
    if plan != "Analytics":
        warnings.append(
            f"It reads a table of the plan {plan}: at most 30 days back, and the gigabytes read are billed."
            if plan == "Basic"
            else f"It reads a table of the plan {plan}: the gigabytes read are billed."
        )
    warnings += [diagnostic_text(diagnostic) for diagnostic in checked.warnings]
    return warnings


def _moment(moment: datetime | None) -> str:
    return "unbounded" if moment is None else moment.isoformat(timespec="seconds").replace("+00:00", "Z")
