from typing import Annotated, Any

import anyio
import pytest
from mcp import Client
from pydantic import Field

import sentinel_mcp_server._progress
from sentinel_mcp_server import Settings, build_server
from sentinel_mcp_server._define import Answer, register, tool
from sentinel_mcp_server.context import Services

pytestmark = pytest.mark.anyio


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


class Done(Answer):
    """It is done."""

    done: bool


@tool(title="Last", toolset="test")
async def docs_search(services: Services, seconds: Annotated[float, Field(description="How long")]) -> Done:
    """Take a while."""
    await anyio.sleep(seconds)
    return Done(done=True)


@pytest.mark.parametrize(("seconds", "hears"), [(0.0, False), (0.2, True)])
async def test_a_client_hears_of_a_call_that_lasts_and_of_no_other(
    monkeypatch: pytest.MonkeyPatch, seconds: float, hears: bool
) -> None:
    monkeypatch.setattr(sentinel_mcp_server._progress, "_EVERY", 0.03)
    server = build_server(Settings(offline=True))
    server._tool_manager._tools["docs_search"] = register(docs_search)  # pyright: ignore[reportPrivateUsage]
    told: list[float] = []

    async def hear(progress: float, total: float | None, message: str | None) -> None:
        told.append(progress)

    async with Client(server) as client:
        arguments: dict[str, Any] = {"seconds": seconds}
        result = await client.call_tool("docs_search", arguments, progress_callback=hear)
    assert result.structured_content == {"done": True}
    assert bool(told) is hears
    assert told == sorted(told)
