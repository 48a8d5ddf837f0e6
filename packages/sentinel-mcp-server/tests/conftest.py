"""A connected in-memory client, shared by the tests of a run: the embedded workspace is generated once."""

from collections.abc import Generator, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import hypothesis
import pytest
from anyio.from_thread import BlockingPortal, start_blocking_portal
from mcp import Client
from mcp_types import CallToolResult, TextContent

from sentinel_mcp_server import Settings, build_server

# A shared machine may be slow: timings are measured in bench/, never asserted here.
hypothesis.settings.register_profile("untimed", deadline=None)
hypothesis.settings.load_profile("untimed")


class Session:
    """A connected client for tests that do not care for asynchrony."""

    def __init__(self, portal: BlockingPortal, client: Client) -> None:
        self.portal = portal
        self.client = client

    def call(self, tool: str, **arguments: object) -> CallToolResult:
        """The raw result of a tool call."""
        return self.portal.call(self.client.call_tool, tool, arguments)

    def answer(self, tool: str, **arguments: object) -> dict[str, Any]:
        """The structured content of a call that must succeed."""
        result = self.call(tool, **arguments)
        assert not result.is_error, text(result)
        assert result.structured_content is not None
        return result.structured_content

    def refusal(self, tool: str, **arguments: object) -> str:
        """The sentence of a call that must fail; afterwards the server still answers."""
        result = self.call(tool, **arguments)
        assert result.is_error, text(result)
        self.answer("query_validate", query="print 1")
        return text(result)


def text(result: CallToolResult) -> str:
    """The text blocks of a result."""
    return "\n".join(block.text for block in result.content if isinstance(block, TextContent))


@contextmanager
def connected(settings: Settings) -> Generator[Session]:
    """A client of a server with these settings."""
    with (
        start_blocking_portal() as portal,
        portal.wrap_async_context_manager(Client(build_server(settings))) as client,
    ):
        yield Session(portal, client)


EVERYTHING = frozenset({"all"})


@pytest.fixture(scope="session")
def offline() -> Iterator[Session]:
    """A client of the embedded workspace, with every tool that reads."""
    with connected(Settings(offline=True, toolsets=EVERYTHING)) as session:
        yield session


@pytest.fixture
def writable(tmp_path: Path) -> Iterator[Session]:
    """A client of an embedded workspace of its own, with the tools that write and an audit log."""
    with connected(
        Settings(offline=True, toolsets=EVERYTHING, allow_writes=True, audit_log=tmp_path / "audit.jsonl")
    ) as session:
        yield session


@pytest.fixture(scope="session")
def unconfigured() -> Iterator[Session]:
    """A client of a server that was started without any setting."""
    # A credential that looks at nothing but the environment: this machine's own sign-ins stay out of the test.
    with connected(Settings(credential="environment", toolsets=EVERYTHING)) as session:
        yield session
