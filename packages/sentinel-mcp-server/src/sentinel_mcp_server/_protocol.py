"""Protocol errors that the specification wants and the SDK answers otherwise.

An unknown tool or prompt and a prompt's missing arguments are the caller's mistake in the request itself: error
-32602 (invalid params) with a sentence, not a tool result and not an internal error with a stack trace in the log.
"""

import re
from typing import Any, cast
from urllib.parse import unquote

from mcp.server.context import CallNext, HandlerResult, ServerMiddleware, ServerRequestContext
from mcp.shared.exceptions import MCPError
from mcp_types import INVALID_PARAMS

from sentinel_mcp_resources.library import nearest
from sentinel_mcp_server.prompts import prompt_template
from sentinel_mcp_server.resources import addresses
from sentinel_mcp_server.settings import Settings
from sentinel_mcp_server.toolsets import offered, why_not
from sentinel_mcp_server.trust import inline

# The lists and templates of `resources`; what has this form is looked up there, anything else cannot exist.
_ADDRESS = re.compile(r"sentinel://(kql|examples|tables|results)(/[^/?#]+){0,2}")


def protocol_errors(settings: Settings) -> ServerMiddleware[Any]:
    """Middleware: refuse what names no tool or prompt, or leaves out a prompt's argument, before it is handled."""
    tools = frozenset(spec.name for spec in offered(settings))

    async def protocol_errors(ctx: ServerRequestContext[Any, Any], call_next: CallNext) -> HandlerResult:
        if fault := _fault(ctx.method, cast("dict[str, Any]", ctx.params or {}), tools, settings):
            raise MCPError(code=INVALID_PARAMS, message=fault)
        return await call_next(ctx)

    return protocol_errors


def _fault(method: str, params: dict[str, Any], tools: frozenset[str], settings: Settings) -> str | None:
    if method == "resources/read":
        uri = params.get("uri")
        return _address_fault(uri) if isinstance(uri, str) else None
    name = params.get("name")
    if not isinstance(name, str):
        return None  # the SDK's own validation says so
    if method == "tools/call" and name not in tools:
        return why_not(name, settings) or f"There is no tool {inline(name, 60)!r}; tools/list shows what there is."
    if method == "prompts/get":
        prompt = prompt_template(name)
        if prompt is None:
            return f"There is no prompt {inline(name, 60)!r}; prompts/list shows what there is."
        given: object = params.get("arguments") or {}
        return prompt.fault(cast("dict[str, object]", given)) if isinstance(given, dict) else None
    return None


def _address_fault(uri: str) -> str | None:
    if _ADDRESS.fullmatch(uri) and not _climbs(uri):
        return None
    return f"There is no resource {inline(uri, 120)!r}{nearest(uri, addresses())}"


def _climbs(uri: str) -> bool:
    """Whether a part of the address is a step upwards or hides a character, however it is written."""
    return any(
        part in {".", ".."} or "/" in part or "\\" in part or "\0" in part for part in map(unquote, uri.split("/")[3:])
    )
