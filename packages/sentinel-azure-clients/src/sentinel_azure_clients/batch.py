"""Several queries in one request. Microsoft documents this as deprecated; separate queries do as well."""

from __future__ import annotations

import json
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sentinel_azure_clients import _answer, _wire, logs
from sentinel_azure_clients._call import accept, guarded
from sentinel_azure_clients._deadline import within
from sentinel_azure_clients._operation import QUERY, operation
from sentinel_azure_clients._translate import from_answer
from sentinel_azure_clients.errors import InvalidInput, MalformedAnswer
from sentinel_azure_clients.workspace import get_workspace_id

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sentinel_azure_clients._wire import Json
    from sentinel_azure_clients.context import AzureServicesContext
    from sentinel_azure_clients.errors import SentinelError

_BATCH = operation(
    "logs",
    "batch",
    "running a batch of queries",
    effect="query",
    way="LogsQueryClient.send_request POST /$batch",
    api=QUERY,
)
_MOST = 100


@dataclass(frozen=True, slots=True)
class BatchItem:
    """What came of one query of a batch: a response, or else the error that running it alone would have raised."""

    response: logs.QueryResponse | None
    error: SentinelError | None


@dataclass(frozen=True, slots=True)
class _Part:
    """One answer within the batch's, in the shape of an answer of its own."""

    status_code: int
    content: bytes
    headers: Mapping[str, str]


async def run_batch(context: AzureServicesContext, requests: Sequence[logs.QueryRequest]) -> tuple[BatchItem, ...]:
    """Run 1 to 100 queries in one request; what came of each, in the order given.

    The whole batch takes one place among the queries. `execution_time` is that of the batch.
    """
    if not 1 <= len(requests) <= _MOST:
        raise InvalidInput(f"A batch has 1 to {_MOST} queries, not {len(requests)}.")
    if any(request.plan != "Analytics" for request in requests):
        raise InvalidInput("Basic and Auxiliary tables cannot be asked in a batch.")
    timeout = max(request.server_timeout or context.config.query_timeout for request in requests)
    deadline = timeout + context.config.deadline
    async with within(deadline, _BATCH):
        return await _run(context, requests, deadline)


async def _run(
    context: AzureServicesContext, requests: Sequence[logs.QueryRequest], deadline: float
) -> tuple[BatchItem, ...]:
    from azure.core.rest import HttpRequest

    ids = [request.workspace_id or await get_workspace_id(context) for request in requests]
    parts = [
        _part(context, str(n), workspace, request)
        for n, (workspace, request) in enumerate(zip(ids, requests, strict=True))
    ]
    body = json.dumps({"requests": parts}).encode()
    request = HttpRequest("POST", "/$batch", headers={"Content-Type": "application/json"}, content=body)
    async with guarded(context, _BATCH, limiter=context.queries, deadline=deadline):
        client = context.logs_client
        started = time.perf_counter()
        answer = await client.send_request(request, **_BATCH.options(read_timeout=deadline))
        elapsed = time.perf_counter() - started
        accept(context, _BATCH, answer)
    found = {str(part.get("id")): part for part in _wire.objects(_answer.load(answer.content), "responses")}
    return tuple(_item(found.get(str(n)), workspace, elapsed) for n, workspace in enumerate(ids))


def _part(context: AzureServicesContext, number: str, workspace: str, request: logs.QueryRequest) -> Json:
    return {
        "id": number,
        "method": "POST",
        "path": "/query",
        "workspace": workspace,
        "headers": {"Content-Type": "application/json", "Prefer": logs.prefer(request, context.config.query_timeout)},
        "body": logs.content(request),
    }


def _item(part: Json | None, workspace: str, elapsed: float) -> BatchItem:
    if part is None:
        return BatchItem(None, MalformedAnswer("The answer to the batch leaves this query out."))
    status = _wire.whole(part, "status") or 0
    body: Any = part.get("body")
    if 200 <= status < 300:
        if body is not None and not _wire.is_object(body):
            return BatchItem(None, MalformedAnswer("The answer to a query of the batch is not a JSON object."))
        return BatchItem(logs.response_from(body or {}, elapsed, workspace_id=workspace), None)
    headers = {str(name).lower(): str(value) for name, value in _wire.section(part, "headers").items()}
    content = json.dumps(_answer.plain(body)).encode()
    return BatchItem(None, from_answer(_Part(status, content, headers), _BATCH, scope=None))
