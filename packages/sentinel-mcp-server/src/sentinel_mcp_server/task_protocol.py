"""Long calls as tasks of the protocol: the extension `io.modelcontextprotocol/tasks` (SEP-2663).

A client that declares it on a call gets the answer as ever where that takes a moment, and a task to poll where it takes
longer. The task runs on when the connection does not; `tasks/get` gives the result that the call would have given.
A client without the extension is served as before, and has `background` of query_run and the task tools.
"""

import json
from collections.abc import Mapping
from typing import Any

from mcp.server.context import CallNext, HandlerResult, ServerRequestContext
from mcp.server.extension import Extension, MethodBinding
from mcp.server.mcpserver.server import require_client_extension
from mcp.shared.exceptions import MCPError
from mcp_types import HEADER_MISMATCH, INVALID_PARAMS, CallToolRequestParams, InputResponses, RequestParams
from pydantic import BaseModel

from sentinel_mcp_server._progress import without_progress
from sentinel_mcp_server.context import Services, owner_of
from sentinel_mcp_server.errors import Refused
from sentinel_mcp_server.tasks import CANCELLED, KEPT_FOR, TaskInfo

WITHIN = 2.0
"""Seconds that a call has to answer before it becomes a task."""

POLL_EVERY = 1.0
"""Seconds between polls that a client is asked to keep."""

_VERSIONS = frozenset({"2026-07-28"})


class TaskRequest(RequestParams):
    """Which task."""

    task_id: str


class TaskUpdate(TaskRequest):
    """Answers to questions of a task. No task of this server asks any: what a person is asked comes before the work."""

    input_responses: InputResponses


class TasksExtension(Extension):
    """Turns calls of the tools named in `limits` into tasks when they take long; `limits` are their own in seconds."""

    identifier = "io.modelcontextprotocol/tasks"

    def __init__(self, limits: Mapping[str, float]) -> None:
        self._limits = limits

    def methods(self) -> tuple[MethodBinding, ...]:
        """What a client does with a task."""
        return (
            MethodBinding("tasks/get", TaskRequest, self._get, _VERSIONS),
            MethodBinding("tasks/update", TaskUpdate, self._update, _VERSIONS),
            MethodBinding("tasks/cancel", TaskRequest, self._cancel, _VERSIONS),
        )

    async def intercept_tool_call(
        self, params: CallToolRequestParams, ctx: ServerRequestContext[Any, Any], call_next: CallNext
    ) -> HandlerResult:
        """The call's own answer if it comes soon, else a task that has it later."""
        limit = self._limits.get(params.name)
        if limit is None or not self._declared(ctx):
            return await call_next(ctx)
        services: Services = ctx.lifespan_context
        owner = _owner(ctx)

        async def work() -> dict[str, Any]:
            try:
                result = await call_next(ctx)
            except MCPError as error:
                return {"error": error.error.model_dump(mode="json", by_alias=True, exclude_none=True)}
            return {"result": _plain(result)}

        try:
            with without_progress():
                task = services.tasks.start(owner, params.name, work, deadline=limit)
        except Refused:
            return await call_next(ctx)  # too many tasks: this one is waited for
        info = await services.tasks.ended(owner, task.id, within=WITHIN)
        if not info.is_complete:
            return {"resultType": "task"} | _state(info)
        services.tasks.forget(owner, task.id)
        state = _state(info)
        if failure := state.get("error"):
            raise MCPError(**failure)
        return state["result"]

    async def _get(self, ctx: ServerRequestContext[Any, Any], params: TaskRequest) -> HandlerResult:
        return {"resultType": "complete"} | _state(self._found(ctx, params))

    async def _update(self, ctx: ServerRequestContext[Any, Any], params: TaskUpdate) -> HandlerResult:
        self._found(ctx, params)
        return {"resultType": "complete"}

    async def _cancel(self, ctx: ServerRequestContext[Any, Any], params: TaskRequest) -> HandlerResult:
        self._found(ctx, params)
        services: Services = ctx.lifespan_context
        await services.tasks.cancel(_owner(ctx), params.task_id)
        return {"resultType": "complete"}

    def _found(self, ctx: ServerRequestContext[Any, Any], params: TaskRequest) -> TaskInfo:
        require_client_extension(ctx, self.identifier)
        headers: Mapping[str, str] | None = getattr(ctx.request, "headers", None)
        if headers is not None and headers.get("mcp-name") != params.task_id:
            raise MCPError(HEADER_MISMATCH, "The header Mcp-Name must be the taskId of the request.")
        services: Services = ctx.lifespan_context
        try:
            return services.tasks.get(_owner(ctx), params.task_id)
        except Refused as refusal:
            raise MCPError(INVALID_PARAMS, str(refusal)) from refusal

    def _declared(self, ctx: ServerRequestContext[Any, Any]) -> bool:
        capabilities = ctx.session.client_capabilities
        declared = capabilities.extensions if capabilities is not None else None
        return ctx.protocol_version in _VERSIONS and self.identifier in (declared or {})


def measure(result: dict[str, Any]) -> int:
    """Characters that a kept result takes."""
    return len(json.dumps(result))


def _owner(ctx: ServerRequestContext[Any, Any]) -> str:
    """The caller, apart from the same caller's tasks of the task tools, which have results of another shape."""
    return f"protocol {owner_of(ctx.request)}"


def _state(info: TaskInfo) -> dict[str, Any]:
    """A task as the wire has it."""
    started = info.start_time.isoformat(timespec="milliseconds")
    changed = (info.end_time or info.start_time).isoformat(timespec="milliseconds")
    state: dict[str, Any] = {
        "taskId": info.id,
        "status": "working",
        "createdAt": started,
        "lastUpdatedAt": changed,
        # It is kept so long after its end, thus at least so long after its start.
        "ttlMs": int(KEPT_FOR.total_seconds() * 1000),
        "pollIntervalMs": int(POLL_EVERY * 1000),
    }
    if not info.is_complete:
        return state
    if info.error == CANCELLED:
        return state | {"status": "cancelled", "statusMessage": CANCELLED}
    if info.error is not None:
        failed = {"content": [{"type": "text", "text": info.error}], "isError": True}
        return state | {"status": "completed", "result": failed}
    outcome = info.result or {}
    if "error" in outcome:
        return state | {"status": "failed", "statusMessage": outcome["error"]["message"], "error": outcome["error"]}
    return state | {"status": "completed", "result": outcome["result"]}


def _plain(result: HandlerResult) -> dict[str, Any]:
    if isinstance(result, BaseModel):
        return result.model_dump(mode="json", by_alias=True, exclude_none=True)
    return result or {}
