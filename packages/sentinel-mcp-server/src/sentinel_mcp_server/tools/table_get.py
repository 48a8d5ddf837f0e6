"""One table: its columns, how long it keeps rows, and how alive it is."""

from datetime import datetime
from typing import Annotated

from pydantic import Field

from sentinel_azure_clients import tables
from sentinel_mcp_server._define import Answer, tool
from sentinel_mcp_server.context import Services
from sentinel_mcp_server.investigations.table_freshness import Freshness, look_at
from sentinel_mcp_server.schema import plan_named
from sentinel_mcp_server.trust import inline


class TableDetails(Answer):
    """A table's schema and plan."""

    name: str
    description: str | None
    plan: str | None = Field(description="Analytics, Basic or Auxiliary")
    table_type: str | None
    retention_days: int | None = Field(description="Days of interactive retention")
    total_retention_days: int | None = Field(description="Days of retention with the archive")
    newest: datetime | None = Field(description="Newest record of the last 30 days")
    lag_seconds: float | None = Field(description="Median of the last day between what happened and its arrival")
    mb_per_day: float | None = Field(description="What came in per day of the last week")
    not_seen: list[str] = Field(description="What could not be looked at, and why")
    columns: dict[str, str] = Field(description="Column names with their KQL types")

    def body(self) -> str:
        """Plan and retention in one line, then the columns by type."""
        lines = [
            f"{self.name}: plan {self.plan}",
            f"kept {self.retention_days} days, {self.total_retention_days} with the archive",
        ]
        lines += [
            text
            for known, text in (
                (self.newest is not None, f"newest record {self.newest}"),
                (self.lag_seconds is not None, f"arrives {self.lag_seconds or 0:,.0f} s late, by the median"),
                (self.mb_per_day is not None, f"{self.mb_per_day or 0:,.2f} MB a day"),
            )
            if known
        ]
        lines += [inline(why) for why in self.not_seen]
        if self.description:
            lines.append(self.description)
        by_type: dict[str, list[str]] = {}
        for name, kind in self.columns.items():
            by_type.setdefault(kind, []).append(name)
        lines += [f"{kind}: {', '.join(names)}" for kind, names in sorted(by_type.items())]
        return "\n".join(lines)


@tool(title="Get a table", toolset="table")
async def table_get(
    services: Services,
    name: Annotated[str, Field(min_length=1, max_length=200, description="Exact name of the table")],
    freshness: Annotated[
        bool, Field(description="Look at newest record, ingestion lag and volume, too: three small queries")
    ] = True,
) -> TableDetails:
    """Get a table's columns, types, plan, retention, newest record, ingestion lag and volume, before writing a query.

    For values use table_profile.
    """
    table = await tables.get_table(services.azure, name)
    alive = Freshness(None, None, None, ())
    if freshness and "TimeGenerated" in table.columns:
        plan = plan_named(table.plan)
        alive = await look_at(services.azure, table.name, plan, services.now())
    return TableDetails(
        name=table.name,
        description=table.description,
        plan=table.plan,
        table_type=table.table_type,
        retention_days=table.retention_days,
        total_retention_days=table.total_retention_days,
        newest=alive.newest,
        lag_seconds=alive.lag_seconds,
        mb_per_day=alive.mb_per_day,
        not_seen=list(alive.not_seen),
        columns=dict(table.columns),
    )
