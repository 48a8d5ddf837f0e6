"""The way to one workspace: credential, connections and SDK clients, each made when first needed."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Self, TypeVar

from sentinel_azure_clients._address import join
from sentinel_azure_clients._cache import Facts
from sentinel_azure_clients._limits import Limiter
from sentinel_azure_clients.config import VARIABLES
from sentinel_azure_clients.errors import InvalidInput, NotConfigured

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import TracebackType

    from azure.core.credentials_async import AsyncTokenCredential
    from azure.core.pipeline.transport import AsyncHttpTransport
    from azure.mgmt.loganalytics.aio import LogAnalyticsManagementClient
    from azure.mgmt.monitor.aio import MonitorManagementClient
    from azure.mgmt.securityinsight.aio import SecurityInsights
    from azure.monitor.query.aio import LogsQueryClient

    from sentinel_azure_clients.config import AzureConfig

T = TypeVar("T")

# What the service grants one user for tables of the Basic and Auxiliary plans.
_BASIC_QUERIES = 2


class AzureServicesContext:
    """Everything a call needs to reach one workspace. Use it as an async context manager, in one event loop.

    `credential` is any async azure-core credential (default: what `config.credential` names; that one is closed with
    the context, one handed in is not). Raises `InvalidInput` for one of azure-identity's synchronous ones.
    `transport` is an azure-core async transport that all clients share, for instance
    `sentinel_azure_clients.asgi.AsgiTransport(app)`; it is closed with the context.

    The four clients are the official SDK's own, ready to be used directly. They share the connections, the retry
    policy and the limits of this package (`queries`, `basic_queries` for tables of cheaper plans, and `calls` for
    everything at Azure Resource Manager). None is built, and nothing of Azure is imported, before its first use.
    `facts` is what is remembered of the workspace.
    """

    def __init__(
        self,
        config: AzureConfig,
        *,
        credential: AsyncTokenCredential | None = None,
        transport: AsyncHttpTransport[Any, Any] | None = None,
    ) -> None:
        if credential is not None:
            _check_async(credential)
        self.config = config
        self.queries = Limiter(config.concurrent_queries, starts=config.queries_per_30_seconds, window=30.0)
        self.basic_queries = Limiter(min(config.concurrent_queries, _BASIC_QUERIES))
        self.calls = Limiter(config.concurrent_reads)
        self.facts = Facts(ttl=config.schema_ttl)
        self._credential = credential
        self._owns_credential = credential is None
        self._transport = transport
        self._clients: dict[str, Any] = {}
        self._workspaces: dict[str, AzureServicesContext] = {}
        self._closed = False

    # --- the workspace -------------------------------------------------------------------------------------------

    @property
    def subscription_id(self) -> str | None:
        """The subscription from the settings, or None."""
        return self.config.subscription_id

    @property
    def resource_group(self) -> str | None:
        """The resource group from the settings, or None."""
        return self.config.resource_group

    @property
    def workspace_name(self) -> str | None:
        """The workspace's name from the settings, or None."""
        return self.config.workspace_name

    @property
    def workspace_id(self) -> str | None:
        """The workspace's GUID: from the settings, or as the workspace resource gave it earlier, else None.

        `workspace.get_workspace_id(context)` asks the workspace resource when it is not known.
        """
        known = self.facts.peek("workspace_id")
        return self.config.workspace_id or (known if isinstance(known, str) else None)

    def workspace(self, name: str) -> AzureServicesContext:
        """The way to another workspace of the settings, by the name it has there.

        It shares credential, connections and limits with this one and is closed with it; what is remembered of a
        workspace is not shared. Raises `NotConfigured` for a name that is not in the settings.
        """
        self._open()
        if name not in self._workspaces:
            known = {place.name: place for place in self.config.workspaces}
            if name not in known:
                listed = ", ".join(known) or "none"
                raise NotConfigured(f"There is no workspace {name!r} in the settings; there is: {listed}.")
            config = replace(self.config, **known[name].settings())
            other = AzureServicesContext(config, credential=self.credential, transport=self._lent_transport())
            other.queries, other.basic_queries, other.calls = self.queries, self.basic_queries, self.calls
            self._workspaces[name] = other
        return self._workspaces[name]

    def workspace_path(self, *names: str) -> str:
        """The resource path of the workspace, and of what lies below it.

        Raises `NotConfigured` naming each environment variable that is missing.
        """
        subscription, group, workspace = self.required("subscription_id", "resource_group", "workspace_name")
        return join(
            "subscriptions",
            subscription,
            "resourceGroups",
            group,
            "providers",
            "Microsoft.OperationalInsights",
            "workspaces",
            workspace,
            *names,
        )

    def sentinel_path(self, *names: str) -> str:
        """The resource path of something that Sentinel keeps in the workspace."""
        return self.workspace_path("providers", "Microsoft.SecurityInsights", *names)

    def required(self, *settings: str) -> tuple[str, ...]:
        """The values of settings that a call cannot do without.

        Raises `NotConfigured` naming the environment variables of those that are missing.
        """
        values = {name: getattr(self.config, name) for name in settings}
        missing = tuple(VARIABLES[name] for name, value in values.items() if not value)
        if missing:
            listed = " and ".join(missing) if len(missing) < 3 else f"{', '.join(missing[:-1])} and {missing[-1]}"
            raise NotConfigured(f"No workspace is configured for this call: set {listed}.", variables=missing)
        return tuple(values.values())

    # --- the clients ---------------------------------------------------------------------------------------------

    @property
    def credential(self) -> AsyncTokenCredential:
        """The credential, built on first use."""
        self._open()
        if self._credential is None:
            from sentinel_azure_clients._credentials import build_credential

            self._credential = build_credential(self.config)
        return self._credential

    @property
    def logs_client(self) -> LogsQueryClient:
        """The SDK's query client."""
        return self._client("logs", self._logs_client)

    @property
    def metrics_client(self) -> MonitorManagementClient:
        """The documented successor of `MetricsQueryClient` (that class left the SDK in azure-monitor-query 2.0)."""
        return self._client("metrics", self._metrics_client)

    @property
    def security_insights_client(self) -> SecurityInsights:
        """The SDK's stable Sentinel client (API 2021-10-01)."""
        return self._client("security_insights", self._security_insights_client)

    @property
    def loganalytics_client(self) -> LogAnalyticsManagementClient:
        """The SDK's client of workspaces and tables; its pipeline also carries this package's pinned requests."""
        return self._client("loganalytics", self._loganalytics_client)

    # --- life ----------------------------------------------------------------------------------------------------

    async def __aenter__(self) -> Self:
        self._open()
        return self

    async def __aexit__(
        self,
        exc_type: type[BaseException] | None,
        exc_value: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        await self.aclose()

    async def aclose(self) -> None:
        """Close the connections, and the credential if it was built here. A second time does nothing."""
        if self._closed:
            return
        self._closed = True
        self._clients.clear()
        for other in self._workspaces.values():
            await other.aclose()
        await self.facts.aclose()
        try:
            if self._transport is not None:
                await self._transport.close()
        finally:
            if self._owns_credential and self._credential is not None:
                await self._credential.close()
        await asyncio.sleep(0)  # lets aiohttp's connections finish closing

    def _open(self) -> None:
        if self._closed:
            raise NotConfigured("This AzureServicesContext has been closed; make a new one.")

    def _client(self, name: str, build: Callable[[], T]) -> T:
        self._open()
        if name not in self._clients:
            self._clients[name] = build()
        return self._clients[name]

    def _plumbing(self, *, endpoint: str, scope: str, limiter: Limiter) -> dict[str, Any]:
        from sentinel_azure_clients._pipeline import policies

        return {
            "transport": self._lent_transport(),
            "credential_scopes": [scope],
            "policies": policies(self.config, self.credential, endpoint=endpoint, scope=scope, limiter=limiter),
        }

    def _lent_transport(self) -> AsyncHttpTransport[Any, Any]:
        from sentinel_azure_clients._transport import SharedTransport, TlsTransport

        if self._transport is None:
            self._transport = TlsTransport(
                ca_bundle=self.config.ca_bundle,
                connections=self.config.concurrent_queries + self.config.concurrent_reads,
                read_timeout=self.config.query_timeout + self.config.deadline,
            )
        return SharedTransport(self._transport)

    def _arm_plumbing(self) -> dict[str, Any]:
        return self._plumbing(endpoint=self.config.arm, scope=self.config.endpoints.arm_scope, limiter=self.calls)

    def _logs_client(self) -> LogsQueryClient:
        from azure.monitor.query.aio import LogsQueryClient

        plumbing = self._plumbing(
            endpoint=self.config.logs, scope=self.config.endpoints.logs_scope, limiter=self.queries
        )
        return LogsQueryClient(self.credential, endpoint=self.config.logs, **plumbing)

    def _metrics_client(self) -> MonitorManagementClient:
        from azure.mgmt.monitor.aio import MonitorManagementClient

        (subscription,) = self.required("subscription_id")
        return MonitorManagementClient(self.credential, subscription, base_url=self.config.arm, **self._arm_plumbing())

    def _security_insights_client(self) -> SecurityInsights:
        from azure.mgmt.securityinsight.aio import SecurityInsights

        (subscription,) = self.required("subscription_id")
        return SecurityInsights(self.credential, subscription, base_url=self.config.arm, **self._arm_plumbing())

    def _loganalytics_client(self) -> LogAnalyticsManagementClient:
        from azure.mgmt.loganalytics.aio import LogAnalyticsManagementClient

        (subscription,) = self.required("subscription_id")
        return LogAnalyticsManagementClient(
            self.credential, subscription, base_url=self.config.arm, **self._arm_plumbing()
        )


def _check_async(credential: object) -> None:
    # azure-identity has each class twice under one name, and the wrong one fails only in the middle of a call.
    module = type(credential).__module__
    if module.startswith("azure.identity") and not module.startswith("azure.identity.aio"):
        name = type(credential).__name__
        raise InvalidInput(f"This {name} is the synchronous one; hand in {name} of azure.identity.aio.")
