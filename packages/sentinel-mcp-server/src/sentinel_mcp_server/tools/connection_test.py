"""What works with these settings and this identity."""

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from sentinel_azure_clients import connection
from sentinel_mcp_server._define import Answer, tool
from sentinel_mcp_server.context import Services
from sentinel_mcp_server.settings import Settings


class CapabilityResult(BaseModel):
    """One thing that the server needs, and whether it works."""

    model_config = ConfigDict(frozen=True)

    name: str
    outcome: Literal["works", "denied", "failed", "not tried"]
    detail: str | None
    role: str | None = Field(description="Role to ask for when it is denied")
    scope: str | None = Field(description="Where that role is needed")
    latency_ms: int | None
    writes: bool = Field(description="Judged from permissions, never tried")


class ConnectionTest(Answer):
    """The result for each capability."""

    workspace: str
    offline: bool = Field(description="True: this is the embedded workspace, with generated data")
    missing_settings: list[str] = Field(description="Environment variables that name the workspace and are not set")
    reading_works: bool = Field(description="Every way of reading was tried and works")
    capabilities: list[CapabilityResult]

    def body(self) -> str:
        """One capability a line."""
        lines = [f"workspace {self.workspace}{' (embedded, generated data)' if self.offline else ''}"]
        if self.missing_settings:
            lines.append(f"not set: {', '.join(self.missing_settings)}")
        for capability in self.capabilities:
            if capability.writes:
                continue
            took = "" if capability.latency_ms is None else f" ({capability.latency_ms} ms)"
            ask = (
                f" Needs {capability.role} on {capability.scope}."
                if capability.outcome == "denied" and capability.role
                else ""
            )
            lines.append(f"{capability.name}: {capability.outcome}{took} {capability.detail or ''}{ask}".rstrip())
        return "\n".join([*lines, *self._writes()])

    def _writes(self) -> list[str]:
        """Writes that stand alike on one line: there are many, and a role gives or takes most of them together."""
        alike: dict[tuple[str, str, str], list[str]] = {}
        for found in self.capabilities:
            if found.writes:
                missing = found.outcome == "denied" and found.role
                ask = f" Needs {found.role} on {found.scope}." if missing else ""
                alike.setdefault((found.outcome, found.detail or "", ask), []).append(found.name)
        return [
            f"{', '.join(names)}: {outcome} {detail}{ask}".rstrip() for (outcome, detail, ask), names in alike.items()
        ]


_NAMES_WORKSPACE = ("subscription_id", "resource_group", "workspace_name", "workspace_id")


@tool(title="Test the connection", toolset="access", untrusted=False, timeout=90.0)
async def connection_test(services: Services) -> ConnectionTest:
    """Test sign-in, queries and the Sentinel API; names the missing role. For single tools use access_check."""
    report = await connection.test_connection(services.azure)
    capabilities = [
        CapabilityResult(
            name=capability.name,
            outcome=capability.outcome,
            detail=capability.detail,
            role=capability.role,
            scope=capability.scope,
            latency_ms=None if capability.latency_ms is None else round(capability.latency_ms),
            writes=capability.writes,
        )
        for capability in report.capabilities
    ]
    return ConnectionTest(
        workspace=services.workspace_label,
        offline=services.settings.offline,
        missing_settings=[
            Settings.variable(name) for name in _NAMES_WORKSPACE if getattr(services.azure.config, name) is None
        ],
        reading_works=report.works,
        capabilities=capabilities,
    )
