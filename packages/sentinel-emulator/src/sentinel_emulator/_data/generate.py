"""Fills a DuckDB database with the organisation's rows: ordinary traffic in SQL, the intrusion row by row.

Ordinary rows come from one SQL file per table (`sql/<Table>.sql`), set-based and random by hashes of the seed, so that
a hundred million of them cost no Python. What a file leaves out gets the column's default: the empty string for
strings, as in the service, where a string is never null.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict
from datetime import UTC, datetime
from importlib.resources import files
from typing import TYPE_CHECKING, Any, cast

from sentinel_emulator._schema import FILLED, duckdb_type, workspace_catalogue

from .constants import CONSTANT, ROW_BYTES
from .log_rows import alert_row, incident_rows

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

    from sentinel_emulator._json import Json
    from sentinel_emulator.workspace import Workspace

    from .organisation import Organisation
    from .plot import Intrusion

#: The schema that holds the tables; queries see them through views that apply the timespan.
STORE = "store"

_SOLUTIONS = {
    "AuditLogs": "LogManagement",
    "SigninLogs": "LogManagement",
    "Heartbeat": "LogManagement",
    "SecurityEvent": "Security",
}
#: Tables whose rows do not come from a file of their own.
_MADE_OTHERWISE = {"SecurityAlert", "SecurityIncident", "Usage"}
#: Tables that clients add rows to, whose rows may fill any column.
_WRITTEN = {"SecurityIncident", "ThreatIntelIndicators"}

Row = Mapping[str, Any]


def fill(
    connection: DuckDBPyConnection,
    *,
    workspace: Workspace,
    organisation: Organisation,
    intrusions: tuple[Intrusion, ...],
    seed: int,
    days: int,
    scale: float,
    now: datetime,
) -> None:
    """Create the filled tables in the schema `store` and put every row into them, in order of time."""
    connection.execute(f"CREATE SCHEMA {STORE}")
    _declare(connection, workspace, organisation, {"seed": seed, "days": days, "scale": scale}, now)
    for table in FILLED:
        _create(connection, table, _kept(connection, table, intrusions))
        if table not in _MADE_OTHERWISE:
            connection.execute('SET VARIABLE "table" = ?', [table])
            connection.execute(f'INSERT INTO {STORE}."{table}" BY NAME {_sql(table)}')
    for intrusion in intrusions:
        _record(connection, workspace, seed, intrusion)
    _bill(connection)


def _record(connection: DuckDBPyConnection, workspace: Workspace, seed: int, intrusion: Intrusion) -> None:
    """Add what an intrusion left behind, and what detection made of it."""
    cases = intrusion.cases
    alerts = [alert_row(workspace, seed, case, number) for case in cases for number in range(len(case.alerts))]
    incidents = [row for case in cases for row in incident_rows(workspace, seed, case)]
    for table, rows in (*intrusion.rows.items(), ("SecurityAlert", alerts), ("SecurityIncident", incidents)):
        insert_rows(connection, table, workspace_catalogue().query[table], rows)


def insert_rows(
    connection: DuckDBPyConnection, table: str, types: Mapping[str, str], rows: list[dict[str, Any]]
) -> None:
    """Append rows to a table of the store, given its columns' types; what a row does not name gets the default."""
    groups: dict[tuple[str, ...], list[Row]] = {}
    for row in rows:
        groups.setdefault(tuple(row), []).append(row)
    for names, members in groups.items():
        shape = json.dumps([{name: duckdb_type(types[name]) for name in names}])
        connection.execute(
            f'INSERT INTO {STORE}."{table}" BY NAME SELECT unnest(from_json_strict(?::JSON, ?), max_depth := 2)',
            [json.dumps([{name: _plain(row[name]) for name in names} for row in members]), shape],
        )


