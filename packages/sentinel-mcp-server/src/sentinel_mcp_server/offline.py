"""The embedded workspace: the emulator's app answers the real Azure SDK clients, in this process, without a port."""

import asyncio
from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager
from datetime import datetime
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

from azure.core.credentials import AccessToken

from sentinel_azure_clients import AzureConfig, AzureServicesContext, WorkspaceAddress
from sentinel_azure_clients.asgi import AsgiTransport
from sentinel_emulator import Emulator

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection


class _EmbeddedCredential:
    """Tokens that only the embedded workspace accepts, issued by itself."""

    def __init__(self, emulator: Emulator) -> None:
        self._emulator = emulator

    async def get_token(
        self,
        *scopes: str,
        claims: str | None = None,  # noqa: ARG002 - the signature of azure-core's AsyncTokenCredential
        tenant_id: str | None = None,  # noqa: ARG002
        enable_cae: bool = False,  # noqa: ARG002
        **_: object,
    ) -> AccessToken:
        token, expires_on = self._emulator.issue_token(scopes[0].removesuffix("/.default"))
        return AccessToken(token, expires_on)

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
        await self.close()


class _Empty(Emulator):
    """A workspace without any row."""

    def _fill(self, connection: "DuckDBPyConnection") -> None:
        connection.execute("CREATE SCHEMA store")


@asynccontextmanager
async def embedded_workspace() -> AsyncGenerator[AzureServicesContext]:
    """Azure clients of a generated organisation; its data are made when a call first needs them."""
    emulator = Emulator()
    try:
        async with _clients(emulator) as context:
            yield context
    finally:
        await emulator.close()


@asynccontextmanager
async def fixture_workspace(
    tables: Mapping[str, Mapping[str, str]], rows: Mapping[str, list[dict[str, Any]]], now: datetime
) -> AsyncGenerator[AzureServicesContext]:
    """Azure clients of a workspace with these rows and no others, where the time is `now`.

    `tables` gives the columns and KQL types of every table that a query will read. The rows are in memory, at most a
    gigabyte, and gone afterwards.
    """
    emulator = _Empty(now=now)
    emulator.catalogue = emulator.catalogue.with_custom(tables)
    try:
        store = await asyncio.to_thread(emulator.store)
        for table, given in rows.items():
            if given:
                await asyncio.to_thread(store.load, table, given)
        async with _clients(emulator) as context:
            yield context
    finally:
        await emulator.close()


def _clients(emulator: Emulator) -> AzureServicesContext:
    workspace = emulator.workspace
    config = AzureConfig(
        subscription_id=workspace.subscription_id,
        resource_group=workspace.resource_group,
        workspace_name=workspace.workspace_name,
        workspace_id=workspace.workspace_id,
        workspaces=tuple(
            WorkspaceAddress(
                name=other.workspace_name,
                subscription_id=other.subscription_id,
                resource_group=other.resource_group,
                workspace_name=other.workspace_name,
                workspace_id=other.workspace_id,
            )
            for other in emulator.workspaces[1:]
        ),
    )
    return AzureServicesContext(config, credential=_EmbeddedCredential(emulator), transport=AsgiTransport(emulator.app))
