"""A workspace to talk to, by both ways in: every test that takes `azure` runs twice."""

from collections.abc import AsyncIterator, Iterator
from types import TracebackType
from typing import Any, Self

import pytest
from azure.core.credentials import AccessToken

from sentinel_azure_clients import AzureConfig, AzureServicesContext, WorkspaceAddress
from sentinel_azure_clients.asgi import AsgiTransport
from sentinel_emulator import Emulator
from sentinel_emulator.serving import Serving, serve_in_thread

FIGURES = pytest.StashKey[list[str]]()
FAULT_TABLE = pytest.StashKey[dict[tuple[str, str], str]]()


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """Print the figures, and what came of each fault and way of asking, of the tests that ran."""
    for figure in config.stash.get(FIGURES, list[str]()):
        terminalreporter.write_line(figure)
    cells = config.stash.get(FAULT_TABLE, dict[tuple[str, str], str]())
    faults, ways = (list(dict.fromkeys(keys)) for keys in zip(*cells, strict=True)) if cells else ([], [])
    if cells:
        terminalreporter.section("faults")
        terminalreporter.write_line(f"{'':<28}" + "".join(f"{way:<31}" for way in ways))
    for fault in faults:
        row = "".join(f"{cells.get((fault, way), 'not run'):<31}" for way in ways)
        terminalreporter.write_line(f"{fault:<28}{row}".rstrip())


class EmulatorCredential:
    """Tokens that the emulator issues to anybody in the same process."""

    def __init__(self, emulator: Emulator) -> None:
        self._emulator = emulator

    async def get_token(self, *scopes: str, **_: Any) -> AccessToken:
        """A token for the audience of the scope."""
        return AccessToken(*self._emulator.issue_token(scopes[0].removesuffix("/.default")))

    async def close(self) -> None:
        """Nothing is held."""

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        exc_type: type[BaseException] | None = None,
        exc_value: BaseException | None = None,
        traceback: TracebackType | None = None,
    ) -> None:
        """Nothing is held."""


@pytest.fixture(scope="session")
def emulator() -> Emulator:
    """One organisation for all tests of a run."""
    return Emulator(days=3)


@pytest.fixture(scope="session")
def serving(emulator: Emulator) -> Iterator[Serving]:
    """The same organisation, served over TLS."""
    with serve_in_thread(emulator) as served:
        yield served


def config_of(emulator: Emulator, **settings: Any) -> AzureConfig:
    """The settings of the emulator's workspace."""
    workspace = emulator.workspace
    named: dict[str, Any] = {
        "subscription_id": workspace.subscription_id,
        "resource_group": workspace.resource_group,
        "workspace_name": workspace.workspace_name,
        "workspace_id": workspace.workspace_id,
        "workspaces": (WorkspaceAddress(name="by id", workspace_id=workspace.workspace_id),),
    }
    return AzureConfig(**{**named, **settings})


def context_in_process(emulator: Emulator, **settings: Any) -> AzureServicesContext:
    """A context whose requests go straight to the application."""
    transport = AsgiTransport(emulator.app)
    return AzureServicesContext(
        config_of(emulator, **settings), credential=EmulatorCredential(emulator), transport=transport
    )


def context_over_tls(serving: Serving, monkeypatch: pytest.MonkeyPatch, **settings: Any) -> AzureServicesContext:
    """A context as in production: DefaultAzureCredential, a CA bundle, two addresses, and nothing else."""
    for name in ("AZURE_CLIENT_ID", "AZURE_TENANT_ID", "AZURE_CLIENT_SECRET", "AZURE_TOKEN_CREDENTIALS"):
        monkeypatch.delenv(name, raising=False)
    for name, value in serving.settings.items():
        monkeypatch.setenv(name, value)
    ways: dict[str, Any] = {
        "ca_bundle": str(serving.ca_file),
        "arm_endpoint": serving.url,
        "logs_endpoint": serving.url,
        "workspaces": (WorkspaceAddress(name="by id", workspace_id=serving.settings["AZURE_WORKSPACE_ID"]),),
    }
    return AzureServicesContext(AzureConfig.from_environment(serving.settings, **{**ways, **settings}))


@pytest.fixture(params=["in process", "over TLS"])
async def azure(
    request: pytest.FixtureRequest, emulator: Emulator, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[AzureServicesContext]:
    """The workspace, by each way in."""
    if request.param == "in process":
        made = context_in_process(emulator)
    else:
        made = context_over_tls(request.getfixturevalue("serving"), monkeypatch)
    async with made as context:
        yield context


@pytest.fixture
async def over_tls(serving: Serving, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[AzureServicesContext]:
    """The workspace over TLS only."""
    async with context_over_tls(serving, monkeypatch) as context:
        yield context
