"""Tables of rows as answers carry them: full precision in structured form, compact text for reading."""

import json
from itertools import islice
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from sentinel_azure_clients import QueryResponse, Table
from sentinel_mcp_server.trust import inline

TEXT_BUDGET = 24_000
"""Most characters of rows in a text block; `structuredContent` carries every row shown."""


ROWS_BUDGET = 400_000
"""Most characters of rows in `structuredContent`: common HTTP clients close a connection whose event is over 1 MiB."""


class ResultColumn(BaseModel):
    """A column of an answer."""

    model_config = ConfigDict(frozen=True)

    name: str
    type: str = Field(description="KQL type")


class ResultTable(BaseModel):
    """Rows as the service gave them: datetimes as ISO 8601 text, dynamic values as JSON text, longs exact."""

    model_config = ConfigDict(frozen=True)

    name: str
    columns: list[ResultColumn]
    rows: list[list[Any]]


def only_table(response: QueryResponse) -> Table:
    """The table of a query that gives one; without rows and columns where the workspace never got any data."""
    (table,) = response.result_tables or (Table("PrimaryResult", (), ()),)
    return table


def some_rows(table: Table, offset: int, limit: int, budget: int = ROWS_BUDGET) -> ResultTable:
    """At most `limit` rows of a client's table from `offset`, and no more than `budget` characters of them as JSON.

    The first row is given whatever its size, so that paging always gets on.
    """
    rows: list[list[Any]] = []
    left = budget
    for row in islice(table.rows, offset, offset + limit):
        left -= len(json.dumps(row, default=str))
        if left < 0 and rows:
            break
        rows.append(list(row))
    return ResultTable(
        name=table.name,
        columns=[ResultColumn(name=column.name, type=column.type) for column in table.columns],
        rows=rows,
    )


def table_text(table: ResultTable, budget: int = TEXT_BUDGET) -> str:
    """Tab-separated rows under a header line, each field cleaned; says how many rows did not fit the budget."""
    lines = ["\t".join(inline(column.name) for column in table.columns)]
    used = len(lines[0])
    for number, row in enumerate(table.rows):
        line = "\t".join("" if value is None else inline(str(value)) for value in row)
        used += len(line) + 1
        if used > budget:
            left = len(table.rows) - number
            lines.append(
                f"…{left} more rows are in structuredContent; this text holds at most {budget} characters of rows"
            )
            break
        lines.append(line)
    return "\n".join(lines)
