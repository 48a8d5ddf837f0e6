"""What every tool is handed: the settings, the Azure clients, the schema, and the clock."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

from sentinel_azure_clients import AzureServicesContext
from sentinel_mcp_server.confirmation import Confirmation
from sentinel_mcp_server.plans import PlanStore
from sentinel_mcp_server.result_store import ResultStore
from sentinel_mcp_server.schema import WorkspaceSchema
from sentinel_mcp_server.settings import Settings
from sentinel_mcp_server.suspicion import SuspicionLog
from sentinel_mcp_server.tasks import TaskManager


def utc_now() -> datetime:
    """The clock that answers and expiries go by."""
    return datetime.now(UTC)


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
    owner: str = "process"
    confirmation: Confirmation | None = None
    now: Callable[[], datetime] = utc_now

    @property
    def workspace_label(self) -> str:
        """How answers name the workspace they came from."""
        config = self.azure.config
        return config.workspace_name or config.workspace_id or "workspace"
