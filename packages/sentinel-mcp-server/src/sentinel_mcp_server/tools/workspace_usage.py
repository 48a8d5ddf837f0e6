"""What the workspace ingests."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from sentinel_azure_clients import usage
from sentinel_mcp_server._define import Answer, tool
from sentinel_mcp_server.context import Services

_MB_PER_GB = 1000  # the table Usage counts in megabytes of a thousand kilobytes


class TableVolume(BaseModel):
    """The volume of one table."""

    model_config = ConfigDict(frozen=True)

    table: str
    total_mb: float
    billable_mb: float
    latest: str | None = Field(description="End of the last hour with volume")
    cost: float | None = Field(description="Of the billed volume, at the price that was given")


class WorkspaceUsage(Answer):
    """Volume by table, the largest first."""

    days: int
    total_mb: float
    billable_mb: float
    cost: float | None = Field(description="Of all tables; null without a price")
    tables: list[TableVolume]

    def body(self) -> str:
        """Totals, then one table a line."""
        at = "" if self.cost is None else f", which cost {self.cost:,.2f}"
        lines = [f"{self.days} days: {self.total_mb:,.1f} MB, of which {self.billable_mb:,.1f} MB are billed{at}"]
        lines += [
            f"{t.table}\t{t.total_mb:,.1f} MB\t{t.billable_mb:,.1f} MB billed\tlast {t.latest}"
            + ("" if t.cost is None else f"\tcost {t.cost:,.2f}")
            for t in self.tables
        ]
        return "\n".join(lines)


@tool(title="Get ingestion by table", toolset="workspace", untrusted=False)
async def workspace_usage(
    services: Services,
    days: Annotated[int, Field(ge=1, le=90, description="Days to look back")] = 30,
    price_per_gb: Annotated[
        float | None, Field(ge=0, le=1000, description="Your price of a billed GB (1,000 MB), for the cost by table")
    ] = None,
) -> WorkspaceUsage:
    """Get how much each table ingested, what of it is billed and costs, and when it last did. The last hours lack some.

    For tables that stopped use workspace_health.
    """
    tables = await usage.by_table(services.azure, days=days)

    def cost(billable_mb: float) -> float | None:
        return None if price_per_gb is None else billable_mb / _MB_PER_GB * price_per_gb

    return WorkspaceUsage(
        days=days,
        total_mb=sum(table.total_mb for table in tables),
        billable_mb=sum(table.billable_mb for table in tables),
        cost=cost(sum(table.billable_mb for table in tables)),
        tables=[
            TableVolume(
                table=t.table, total_mb=t.total_mb, billable_mb=t.billable_mb, latest=t.latest, cost=cost(t.billable_mb)
            )
            for t in sorted(tables, key=lambda table: -table.total_mb)
        ],
    )
