"""What the columns of a table hold."""

from datetime import datetime
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field

from sentinel_azure_clients import QueryRequest, logs
from sentinel_mcp_server._define import Answer, tool
from sentinel_mcp_server.context import Services
from sentinel_mcp_server.errors import Refused
from sentinel_mcp_server.investigations.profile import profile_query
from sentinel_mcp_server.results import only_table
from sentinel_mcp_server.trust import inline, shorten
from sentinel_mcp_server.window import decide_window

_EXAMPLE_LENGTH = 80
_MOST_COLUMNS = 60


class ColumnProfile(BaseModel):
    """What one column holds in the sampled rows."""

    model_config = ConfigDict(frozen=True)

    column: str
    type: str
    filled: float = Field(description="Share of rows with a value, 0 to 1")
    distinct: int = Field(description="Estimate of different values")
    example: str | None = Field(description="Some value; null where the one met was empty")


class TableProfile(Answer):
    """The columns of a table, as the rows of a window fill them."""

    own_words = frozenset({"notes"})

    table: str
    start: datetime
    end: datetime
    rows: int = Field(description="Rows that were looked at")
    columns: list[ColumnProfile] = Field(description="The fullest first")
    notes: list[str]

    def summary(self) -> str:
        """Rows and what is missing."""
        return "\n".join([f"{self.rows} rows looked at", *self.notes])

    def body(self) -> str:
        """One column a line."""
        return "\n".join(
            f"{c.column}:{c.type}\t{c.filled:.0%} filled\t{c.distinct} distinct\t{inline(c.example or '')}"
            for c in self.columns
        )


@tool(title="Profile a table", toolset="table", timeout=240.0)
async def table_profile(
    services: Services,
    name: Annotated[str, Field(min_length=1, max_length=200, description="Exact name of the table")],
    columns: Annotated[
        list[str] | None, Field(max_length=_MOST_COLUMNS, description="Columns to look at; left out: the first 60")
    ] = None,
    timespan: Annotated[str | None, Field(description="Window: 1d, 12h, P7D, or start/end in ISO 8601")] = None,
    sample: Annotated[int, Field(ge=100, le=1_000_000, description="Most rows to look at")] = 100_000,
) -> TableProfile:
    """See how each column of a table is filled: share, distinct values, an example; one query over a sample.

    For columns and types alone use table_get.
    """
    schema = await services.schema.current()
    known = schema.validator.schema.tables.get(name)
    if known is None:
        raise Refused(f"There is no table {name[:60]!r} in this workspace; table_list shows what there is.")
    if unknown := [column for column in columns or [] if column not in known]:
        raise Refused(f"{name} has no column {unknown[0][:60]!r}; table_get shows its columns.")
    window = decide_window(timespan, None, services.settings.default_timespan, now=services.now())
    if window.start is None or window.end is None:
        raise Refused("Give a timespan with a start and an end.")
    wanted = list(dict.fromkeys(columns or list(known)))[:_MOST_COLUMNS]
    request = QueryRequest(
        profile_query(name, wanted, sample),
        timespan=(window.start, window.end),
        server_timeout=services.settings.query_timeout,
        plan=schema.plan_of([name]),
    )
    response = await logs.run_query(services.azure, request)
    table = only_table(response)
    if not table.rows:
        raise Refused(f"This workspace has never got any data, so the table {name} has nothing to profile.")
    values: dict[str, Any] = dict(zip((c.name for c in table.columns), table.rows[0], strict=True))
    rows = int(values["Rows"])
    profiles = [
        ColumnProfile(
            column=column,
            type=known[column],
            filled=int(values[f"F{number}"] or 0) / rows if rows else 0.0,
            distinct=int(values[f"D{number}"] or 0),
            example=shorten(str(values[f"E{number}"]), _EXAMPLE_LENGTH) if values[f"E{number}"] else None,
        )
        for number, column in enumerate(wanted)
    ]
    notes: list[str] = []
    if rows == sample:
        notes.append(f"Only {sample} rows of the window were looked at; raise sample for more.")
    if response.status == "partial":
        notes.append("The service looked at part of the rows.")
    if columns is None and len(known) > len(wanted):
        notes.append(f"{len(known) - len(wanted)} of {len(known)} columns were not looked at; name them in columns.")
    return TableProfile(
        table=name,
        start=window.start,
        end=window.end,
        rows=rows,
        columns=sorted(profiles, key=lambda profile: (-profile.filled, profile.column)),
        notes=notes,
    )
