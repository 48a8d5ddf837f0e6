"""One call from beginning to end: a place, a deadline, the SDK's pipeline, and errors in this package's words."""

from __future__ import annotations

import json
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from sentinel_azure_clients._address import query_string
from sentinel_azure_clients._deadline import within
from sentinel_azure_clients._translate import from_answer, from_azure, parse, parse_array
from sentinel_azure_clients.errors import NotConfigured

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Mapping

    from azure.core.rest import AsyncHttpResponse

    from sentinel_azure_clients._limits import Limiter
    from sentinel_azure_clients._operation import Operation
    from sentinel_azure_clients._wire import Json
    from sentinel_azure_clients.context import AzureServicesContext


@asynccontextmanager
async def guarded(
    context: AzureServicesContext, call: Operation, *, limiter: Limiter, deadline: float
) -> AsyncGenerator[None]:
    """Run a block with a place in the queue and a total deadline, and let only this package's errors out.

    The time spent waiting for a place counts: the deadline is the caller's, not the request's.
    """
    from azure.core.exceptions import AzureError

    try:
        async with within(deadline, call), limiter.place():
            yield
    except AzureError as error:
        raise from_azure(error, call, scope=_scope(context)) from error


async def arm(
    context: AzureServicesContext,
    call: Operation,
    method: str,
    path: str,
    *,
    query: Mapping[str, str] | None = None,
    body: Json | None = None,
) -> Json:
    """Send one pinned request through the Log Analytics management client's pipeline; give the JSON object back.

    `path` is made of quoted segments. An answer without a body gives an empty object.
    """
    parameters = {"api-version": call.api, **(query or {})}
    return await arm_at(context, call, method, f"{context.config.arm}{path}?{query_string(parameters)}", body=body)


async def arm_array(context: AzureServicesContext, call: Operation, method: str, path: str) -> tuple[Json, ...]:
    """As `arm`, for the few calls that answer with an array of objects and no object around it."""
    url = f"{context.config.arm}{path}?{query_string({'api-version': call.api})}"
    return parse_array(await _sent(context, call, method, url), call)


async def arm_at(
    context: AzureServicesContext, call: Operation, method: str, url: str, *, body: Json | None = None
) -> Json:
    """Send one request to a complete address, such as the `nextLink` of a page."""
    return parse(await _sent(context, call, method, url, body=body), call)


async def _sent(
    context: AzureServicesContext, call: Operation, method: str, url: str, *, body: Json | None = None
) -> AsyncHttpResponse:
    from azure.core.rest import HttpRequest

    request = HttpRequest(
        method,
        url,
        headers={"Accept": "application/json", **({"Content-Type": "application/json"} if body is not None else {})},
        content=None if body is None else json.dumps(body).encode(),
    )
    async with guarded(context, call, limiter=context.calls, deadline=context.config.deadline):
        client = context.loganalytics_client
        answer = await client.send_request(request, **call.options())
        accept(context, call, answer)
    return answer


def accept(context: AzureServicesContext, call: Operation, answer: AsyncHttpResponse) -> None:
    """Raise what a failing status means."""
    if not 200 <= answer.status_code < 300:
        raise from_answer(answer, call, scope=_scope(context))


def _scope(context: AzureServicesContext) -> str | None:
    try:
        return context.workspace_path()
    except NotConfigured:
        return None