def _kept(connection: DuckDBPyConnection, table: str, intrusions: tuple[Intrusion, ...]) -> list[str]:
    """Return the columns of a table that something fills, in the service's order."""
    columns = [column for column in workspace_catalogue().query[table] if column not in CONSTANT]
    if table in _MADE_OTHERWISE | _WRITTEN:
        return columns
    described = connection.execute(f"DESCRIBE {_sql(table)}").fetchall()
    filled = {str(row[0]) for row in described}
    filled.update(name for intrusion in intrusions for row in intrusion.rows.get(table, ()) for name in row)
    return [column for column in columns if column in filled]


def _create(connection: DuckDBPyConnection, table: str, kept: list[str]) -> None:
    kinds = workspace_catalogue().query[table]
    columns = ", ".join(
        f'"{name}" {duckdb_type(kinds[name])}' + (" DEFAULT ''" if kinds[name] == "string" else "") for name in kept
    )
    connection.execute(f'CREATE TABLE {STORE}."{table}" ({columns})')


def _declare(
    connection: DuckDBPyConnection,
    workspace: Workspace,
    organisation: Organisation,
    numbers: dict[str, float],
    now: datetime,
) -> None:
    """Give the SQL files what they may name: the macros, the variables, `people` and `servers`."""
    connection.execute("SET VARIABLE now = ?::TIMESTAMP", [now.astimezone(UTC).replace(tzinfo=None)])
    for name, number in numbers.items():
        connection.execute(f"SET VARIABLE {name} = ?::{'DOUBLE' if name == 'scale' else 'BIGINT'}", [number])
    connection.execute("SET VARIABLE tenant = ?", [workspace.tenant_id])
    connection.execute("SET VARIABLE workspace = ?", [workspace.workspace_id])
    connection.execute("SET VARIABLE \"table\" = ''")
    # The macros are bound when they are made, so the variables come first.
    connection.execute(_sql("macros"))
    people = [
        {**asdict(person), **asdict(person.site), "site_address": person.site.address, "site": None}
        for person in organisation.people
    ]
    servers = [{"number": number, **asdict(server)} for number, server in enumerate(organisation.servers)]
    for name, rows in (("people", people), ("servers", servers)):
        shape = json.dumps([{key: _shape(value) for key, value in rows[0].items()}])
        connection.execute(
            f"CREATE OR REPLACE TEMP TABLE {name} AS SELECT unnest(from_json_strict(?::JSON, ?), max_depth := 2)",
            [json.dumps(rows), shape],
        )


def _bill(connection: DuckDBPyConnection) -> None:
    """Write `Usage`: what the other tables took in, by the hour, in megabytes."""
    hours = " UNION ALL ".join(_hours_of(table) for table in FILLED if table != "Usage")
    connection.execute(_sql("Usage").replace("(hours)", f"({hours})"))


def _hours_of(table: str) -> str:
    solution, billable = _SOLUTIONS.get(table, "SecurityInsights"), table in ROW_BYTES
    size = ROW_BYTES.get(table, 0)
    # The names come from the two tables above, not from anybody's text.
    return (
        f"SELECT '{table}' AS DataType, '{solution}' AS Solution, {billable} AS IsBillable, "  # noqa: S608 - see above
        "time_bucket(INTERVAL 1 HOUR, TimeGenerated) AS StartTime, count(*) AS n, "
        f"n * {size} / 1e6 AS Quantity "
        f'FROM {STORE}."{table}" GROUP BY ALL'
    )


def _sql(name: str) -> str:
    return files("sentinel_emulator._data").joinpath("sql", f"{name}.sql").read_text(encoding="utf-8")


def _plain(value: Json) -> Json:
    if isinstance(value, datetime):
        return value.astimezone(UTC).replace(tzinfo=None).isoformat()
    if isinstance(value, dict):
        return {key: _inside(member) for key, member in cast("dict[str, Json]", value).items()}
    if isinstance(value, list):
        return [_inside(member) for member in cast("list[Json]", value)]
    return value


def _inside(value: Json) -> Json:
    """Inside a dynamic value a moment is text with its zone, as JSON has no moments."""
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
    return _plain(value)


def _shape(value: object) -> str:
    if isinstance(value, bool):
        return "BOOLEAN"
    if isinstance(value, int):
        return "BIGINT"
    return "DOUBLE" if isinstance(value, float) else "VARCHAR"
