"""What a database file was made from, written into it, so that whoever opens it tells the same story about it."""

from __future__ import annotations

from dataclasses import astuple, dataclass, fields, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from sentinel_emulator._version import __version__

from .generate import STORE

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from duckdb import DuckDBPyConnection

_TABLE = f"{STORE}.origin"
_CUSTOM = f"{STORE}.custom_tables"


class DatabaseError(ValueError):
    """A file cannot be used as the emulator's database; the message says why."""


@dataclass(frozen=True, slots=True)
class Origin:
    """The arguments of the emulator that made a database, and the moment its rows reach up to."""

    seed: int
    days: int
    scale: float
    scenario: str
    started: datetime
    version: str = __version__


def write_origin(connection: DuckDBPyConnection, origin: Origin) -> None:
    """Write the origin into a database."""
    columns = "seed BIGINT, days BIGINT, scale DOUBLE, scenario VARCHAR, started TIMESTAMP, version VARCHAR"
    connection.execute(f"CREATE TABLE {_TABLE} ({columns})")
    started = origin.started.astimezone(UTC).replace(tzinfo=None)
    values = astuple(replace(origin, started=started))
    connection.execute(f"INSERT INTO {_TABLE} VALUES (?, ?, ?, ?, ?, ?)", values)  # noqa: S608 - the name is a constant


def remember(connection: DuckDBPyConnection, table: str, columns: Mapping[str, str]) -> None:
    """Write the columns of a custom table into a database."""
    connection.execute(f"CREATE TABLE IF NOT EXISTS {_CUSTOM} (table_name VARCHAR, column_name VARCHAR, kind VARCHAR)")
    connection.executemany(
        f"INSERT INTO {_CUSTOM} VALUES (?, ?, ?)",  # noqa: S608 - the name is a constant
        [[table, column, kind] for column, kind in columns.items()],
    )


def remembered(path: Path) -> dict[str, dict[str, str]]:
    """Return the custom tables of a database file, with the types of their columns."""
    import duckdb

    with duckdb.connect(str(path), read_only=True) as connection:
        schema, _, name = _CUSTOM.partition(".")
        known = "SELECT count(*) FROM duckdb_tables() WHERE schema_name = ? AND table_name = ?"
        if connection.execute(known, [schema, name]).fetchone() == (0,):
            return {}
        rows = connection.execute(f"SELECT table_name, column_name, kind FROM {_CUSTOM}").fetchall()  # noqa: S608 - as above
    found: dict[str, dict[str, str]] = {}
    for table, column, kind in rows:
        found.setdefault(str(table), {})[str(column)] = str(kind)
    return found


def read_origin(path: Path) -> Origin:
    """Return the origin of a database file. Raises `DatabaseError` for a file that this emulator did not make."""
    import duckdb

    names = ", ".join(field.name for field in fields(Origin))
    try:
        with duckdb.connect(str(path), read_only=True) as connection:
            row = connection.execute(f"SELECT {names} FROM {_TABLE}").fetchone()  # noqa: S608 - names of fields
    except duckdb.Error as error:
        why = str(error).splitlines()[0]
        raise DatabaseError(f"{path} is not a database that sentinel-emulator made: {why}") from error
    if row is None or row[5] != __version__:
        raise DatabaseError(f"{path} was made by another version of sentinel-emulator: generate it again.")
    seed, days, scale, scenario, started, version = row
    return Origin(seed, days, scale, scenario, started.replace(tzinfo=UTC), version)
