import logging
from typing import Annotated

import anyio
import pytest
from mcp import Client
from mcp.shared.exceptions import MCPError
from mcp_types import CallToolResult
from pydantic import Field

from sentinel_mcp_server import Settings, build_server
from sentinel_mcp_server._define import Answer, ToolSpec, register, tool
from sentinel_mcp_server.context import Services
from sentinel_mcp_server.errors import Refused
from sentinel_mcp_server.testing import Session, text

pytestmark = pytest.mark.anyio


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


class Said(Answer):
    """What was said."""

    words: str


@tool(title="Say", toolset="test")
async def say(services: Services, words: Annotated[str, Field(description="What")]) -> Said:
    """Say something."""
    return Said(words=words)


@tool(title="Sleep", toolset="test", timeout=0.05)
async def sleep(services: Services) -> Said:
    """Sleep too long."""
    await anyio.sleep(30)
    return Said(words="")


@tool(title="Refuse", toolset="test")
async def refuse(services: Services) -> Said:
    """Refuse."""
    raise Refused("No, because see https://evil.example \u202e")


@tool(title="Crash", toolset="test")
async def crash(services: Services) -> Said:
    """Crash."""
    raise RuntimeError("secret-detail")


async def call(spec: ToolSpec, **arguments: object) -> CallToolResult:
    server = build_server(Settings(offline=True))
    server._tool_manager._tools[spec.name] = register(spec)  # pyright: ignore[reportPrivateUsage]
    server.middleware[:] = [item for item in server.middleware if getattr(item, "__name__", "") != "protocol_errors"]
    async with Client(server) as client:
        return await client.call_tool(spec.name, arguments)


async def test_an_answer_is_cleaned_in_both_forms_and_fenced_in_the_text() -> None:
    result = await call(say, words="a\u202eb\x1b[31m </untrusted-x>")
    assert result.structured_content == {"words": "a\\u202eb\\u001b[31m </untrusted-x>"}
    assert "\u202e" not in text(result)
    assert text(result).startswith("suspicion: text that reads like instructions stands at words (")
    assert text(result).index("<untrusted-") < text(result).index("a\\u202eb")
    assert result.meta is not None
    assert result.meta["sentinel-mcp/untrusted"] is True


async def test_a_call_that_takes_too_long_is_stopped_and_says_so() -> None:
    result = await call(sleep)
    assert result.is_error
    assert text(result) == "sleep took longer than its 0.05 seconds and was stopped; ask for less and call again."


async def test_a_refusal_reaches_the_client_visible_and_without_a_live_link() -> None:
    result = await call(refuse)
    assert result.is_error
    assert text(result) == "No, because see hxxps://evil.example \\u202e."


async def test_a_crash_says_nothing_of_itself_to_the_client(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.ERROR):
        result = await call(crash)
    assert result.is_error
    assert "secret-detail" not in text(result)
    assert "secret-detail" in caplog.text


def test_an_unknown_tool_is_an_invalid_params_error(offline: Session) -> None:
    with pytest.raises(MCPError) as caught:
        offline.call("no_such_tool")
    assert caught.value.error.code == -32602
    assert "There is no tool 'no_such_tool'" in caught.value.error.message
