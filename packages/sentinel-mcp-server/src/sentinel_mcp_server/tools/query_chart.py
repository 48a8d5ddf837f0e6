"""Draw what a query finds."""

import asyncio
from typing import Annotated, Literal, cast

from pydantic import Field

from sentinel_mcp_server import chart_drawing
from sentinel_mcp_server._define import Answer, tool
from sentinel_mcp_server.chart_drawing import require_drawing, specification
from sentinel_mcp_server.chart_layout import ChartKind, Layout, lay_out, points_of
from sentinel_mcp_server.context import Services
from sentinel_mcp_server.errors import Refused
from sentinel_mcp_server.results import ResultTable, table_text
from sentinel_mcp_server.tools.query_run import QueryAnswer, SearchedWindow, query_run

_MOST_ROWS = 5000


class ChartAnswer(Answer):
    """A chart and the rows behind it."""

    own_words = frozenset({"notes", "warnings"})

    title: str
    layout: Layout
    status: Literal["complete", "partial", "truncated"]
    window: SearchedWindow
    workspace: str
    query_hash: str
    row_count: int
    table: ResultTable = Field(description="The rows that are drawn")
    notes: list[str] = Field(description="What the chart leaves out")
    warnings: list[str]

    def summary(self) -> str:
        """What is drawn over which window, and what is not."""
        lines = [
            f"status: {self.status}; rows: {self.row_count}; query {self.query_hash}",
            f"{self.layout.kind} chart; window: {self._told_window()} (from the {self.window.source})",
        ]
        return "\n".join([*lines, *self.notes, *self.warnings])

    def body(self) -> str:
        """The rows behind the picture."""
        return table_text(self.table, 6000)

    async def pictures(self) -> list[bytes]:
        """The chart, drawn from what the answer shows and nothing else."""
        points, _ = points_of(self.table, self.layout)
        subtitle = f"{self._told_window()} · {self.workspace}"
        return [await asyncio.to_thread(chart_drawing.draw, specification(self.layout, points, self.title, subtitle))]

    def _told_window(self) -> str:
        ends = (self.window.start, self.window.end)
        return " to ".join("unbounded" if end is None else f"{end:%Y-%m-%d %H:%M}" for end in ends) + " UTC"


@tool(title="Draw a chart of a query", toolset="query", timeout=660.0)
async def query_chart(
    services: Services,
    query: Annotated[str, Field(description="KQL with few, aggregated rows; `render` is followed")],
    timespan: Annotated[str | None, Field(description="Window to search, as for query_run")] = None,
    kind: Annotated[ChartKind | None, Field(description="Default: what render says, else line or bar")] = None,
    x: Annotated[str | None, Field(max_length=200, description="Column along x; default: time, else text")] = None,
    y: Annotated[list[str] | None, Field(max_length=10, description="Columns of values; default: all numbers")] = None,
    series: Annotated[str | None, Field(max_length=200, description="Column that tells series apart")] = None,
    title: Annotated[str | None, Field(max_length=200, description="Over the chart")] = None,
) -> ChartAnswer:
    """Draw a query's result as a PNG, with the rows behind it. Times are UTC.

    Not for reading values or single rows: use query_run. Aggregate first, such as by bin(TimeGenerated, 1h).
    """
    require_drawing()
    answer = cast(
        "QueryAnswer",
        await query_run.function(
            services, query=query, timespan=timespan, max_rows=_MOST_ROWS, include_visualization=True
        ),
    )
    if answer.row_count == 0 or answer.status == "running":
        why = f" {answer.zero_rows.explanation}" if answer.zero_rows else ""
        raise Refused(f"The query found no rows ({answer.status}), so there is nothing to draw.{why}")
    table = answer.tables[0]
    rendered = answer.visualization or {}
    layout, notes = lay_out(table, rendered, kind, (x, y or (), series))
    _, left_out = points_of(table, layout)
    if len(table.rows) < answer.row_count:
        left_out.append(
            f"Only the first {len(table.rows)} of {answer.row_count} rows are drawn: aggregate more in KQL."
        )
    return ChartAnswer(
        title=title or str(rendered.get("title") or f"{', '.join(layout.y)} by {layout.x}"),
        layout=layout,
        status=answer.status,
        window=answer.window,
        workspace=answer.workspace,
        query_hash=answer.query_hash,
        row_count=answer.row_count,
        table=table,
        notes=[*notes, *left_out],
        warnings=answer.warnings,
    )
