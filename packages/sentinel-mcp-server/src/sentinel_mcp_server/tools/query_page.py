"""More rows of an answer that was too long to show at once."""

from typing import Annotated

from pydantic import Field

from sentinel_mcp_server._define import Answer, tool
from sentinel_mcp_server.context import Services
from sentinel_mcp_server.errors import Refused
from sentinel_mcp_server.results import ResultTable, some_rows, table_text


class ResultPage(Answer):
    """Rows of a kept answer."""

    table: ResultTable
    offset: int = Field(description="Place of the first row shown, from 0")
    rows_shown: int
    row_count: int = Field(description="Rows of this table in the kept answer")
    next_offset: int | None = Field(description="Give it back for the next page; null on the last")
    query_hash: str

    def summary(self) -> str:
        """Which rows these are."""
        last = self.offset + self.rows_shown
        more = f"; for more call again with offset {self.next_offset}" if self.next_offset is not None else ""
        return f"rows {self.offset} to {last} of {self.row_count}, query {self.query_hash}{more}"

    def body(self) -> str:
        """The rows."""
        return table_text(self.table)


@tool(title="Get more rows of a result", toolset="query", of_workspace=False)
async def query_page(
    services: Services,
    result_id: Annotated[str, Field(min_length=1, max_length=100, description="result_id of a query_run answer")],
    offset: Annotated[int, Field(ge=0, description="Place of the first row to show, from 0")] = 0,
    limit: Annotated[int, Field(ge=1, le=10_000, description="Most rows to show")] = 500,
    table: Annotated[int, Field(ge=0, description="Which table of the answer, from 0")] = 0,
) -> ResultPage:
    """Get further rows of a query_run answer that named a result_id, without running the query again.

    An answer is kept for 15 minutes. To see other rows than those found, change the query and run it.
    """
    kept = services.results.get(services.owner, result_id)
    if table >= len(kept.tables):
        raise Refused(f"The answer has {len(kept.tables)} table(s), so there is none at place {table}.")
    chosen = kept.tables[table]
    shown = some_rows(chosen, offset, limit)
    end = offset + len(shown.rows)
    return ResultPage(
        table=shown,
        offset=offset,
        rows_shown=len(shown.rows),
        row_count=len(chosen.rows),
        next_offset=end if end < len(chosen.rows) else None,
        query_hash=kept.query_hash,
    )
