"""What tests of tools share: a workspace that can be looked into and made to fail, and writes carried out in one go."""

import json
from collections.abc import Awaitable, Callable, Generator, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import pytest
from anyio.from_thread import start_blocking_portal
from mcp import Client

from sentinel_azure_clients import AzureServicesContext
from sentinel_emulator import Emulator
from sentinel_mcp_server import Settings, build_server, offline
from sentinel_mcp_server._define import Answer, register, tool
from sentinel_mcp_server.context import Services
from sentinel_mcp_server.testing import Session

T = TypeVar("T")


@dataclass(frozen=True)
class Inside:
    """A connected client, with the clients of Azure and the emulator behind it."""

    session: Session
    services: Services
    emulator: Emulator
    audit_log: Path

    def azure(self, call: Callable[..., Awaitable[T]], *arguments: Any, **options: Any) -> T:
        """Call an operation of the Azure clients as somebody else would."""

        async def run(context: AzureServicesContext) -> T:
            return await call(context, *arguments, **options)

        return self.session.portal.call(run, self.services.azure)

    def confirmed(self, tool: str, /, **arguments: Any) -> dict[str, Any]:
        """Plan and apply; the receipt."""
        token = self.session.answer(tool, **arguments)["confirmation_token"]
        return self.session.answer(tool, **arguments, confirmation_token=token)

    def audit(self) -> list[dict[str, Any]]:
        """The lines of the audit log."""
        if not self.audit_log.exists():
            return []
        return [json.loads(line) for line in self.audit_log.read_text("utf-8").splitlines()]


class _Nothing(Answer):
    """Nothing."""


@contextmanager
def _looked_into(audit_log: Path) -> Generator[Inside]:
    emulators: list[Emulator] = []
    seen: list[Services] = []

    # Looked up here, so that whatever makes emulators for all tests makes this one too.
    usual: type[Emulator] = vars(offline)["Emulator"]

    def make() -> Emulator:
        emulators.append(usual())
        return emulators[-1]

    @tool(title="Peek", toolset="test")
    async def connection_test(services: Services) -> _Nothing:
        """Hand the services to the test."""
        seen.append(services)
        return _Nothing()

    server = build_server(Settings(offline=True, toolsets=frozenset({"all"}), allow_writes=True, audit_log=audit_log))
    real = server._tool_manager._tools["connection_test"]  # pyright: ignore[reportPrivateUsage]
    server._tool_manager._tools["connection_test"] = register(connection_test)  # pyright: ignore[reportPrivateUsage]
    with ExitStack() as stack:
        portal = stack.enter_context(start_blocking_portal())
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(offline, "Emulator", make)
            client = stack.enter_context(portal.wrap_async_context_manager(Client(server)))
        session = Session(portal, client)
        session.answer("connection_test")
        server._tool_manager._tools["connection_test"] = real  # pyright: ignore[reportPrivateUsage]
        yield Inside(session, seen[0], emulators[0], audit_log)


@pytest.fixture
def inside(tmp_path: Path) -> Iterator[Inside]:
    """A workspace of its own, with every tool and an audit log."""
    with _looked_into(tmp_path / "audit.jsonl") as found:
        yield found


@pytest.fixture(scope="session")
def untouched(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Inside]:
    """A workspace that tests share, because they plan and are refused and never write."""
    with _looked_into(tmp_path_factory.mktemp("untouched") / "audit.jsonl") as found:
        yield found
        assert found.audit() == []
