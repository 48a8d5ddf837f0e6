"""How much data a query is likely to read, estimated from what its tables ingest."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sentinel_azure_clients import AzureServicesContext, usage
from sentinel_kql_validator import Facts
from sentinel_mcp_server.errors import Refused
from sentinel_mcp_server.window import Window

USAGE_DAYS = 7
"""Days of the table Usage that a table's volume per day is taken from: one week, working days and the rest."""

_MB_PER_GB = 1000  # the table Usage counts in megabytes of a thousand kilobytes


@dataclass(frozen=True, slots=True)
class TableCost:
    """A table's volume per day and in the window; None in the window where nothing bounds it."""

    table: str
    gb_per_day: float
    gb_in_window: float | None


@dataclass(frozen=True, slots=True)
class Estimate:
    """What a query may read at most; `gb` is None where that cannot be told, and `note` says how or why not."""

    tables: tuple[TableCost, ...]
    gb: float | None
    note: str


async def estimate(azure: AzureServicesContext, facts: Facts, window: Window, *, now: datetime) -> Estimate:
    """The upper bound of what a query reads, for which the workspace's own usage is asked once.

    Raises:
        SentinelError: the usage could not be read.
    """
    if not facts.complete:
        return Estimate((), None, "The query could not be analysed, so the tables that it reads are not known.")
    span = None if window.start is None else (window.end or now) - window.start
    volumes = await usage.by_table(azure, days=USAGE_DAYS)
    costs = table_costs(facts.tables, {volume.table: volume.total_mb for volume in volumes}, span)
    if span is None:
        note = "Nothing bounds the window, so the whole retention may be read; give a timespan."
        return Estimate(costs, None, note)
    return Estimate(
        costs,
        sum(cost.gb_in_window or 0.0 for cost in costs),
        f"What the tables ingested per day in the last {USAGE_DAYS} days, times the window; filters and columns "
        "can only make it less, and a table read twice is counted once.",
    )


def refuse_costly(found: Estimate, most: float, window: Window, *, now: datetime) -> None:
    """Stop a query that may read more than `most` gigabytes, or of which that cannot be told.

    Raises:
        Refused: the sentence names the setting, and the window that the limit leaves room for.
    """
    limit = f"SENTINEL_MCP_MAX_QUERY_COST is {most:g} GB"
    if found.gb is None or window.start is None:
        raise Refused(f"The query was not sent: {limit}, and how much it reads cannot be estimated. {found.note}")
    if found.gb <= most:
        return
    minutes = int((((window.end or now) - window.start) * (most / found.gb)) / timedelta(minutes=1))
    span = f"{minutes // 60}h" if minutes >= 60 else f"{minutes}m"
    room = f"a window of {span} would fit" if minutes else "no window of a minute would fit"
    how = f"the same query with `where TimeGenerated > ago({span})`" if window.source == "query" else f"timespan {span}"
    largest = ", ".join(f"{cost.table} {cost.gb_in_window or 0.0:,.3g} GB" for cost in found.tables[:3])
    raise Refused(
        f"The query was not sent: it may read {found.gb:,.3g} GB ({largest}), and {limit}. Cheaper: {room} "
        f"({how}); or read a smaller table. query_explain shows the estimate."
    )


def table_costs(
    tables: Iterable[str], megabytes: Mapping[str, float], window: timedelta | None
) -> tuple[TableCost, ...]:
    """The estimate for each table that a query reads, the largest first; `*` stands for all that ingested.

    `megabytes` are what the tables ingested in the last `USAGE_DAYS` days. A table missing there ingested nothing.
    """
    wanted = set(tables)
    if "*" in wanted:
        wanted = (wanted - {"*"}) | set(megabytes)
    days = None if window is None else window / timedelta(days=1)
    found: list[TableCost] = []
    for table in wanted:
        per_day = megabytes.get(table, 0.0) / _MB_PER_GB / USAGE_DAYS
        found.append(TableCost(table, per_day, None if days is None else per_day * days))
    return tuple(sorted(found, key=lambda cost: (-cost.gb_per_day, cost.table)))
