"""What a database file was made from, written into it, so that whoever opens it tells the same story about it."""

from __future__ import annotations

from dataclasses import astuple, dataclass, fields, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from sentinel_emulator._version import __version__

from .generate import STORE

if TYPE_CHECKING:
    from pathlib import Path

    from duckdb import DuckDBPyConnection

_TABLE = f"{STORE}.origin"


class DatabaseError(ValueError):
    """A file cannot be used as the emulator's database; the message says why."""


@dataclass(frozen=True, slots=True)
class Origin:
    """The arguments of the emulator that made a database, and the moment its rows reach up to."""

    seed: int
    days: int
    scale: int
    scenario: str
    started: datetime
    version: str = __version__


def write_origin(connection: DuckDBPyConnection, origin: Origin) -> None:
    """Write the origin into a database."""
    columns = "seed BIGINT, days BIGINT, scale BIGINT, scenario VARCHAR, started TIMESTAMP, version VARCHAR"
    connection.execute(f"CREATE TABLE {_TABLE} ({columns})")
    started = origin.started.astimezone(UTC).replace(tzinfo=None)
    values = astuple(replace(origin, started=started))
    connection.execute(f"INSERT INTO {_TABLE} VALUES (?, ?, ?, ?, ?, ?)", values)  # noqa: S608 - the name is a constant


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
