"""How much data a query is likely to read, estimated from what its tables ingest."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta

USAGE_DAYS = 7
"""Days of the table Usage that a table's volume per day is taken from: one week, working days and the rest."""

_MB_PER_GB = 1000  # the table Usage counts in megabytes of a thousand kilobytes


@dataclass(frozen=True, slots=True)
class TableCost:
    """A table's volume per day and in the window; None in the window where nothing bounds it."""

    table: str
    gb_per_day: float
    gb_in_window: float | None


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
