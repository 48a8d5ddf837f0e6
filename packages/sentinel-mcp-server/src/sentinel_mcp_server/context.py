"""What every tool is handed: the settings, the Azure clients, the schema, and the clock."""

from collections.abc import Callable, Mapping
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any, Protocol

from sentinel_azure_clients import AzureServicesContext
from sentinel_mcp_server.confirmation import Confirmation
from sentinel_mcp_server.plans import PlanStore
from sentinel_mcp_server.pseudonyms import Pseudonyms
from sentinel_mcp_server.result_store import ResultStore
from sentinel_mcp_server.schema import WorkspaceSchema
from sentinel_mcp_server.settings import Settings
from sentinel_mcp_server.suspicion import SuspicionLog
from sentinel_mcp_server.tasks import TaskManager


def owner_of(request: Any) -> str:  # noqa: ANN401 - whatever the transport attached: an HTTP request, or nothing
    """Whom a call belongs to: its MCP session over HTTP, everybody without one, the process where nothing is HTTP.

    Older HTTP clients name the session in a header, SSE clients in the query of the address that they were given; both
    are long random ids that only the client and this server know.
    """
    headers: Mapping[str, str] | None = getattr(request, "headers", None)
    if headers is None:
        return "process"
    query: Mapping[str, str] = getattr(request, "query_params", {})
    return f"session:{headers.get('mcp-session-id') or query.get('session_id') or 'none'}"


def utc_now() -> datetime:
    """The clock that answers and expiries go by."""
    return datetime.now(UTC)


class WorkspaceOf(Protocol):
    """Makes clients of a workspace that has these tables (columns and KQL types), these rows, and this time."""

    def __call__(
        self,
        tables: Mapping[str, Mapping[str, str]],
        rows: Mapping[str, list[dict[str, Any]]],
        now: datetime,
        /,
    ) -> AbstractAsyncContextManager[AzureServicesContext]:
        """The clients, for as long as the block lasts."""
        ...


@dataclass(frozen=True, slots=True)
class Services:
    """One per server process, built when it starts and closed when it stops; nothing in it has spoken to Azure yet.

    Each call gets its own copy with `owner`, whom results and plans of this call belong to, and `confirmation`, the way
    to the person behind it.
    """

    settings: Settings
    azure: AzureServicesContext
    schema: WorkspaceSchema
    results: ResultStore
    plans: PlanStore
    tasks: TaskManager
    suspicions: SuspicionLog
    pseudonyms: Pseudonyms | None
    workspace_of: WorkspaceOf
    owner: str = "process"
    confirmation: Confirmation | None = None
    now: Callable[[], datetime] = utc_now

    def at(self, name: str) -> "Services":
        """The same for another workspace of the settings.

        Raises:
            NotConfigured: there is none of that name.
        """
        azure = self.azure.workspace(name)
        return replace(self, azure=azure, schema=self.schema.of(name, azure))

    @property
    def workspace_label(self) -> str:
        """How answers name the workspace they came from."""
        config = self.azure.config
        return config.workspace_name or config.workspace_id or "workspace"
