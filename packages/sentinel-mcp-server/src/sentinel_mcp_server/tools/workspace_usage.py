"""What the workspace ingests."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from sentinel_azure_clients import usage
from sentinel_mcp_server._define import Answer, tool
from sentinel_mcp_server.context import Services


class TableVolume(BaseModel):
    """The volume of one table."""

    model_config = ConfigDict(frozen=True)

    table: str
    total_mb: float
    billable_mb: float
    latest: str | None = Field(description="End of the last hour with volume")


class WorkspaceUsage(Answer):
    """Volume by table, the largest first."""

    days: int
    total_mb: float
    billable_mb: float
    tables: list[TableVolume]

    def body(self) -> str:
        """Totals, then one table a line."""
        lines = [f"{self.days} days: {self.total_mb:,.1f} MB, of which {self.billable_mb:,.1f} MB are billed"]
        lines += [
            f"{t.table}\t{t.total_mb:,.1f} MB\t{t.billable_mb:,.1f} MB billed\tlast {t.latest}" for t in self.tables
        ]
        return "\n".join(lines)


@tool(title="Get ingestion by table", toolset="workspace", untrusted=False)
async def workspace_usage(
    services: Services, days: Annotated[int, Field(ge=1, le=90, description="Days to look back")] = 30
) -> WorkspaceUsage:
    """Get how much each table ingested, what of it is billed, and when it last did. The last hours are incomplete.

    For tables that stopped use workspace_health.
    """
    tables = await usage.by_table(services.azure, days=days)
    return WorkspaceUsage(
        days=days,
        total_mb=sum(table.total_mb for table in tables),
        billable_mb=sum(table.billable_mb for table in tables),
        tables=[
            TableVolume(table=t.table, total_mb=t.total_mb, billable_mb=t.billable_mb, latest=t.latest)
            for t in sorted(tables, key=lambda table: -table.total_mb)
        ],
    )
