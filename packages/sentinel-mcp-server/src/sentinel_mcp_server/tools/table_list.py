"""Which tables the workspace has."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from sentinel_azure_clients import tables
from sentinel_mcp_server._define import Answer, tool
from sentinel_mcp_server.context import Services
from sentinel_mcp_server.trust import inline


class TableSummary(BaseModel):
    """A table in one line."""

    model_config = ConfigDict(frozen=True)

    name: str
    plan: str | None = Field(description="Analytics, Basic or Auxiliary: what it costs and what KQL may do with it")
    retention_days: int | None = Field(description="Days of interactive retention")
    column_count: int


class TableList(Answer):
    """The tables whose names match, in order of their names."""

    tables: list[TableSummary]
    matched: int = Field(description="Tables whose names match")
    total: int = Field(description="Tables in the workspace")

    def summary(self) -> str:
        """How many there are, and how many of them are shown."""
        return f"{self.matched} of {self.total} tables match; {len(self.tables)} shown"

    def body(self) -> str:
        """One table a line."""
        return "\n".join(
            f"{inline(t.name)}\t{t.plan or '?'}\t{t.column_count} columns\t{t.retention_days or '?'} days"
            for t in self.tables
        )


@tool(title="List tables", toolset="table")
async def table_list(
    services: Services,
    name_contains: Annotated[str | None, Field(max_length=200, description="Part of the name, in any case")] = None,
    limit: Annotated[int, Field(ge=1, le=2000, description="Most tables to show")] = 100,
) -> TableList:
    """List the tables of the workspace, by name. A listed table may be empty: count its rows with query_run."""
    everything = await tables.list_tables(services.azure)
    needle = (name_contains or "").casefold()
    matching = sorted((t for t in everything if needle in t.name.casefold()), key=lambda table: table.name.casefold())
    return TableList(
        tables=[
            TableSummary(name=t.name, plan=t.plan, retention_days=t.retention_days, column_count=len(t.columns))
            for t in matching[:limit]
        ],
        matched=len(matching),
        total=len(everything),
    )
