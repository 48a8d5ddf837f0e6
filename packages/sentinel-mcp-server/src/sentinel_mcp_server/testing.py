"""For tests of this server, here and elsewhere: a connected client without asynchrony.

from sentinel_mcp_server import Settings
from sentinel_mcp_server.testing import connected

with connected(Settings(offline=True)) as session:
session.answer("incident_list")["incidents"]
session.refusal("query_run", query="")
"""

from collections.abc import Generator
from contextlib import contextmanager
from typing import Any

from anyio.from_thread import BlockingPortal, start_blocking_portal
from mcp import Client
from mcp_types import CallToolResult, TextContent

from sentinel_mcp_server.app import build_server
from sentinel_mcp_server.settings import Settings


class Session:
    """A connected client; `portal` and `client` are there for what has no method of its own."""

    def __init__(self, portal: BlockingPortal, client: Client) -> None:
        self.portal = portal
        self.client = client

    def call(self, tool: str, **arguments: object) -> CallToolResult:
        """The raw result of a tool call."""
        return self.portal.call(self.client.call_tool, tool, arguments)

    def answer(self, tool: str, **arguments: object) -> dict[str, Any]:
        """The structured content of a call that must succeed.

        Raises:
            AssertionError: it did not; the message is what the tool said.
        """
        result = self.call(tool, **arguments)
        if result.is_error or result.structured_content is None:
            raise AssertionError(text(result))
        return result.structured_content

    def refusal(self, tool: str, **arguments: object) -> str:
        """The sentence of a call that must fail; the server answers the next call all the same.

        Raises:
            AssertionError: the call succeeded, or the server answered nothing afterwards.
        """
        result = self.call(tool, **arguments)
        if not result.is_error:
            raise AssertionError(text(result))
        self.portal.call(self.client.list_tools)
        return text(result)


def text(result: CallToolResult) -> str:
    """The text blocks of a result."""
    return "\n".join(block.text for block in result.content if isinstance(block, TextContent))


@contextmanager
def connected(settings: Settings, **options: Any) -> Generator[Session]:  # noqa: ANN401 - typed by mcp.Client
    """A client of a server with these settings, in this process; `options` are those of `mcp.Client`."""
    with (
        start_blocking_portal() as portal,
        portal.wrap_async_context_manager(Client(build_server(settings), **options)) as client,
    ):
        yield Session(portal, client)
