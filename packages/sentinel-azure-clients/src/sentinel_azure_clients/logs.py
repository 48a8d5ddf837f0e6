"""Running a KQL query in a Log Analytics workspace."""

from __future__ import annotations

import json
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

from sentinel_azure_clients import _answer
from sentinel_azure_clients._address import join, query_string
from sentinel_azure_clients._call import accept, guarded
from sentinel_azure_clients._deadline import within
from sentinel_azure_clients._operation import QUERY, operation
from sentinel_azure_clients._stream import RowReader
from sentinel_azure_clients._timespan import Timespan, on_the_wire
from sentinel_azure_clients._translate import deepest
from sentinel_azure_clients._wire import Json, is_object
from sentinel_azure_clients.columns import Column, ColumnarTable
from sentinel_azure_clients.errors import InvalidInput
from sentinel_azure_clients.workspace import get_workspace_id

if TYPE_CHECKING:
    from azure.core.rest import HttpRequest

    from sentinel_azure_clients._limits import Limiter
    from sentinel_azure_clients.context import AzureServicesContext

_RUN = operation(
    "logs",
    "query",
    "running the query",
    effect="query",
    way="LogsQueryClient.send_request POST /workspaces/{id}/query (/search for Basic and Auxiliary tables)",
    api=QUERY,
)
_BY_COLUMN = operation(
    "logs",
    "query by column",
    "running the query",
    effect="query",
    way="LogsQueryClient.send_request POST /workspaces/{id}/query, streamed",
    api=QUERY,
)


@dataclass(frozen=True, slots=True)
class QueryRequest:
    """A query and where and when to run it.

    `timespan` is a pair of times with zones, a `timedelta` that ends now, or ISO 8601 text as the service takes it;
    None leaves the time to the query. `additional_workspaces` are names, GUIDs or resource ids.
    `server_timeout` is in seconds, 1 to 600; None takes the settings' `query_timeout`.
    `plan` is the cheapest plan among the tables asked (`TableInfo.plan`). With Basic and Auxiliary tables a query takes
    a path of its own, needs a timespan (a condition on time within it does not do), reaches 30 days back unless an
    Auxiliary table is among them, and may not use `externaldata` or `resource()`; only two such queries run at once.
    """

    query: str
    timespan: Timespan | None = None
    workspace_id: str | None = None
    additional_workspaces: tuple[str, ...] = ()
    include_statistics: bool = False
    include_visualization: bool = False
    server_timeout: int | None = None
    plan: Literal["Analytics", "Basic", "Auxiliary"] = "Analytics"

    def __post_init__(self) -> None:
        """Refuse what could not be sent."""
        if not self.query.strip():
            raise InvalidInput("The query is empty; give a KQL query such as: SigninLogs | take 10")
        if self.timespan is not None:
            on_the_wire(self.timespan)
        if self.server_timeout is not None and not 1 <= self.server_timeout <= 600:
            raise InvalidInput(f"server_timeout is {self.server_timeout}, but the service takes 1 to 600 seconds.")
        if len(self.additional_workspaces) > 99:
            raise InvalidInput("A query can span 100 workspaces at most.")
        if self.plan not in {"Analytics", "Basic", "Auxiliary"}:
            raise InvalidInput(f"There is no plan {self.plan!r}; use Analytics, Basic or Auxiliary.")
        if self.plan != "Analytics" and (self.timespan is None or self.additional_workspaces):
            raise InvalidInput(
                f"A query of {self.plan} tables needs a timespan, and names other workspaces with workspace() only."
            )


@dataclass(frozen=True, slots=True)
class Table:
    """A table of a result. `rows` hold the wire's values: times as text with all their digits, dynamic as JSON text."""

    name: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Any, ...], ...] = field(repr=False)


