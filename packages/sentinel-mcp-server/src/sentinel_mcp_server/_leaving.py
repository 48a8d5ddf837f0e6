"""A client that goes takes its tasks along: nobody is left to read what they would find.

That holds for connections that have an end: stdio, SSE, and sessions of Streamable HTTP. Stateless requests have none,
so their tasks end by their deadline, or when they are cancelled.
"""

from typing import Any

from mcp.server.context import CallNext, HandlerResult, ServerRequestContext
from mcp_types.version import MODERN_PROTOCOL_VERSIONS

from sentinel_mcp_server.context import Services, owner_of

_NOTED = "sentinel-mcp/leaving"


async def stop_tasks_of_leavers(ctx: ServerRequestContext[Any, Any], call_next: CallNext) -> HandlerResult:
    """Middleware: have the tasks of this connection's client stopped when the connection ends."""
    if ctx.method == "tools/call" and ctx.protocol_version not in MODERN_PROTOCOL_VERSIONS:
        # The SDK documents this stack for what handlers and middleware clean up, and has no public way to it yet.
        connection = ctx.session._connection  # noqa: SLF001  # pyright: ignore[reportPrivateUsage]
        if _NOTED not in connection.state:
            connection.state[_NOTED] = True
            services: Services = ctx.lifespan_context
            connection.exit_stack.push_async_callback(services.tasks.abandon, owner_of(ctx.request))
    return await call_next(ctx)
