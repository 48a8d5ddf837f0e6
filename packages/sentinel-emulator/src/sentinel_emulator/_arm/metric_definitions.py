"""Which metrics a workspace has, and how its rows tell them: nothing is made up.

Names, units and dimensions are those of Microsoft's reference of April 2025. Of the seventy or so metrics that it lists
for a workspace, these are the ones that the emulator's rows can tell.
"""

from __future__ import annotations

from dataclasses import dataclass

from sentinel_emulator._schema import FILLED

#: What a sample can be aggregated to.
AGGREGATIONS = ("Average", "Minimum", "Maximum", "Total", "Count")


@dataclass(frozen=True, slots=True)
class Metric:
    """One metric: rows of `table` are its samples, each worth `value`, and can be split by `dimensions`.

    `reads` are the columns that the rest names; `value` and `where` are SQL of our own, and a dimension is a column or,
    where every row says the same, that word. A `table` of `*` stands for all tables, split by their names.
    """

    name: str
    description: str
    unit: str
    primary: str
    table: str
    dimensions: dict[str, str]
    reads: tuple[str, ...] = ()
    value: str = "1"
    where: str = "true"

    @property
    def title(self) -> str:
        """The name as a person sees it."""
        return self.name.removeprefix("Average_")

    def samples(self) -> tuple[str, dict[str, tuple[str, ...]]]:
        """Return SQL for the samples (columns `moment`, `v`, `d0`, `d1`...), and the columns it reads of each table."""
        if self.table == "*":
            tables = [table for table in FILLED if table != "Usage"]
            parts = [f"SELECT TimeGenerated AS moment, 1 AS v, '{table}' AS d0 FROM \"{table}\"" for table in tables]  # noqa: S608 - constants
            return " UNION ALL ".join(parts), dict.fromkeys(tables, ("TimeGenerated",))
        split = ", ".join(f"CAST({column} AS VARCHAR) AS d{n}" for n, column in enumerate(self.dimensions.values()))
        sql = f"SELECT TimeGenerated AS moment, {self.value} AS v, {split} FROM {self.table} WHERE {self.where}"  # noqa: S608 - constants
        return sql, {self.table: ("TimeGenerated", *self.reads)}


def _counter(counter: str) -> Metric:
    columns = ("Computer", "ObjectName", "InstanceName", "CounterPath", "SourceSystem")
    return Metric(
        name=f"Average_{counter}",
        description=f"Average_{counter}. Part of the metric alerts for logs.",
        unit="Count",
        primary="Average",
        table="Perf",
        dimensions={column: column for column in columns},
        reads=(*columns, "CounterName", "CounterValue"),
        value="CounterValue",
        where=f"CounterName = '{counter}'",
    )


def _rows(table: str, primary: str, *columns: str) -> Metric:
    description = f"{table}. Part of the metric alerts for logs."
    return Metric(table, description, "Count", primary, table, {column: column for column in columns}, columns)


def _queries(name: str, description: str, value: str = "1", where: str = "true") -> Metric:
    unit, primary = ("Count", "Count") if value == "1" else ("Percent", "Average")
    return Metric(
        name, description, unit, primary, "LAQueryLogs", {"IsUserQuery": "'True'"}, ("ResponseCode",), value, where
    )


_ALL = (
    _counter("% Free Space"),
    _counter("% Processor Time"),
    _counter("Available MBytes"),
    _queries(
        "AvailabilityRate_Query",
        "The share of users' queries that succeeded.",
        "CASE WHEN ResponseCode < 400 THEN 100 ELSE 0 END",
    ),
    _rows(
        "Event", "Average", "Source", "EventLog", "Computer", "EventCategory", "EventLevel", "EventLevelName", "EventID"
    ),
    _rows("Heartbeat", "Total", "Computer", "OSType", "Version", "SourceComputerId"),
    Metric(
        "Ingestion Volume",
        "How many records the workspace, or a table, took in.",
        "Count",
        "Count",
        "*",
        {"Table Name": "Type"},
    ),
    _queries("Query Count", "How many queries users ran."),
    _queries("Query Failure Count", "How many of users' queries failed.", where="ResponseCode >= 400"),
)

#: Every metric, by its name in lower case: the service finds them in any case.
METRICS = {metric.name.lower(): metric for metric in _ALL}