@dataclass(frozen=True, slots=True)
class QueryResponse:
    """What a query gave.

    `status` is "partial" when the service could not give everything; `error` then says why (`code` and the deepest
    `message` and `innermost_code`, and `raw` as sent), and the tables hold what there is. `tables` are JSON-ready
    dicts (`name`, `columns` of `name` and `type`, `rows`): times as the wire's text
    with up to 7 digits of a second, `long` exact, `decimal` as text, `dynamic` as JSON text. `result_tables` is the
    same as objects. `execution_time` is the seconds from sending the request to having read the answer, waiting for
    a free place not included. `workspace_id` is the workspace that was asked.
    """

    status: Literal["complete", "partial"]
    tables: list[Json] = field(repr=False)
    statistics: Json | None
    visualization: Json | None
    error: Json | None
    execution_time: float
    workspace_id: str = ""
    _made: list[tuple[Table, ...]] = field(
        default_factory=list[tuple[Table, ...]], init=False, repr=False, compare=False
    )

    @property
    def result_tables(self) -> tuple[Table, ...]:
        """The tables as objects, made when first asked for; the values are shared with `tables`."""
        if not self._made:
            self._made.append(tuple(map(_table, self.tables)))
        return self._made[0]

    @property
    def row_count(self) -> int:
        """The rows of the first table, which is the query's result."""
        return len(self.tables[0]["rows"]) if self.tables else 0


@dataclass(frozen=True, slots=True)
class ColumnarResponse:
    """What a query gave, by column. `status` is "truncated" when the caller's byte budget ended the reading.

    The rows that arrived whole before the end are there. `bytes_read` is the size of the body as far as it was read,
    unpacked. The rest is as in `QueryResponse`; statistics and the like come after the rows, so a truncated answer has
    none.
    """

    status: Literal["complete", "partial", "truncated"]
    tables: tuple[ColumnarTable, ...] = field(repr=False)
    statistics: Json | None
    visualization: Json | None
    error: Json | None
    execution_time: float
    bytes_read: int
    workspace_id: str = ""


async def run_query(context: AzureServicesContext, request: QueryRequest) -> QueryResponse:
    """Run a query once and give its whole answer.

    It is sent again only when it certainly did not run (no connection, or refused with 429 and a short Retry-After).
    The answer is never cached. An empty workspace (204) and an empty body give no tables.

    Raises `QueryRejected` for a query that the service will not run, `TimedOut` when its time was not enough, and the
    other errors of this package.
    """
    timeout = request.server_timeout or context.config.query_timeout
    deadline = timeout + context.config.deadline
    async with within(deadline, _RUN):
        return await _run(context, request, seconds=timeout, deadline=deadline)


async def _run(context: AzureServicesContext, request: QueryRequest, *, seconds: int, deadline: float) -> QueryResponse:
    workspace_id = request.workspace_id or await get_workspace_id(context)
    async with guarded(context, _RUN, limiter=_limiter(context, request), deadline=deadline):
        client = context.logs_client
        started = time.perf_counter()
        answer = await client.send_request(
            _http_request(workspace_id, request, seconds),
            **_RUN.options(read_timeout=deadline),
        )
        elapsed = time.perf_counter() - started
        accept(context, _RUN, answer)
    body = _answer.load(answer.content) if answer.content.strip() else {}
    return response_from(body, elapsed, workspace_id=workspace_id)


async def run_query_by_column(
    context: AzureServicesContext, request: QueryRequest, *, byte_budget: int | None = None
) -> ColumnarResponse:
    """Run a query and read its answer into columns while it arrives, for answers that are large.

    The body is never held whole. With a `byte_budget` reading ends as soon as more than that has arrived, the
    connection is closed, and the answer says that it is truncated. Everything else is as with `run_query`.
    """
    if byte_budget is not None and byte_budget < 1:
        raise InvalidInput(f"byte_budget is {byte_budget}, but must be at least 1 byte.")
    timeout = request.server_timeout or context.config.query_timeout
    deadline = timeout + context.config.deadline
    async with within(deadline, _BY_COLUMN):
        return await _run_by_column(context, request, seconds=timeout, deadline=deadline, byte_budget=byte_budget)


