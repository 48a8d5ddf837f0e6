"""The embedded workspace: the emulator's app answers the real Azure SDK clients, in this process, without a port."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from types import TracebackType
from typing import Self

from azure.core.credentials import AccessToken

from sentinel_azure_clients import AzureConfig, AzureServicesContext
from sentinel_azure_clients.asgi import AsgiTransport
from sentinel_emulator import Emulator


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


@asynccontextmanager
async def embedded_workspace() -> AsyncGenerator[AzureServicesContext]:
    """Azure clients of a generated organisation; its data are made when a call first needs them."""
    emulator = Emulator()
    workspace = emulator.workspace
    config = AzureConfig(
        subscription_id=workspace.subscription_id,
        resource_group=workspace.resource_group,
        workspace_name=workspace.workspace_name,
        workspace_id=workspace.workspace_id,
    )
    transport = AsgiTransport(emulator.app)
    async with AzureServicesContext(config, credential=_EmbeddedCredential(emulator), transport=transport) as context:
        try:
            yield context
        finally:
            await emulator.close()
