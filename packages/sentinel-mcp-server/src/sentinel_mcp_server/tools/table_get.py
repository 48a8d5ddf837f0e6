"""One table: its columns and how long it keeps rows."""

from typing import Annotated

from pydantic import Field

from sentinel_azure_clients import tables
from sentinel_mcp_server._define import Answer, tool
from sentinel_mcp_server.context import Services


class TableDetails(Answer):
    """A table's schema and plan."""

    name: str
    description: str | None
    plan: str | None = Field(description="Analytics, Basic or Auxiliary")
    table_type: str | None
    retention_days: int | None = Field(description="Days of interactive retention")
    total_retention_days: int | None = Field(description="Days of retention with the archive")
    columns: dict[str, str] = Field(description="Column names with their KQL types")

    def body(self) -> str:
        """Plan and retention in one line, then the columns by type."""
        lines = [
            f"{self.name}: plan {self.plan}",
            f"kept {self.retention_days} days, {self.total_retention_days} with the archive",
        ]
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
) -> TableDetails:
    """Get the columns, types, plan and retention of a table, before writing a query. For values use table_profile."""
    table = await tables.get_table(services.azure, name)
    return TableDetails(
        name=table.name,
        description=table.description,
        plan=table.plan,
        table_type=table.table_type,
        retention_days=table.retention_days,
        total_retention_days=table.total_retention_days,
        columns=dict(table.columns),
    )
