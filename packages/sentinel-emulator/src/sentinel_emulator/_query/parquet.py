"""A folder of Parquet files whose rows are queried where they lie: nothing is copied, and little is held at a time.

`FOLDER/<Table>/` holds a table's files, at any depth; `FOLDER/<Table>.parquet` is a table of one file.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sentinel_emulator._schema import duckdb_type

from .values import kql_type

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from sentinel_emulator._schema import Catalogue

_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,62}")
_COLUMN = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,62}")


class ParquetError(OSError):
    """A folder cannot be queried; the message says which file or table is the reason."""


@dataclass(frozen=True, slots=True)
class Lying:
    """A table that lies in files: SQL that reads it, and the DuckDB types of the columns in the files."""

    read: str
    columns: Mapping[str, str]

    def select(self, kinds: Mapping[str, str]) -> str:
        """Return SQL for the rows, each column brought to the type that its KQL type is stored as."""
        shown = ", ".join(f'{_cast(name, held, kinds[name])} AS "{name}"' for name, held in self.columns.items())
        return f"(SELECT {shown} FROM {self.read})"  # noqa: S608 - names are checked, and the path is quoted


def lying_tables(folder: Path) -> dict[str, Lying]:
    """Return the tables of a folder. Raises `ParquetError`."""
    if not folder.is_dir():
        raise ParquetError(f"{folder} is not a folder of Parquet files.")
    found: dict[str, Lying] = {}
    for entry in sorted(folder.iterdir()):
        is_table = any(entry.rglob("*.parquet")) if entry.is_dir() else entry.suffix == ".parquet"
        if is_table:
            table = entry.stem if entry.is_file() else entry.name
            if not _NAME.fullmatch(table):
                raise ParquetError(f"{entry}: a table cannot be called {table!r}.")
            found[table] = _described(entry)
    if not found:
        raise ParquetError(f"{folder} holds no Parquet files.")
    return found


def catalogue_with(catalogue: Catalogue, tables: Mapping[str, Lying], folder: Path) -> Catalogue:
    """Return a catalogue that has the folder's tables too: known ones, and custom ones with the columns of their files.

    Raises `ParquetError` for a table whose columns do not fit.
    """
    custom: dict[str, dict[str, str]] = {}
    for table, lying in tables.items():
        if "TimeGenerated" not in lying.columns:
            raise ParquetError(f"{folder / table}: the table needs a column 'TimeGenerated'.")
        if table in catalogue.tables:
            unknown = next((name for name in lying.columns if name not in catalogue.tables[table]), None)
            if unknown is not None:
                raise ParquetError(f"{folder / table}: the table {table} has no column '{unknown}'.")
        elif table.endswith("_CL"):
            custom[table] = {name: _kql_type(folder, table, name, held) for name, held in lying.columns.items()}
        else:
            raise ParquetError(f"{folder / table}: there is no such table; a custom table's name ends with _CL.")
    return catalogue.with_custom(custom) if custom else catalogue


def _described(entry: Path) -> Lying:
    import duckdb

    pattern = str(entry / "**" / "*.parquet") if entry.is_dir() else str(entry)
    read = f"read_parquet('{pattern.replace(chr(39), chr(39) * 2)}', union_by_name = true)"
    try:
        with duckdb.connect() as connection:
            described = connection.execute(f"DESCRIBE SELECT * FROM {read}").fetchall()  # noqa: S608 - quoted above
    except duckdb.Error as error:
        raise ParquetError(f"{entry}: it cannot be read as Parquet: {str(error).partition(chr(10))[0]}") from error
    columns = {str(row[0]): str(row[1]) for row in described}
    wrong = next((name for name in columns if not _COLUMN.fullmatch(name)), None)
    if wrong is not None:
        raise ParquetError(f"{entry}: a column cannot be called {wrong[:60]!r}.")
    return Lying(read, columns)


#: Types of files that no table can have, though a query can.
_REFUSED = ("INTERVAL", "BLOB", "TIME", "HUGEINT", "UHUGEINT", "BIT", "ENUM")


def _kql_type(folder: Path, table: str, name: str, held: str) -> str:
    if held.startswith(_REFUSED) and not held.startswith("TIMESTAMP"):
        raise ParquetError(f"{folder / table}: the column '{name}' has the type {held}, which no table can have.")
    kind = kql_type(held)
    return "real" if kind == "decimal" else kind


def _cast(name: str, held: str, kind: str) -> str:
    column = f'"{name}"'
    if kind == "string":
        # As in the service, a string is never null.
        text = column if held == "VARCHAR" else f"CAST({column} AS VARCHAR)"
        return f"coalesce({text}, '')"
    if kind == "dynamic":
        if held != "VARCHAR":
            return f"to_json({column})"
        return f"CASE WHEN json_valid({column}) THEN CAST({column} AS JSON) ELSE to_json({column}) END"
    return f"CAST({column} AS {duckdb_type(kind)})"