async def _run_by_column(
    context: AzureServicesContext, request: QueryRequest, *, seconds: int, deadline: float, byte_budget: int | None
) -> ColumnarResponse:
    workspace_id = request.workspace_id or await get_workspace_id(context)
    async with guarded(context, _BY_COLUMN, limiter=_limiter(context, request), deadline=deadline):
        client = context.logs_client
        started = time.perf_counter()
        answer = await client.send_request(
            _http_request(workspace_id, request, seconds),
            stream=True,
            **_BY_COLUMN.options(read_timeout=deadline),
        )
        async with answer:
            if not 200 <= answer.status_code < 300:
                await answer.read()
                accept(context, _BY_COLUMN, answer)
            reader = RowReader()
            async for piece in answer.iter_bytes():
                reader.feed(piece)
                if byte_budget is not None and reader.size > byte_budget:
                    break
        elapsed = time.perf_counter() - started
    if byte_budget is not None and reader.size > byte_budget:
        return ColumnarResponse("truncated", reader.stop(), None, None, None, elapsed, reader.size, workspace_id)
    body, tables = reader.finish()
    error = body.get("error")
    return ColumnarResponse(
        status="partial" if error else "complete",
        tables=tables,
        statistics=_part(body, "statistics"),
        visualization=_part(body, "render"),
        error=_partial_error(_answer.plain(error)) if error else None,
        execution_time=elapsed,
        bytes_read=reader.size,
        workspace_id=workspace_id,
    )


def response_from(body: Json, execution_time: float, *, workspace_id: str = "") -> QueryResponse:
    """Make a `QueryResponse` of a decoded answer."""
    error = body.get("error")
    return QueryResponse(
        status="partial" if error else "complete",
        tables=_answer.tables(body),
        statistics=_part(body, "statistics"),
        visualization=_part(body, "render"),
        error=_partial_error(_answer.plain(error)) if error else None,
        execution_time=execution_time,
        workspace_id=workspace_id,
    )


def _table(table: Json) -> Table:
    return Table(
        name=table["name"],
        columns=tuple(Column(column["name"], column["type"]) for column in table["columns"]),
        rows=tuple(map(tuple, table["rows"])),
    )


def _limiter(context: AzureServicesContext, request: QueryRequest) -> Limiter:
    return context.queries if request.plan == "Analytics" else context.basic_queries


def _http_request(workspace_id: str, request: QueryRequest, timeout: int) -> HttpRequest:
    from azure.core.rest import HttpRequest

    body = content(request)
    place = join("workspaces", workspace_id, "query")
    if request.plan != "Analytics":
        # This path takes the timespan from its address alone.
        place = f"{join('workspaces', workspace_id, 'search')}?{query_string({'timespan': body.pop('timespan')})}"
    return HttpRequest(
        "POST",
        place,
        headers={
            "Content-Type": "application/json",
            "Accept": "application/json",
            "Prefer": prefer(request, timeout),
        },
        content=json.dumps(body).encode(),
    )


def prefer(request: QueryRequest, default_timeout: int) -> str:
    """The header that asks for a time-out, statistics and the like."""
    wishes = [f"wait={request.server_timeout or default_timeout}"]
    if request.include_statistics:
        wishes.append("include-statistics=true")
    if request.include_visualization:
        wishes.append("include-render=true")
    return ",".join(wishes)


def content(request: QueryRequest) -> Json:
    """The body of a request for a query."""
    body: Json = {"query": request.query}
    if request.timespan is not None:
        body["timespan"] = on_the_wire(request.timespan)
    if request.additional_workspaces:
        body["workspaces"] = list(request.additional_workspaces)
    return body


def _part(body: Json, key: str) -> Json | None:
    value = _answer.plain(body.get(key))
    return value if is_object(value) else None


def _partial_error(error: object) -> Json:
    told = error if is_object(error) else {}
    inner = deepest(told)
    return {
        "code": str(told.get("code", "")),
        "message": str(inner.get("message") or told.get("message") or "The service did not say why."),
        "innermost_code": str(inner.get("code", "")),
        "raw": error,
    }
