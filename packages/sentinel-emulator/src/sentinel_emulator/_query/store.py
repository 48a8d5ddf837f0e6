"""The workspace's rows in DuckDB, and the one way to run SQL over them: read-only, bounded, apart from the machine."""

from __future__ import annotations

import logging
import threading
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from sentinel_emulator._data.constants import constant
from sentinel_emulator._data.generate import STORE, insert_rows
from sentinel_emulator._data.origin import remember
from sentinel_emulator._schema import duckdb_type

from .faults import limit_fault, timeout_fault, unsupported_fault
from .stop import Stop

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from duckdb import DuckDBPyConnection

    from sentinel_emulator._schema import Catalogue

    from .parquet import Lying
    from .timespan import Window

#: What the service returns at most from one query (documented in March 2026).
ROW_LIMIT = 500_000
#: Seconds that closing waits for a query that was told to end.
_END_WITHIN = 10
_LOG = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Answer:
    """The rows of one query. `columns` are (name, DuckDB type); `truncated` says that more rows were found."""

    columns: tuple[tuple[str, str], ...]
    rows: list[tuple[Any, ...]]
    truncated: bool
    scanned: int


class Store:
    """One database, in memory or a file; any number of threads may ask it at once.

    `fill` is called once to put the rows in; None says that the file has them. `lying` are tables whose rows are in
    files of `folder` instead. `memory` bounds what queries may use.
    """

    def __init__(
        self,
        fill: Callable[[DuckDBPyConnection], None] | None,
        workspace_id: str,
        catalogue: Catalogue,
        *,
        database: str = ":memory:",
        memory: str = "1GB",
        threads: int = 2,
        lying: Mapping[str, Lying] | None = None,
        folder: str = "",
    ) -> None:
        import duckdb

        try:
            self._connection = duckdb.connect(
                database, config={"memory_limit": memory, "threads": threads, "temp_directory": ""}
            )
        except duckdb.Error as error:
            raise OSError(f"The database {database} cannot be opened: {_first_sentence(error)}") from error
        self._lock = threading.Lock()
        self._running: set[Stop] = set()
        self._none_runs = threading.Condition(self._lock)
        # KQL's moments are UTC; a cursor takes the zone over from here.
        self._connection.execute("SET GLOBAL TimeZone = 'UTC'")
        if fill is not None:
            try:
                fill(self._connection)
            except duckdb.OutOfMemoryException as error:
                self._connection.close()
                raise OSError(f"The rows do not fit into {memory}: give more memory, or a database file.") from error
        self._workspace_id = workspace_id
        self._catalogue = catalogue
        self._lying = {
            table: (item.select(catalogue.query[table]), item.columns) for table, item in (lying or {}).items()
        }
        self._kept = self._columns()
        # From here on no statement can reach a file or the network, but for the folder, and none can take this back.
        if folder:
            self._connection.execute(f"SET allowed_directories = ['{folder.replace(chr(39), chr(39) * 2)}']")
        self._connection.execute("SET enable_external_access = false")
        self._connection.execute("SET lock_configuration = true")

    def run(
        self,
        sql: str,
        parameters: dict[str, Any],
        tables: Mapping[str, Sequence[str]],
        window: Window | None,
        seconds: float,
        stop: Stop | None = None,
        rowless: frozenset[str] = frozenset(),
    ) -> Answer:
        """Run one SELECT over views of `tables` that show only those columns and the rows within `window`.

        Of `rowless` tables no row is shown.

        Raises `QueryFault`: a 504 when it takes longer than `seconds` or is told to stop, a limit when memory ends, a
        refusal by name for what the engine cannot evaluate.
        """
        import duckdb

        try:
            statements = duckdb.extract_statements(sql)
        except duckdb.Error as error:
            raise unsupported_fault(f"The engine could not read it: {_first_sentence(error)}") from error
        if len(statements) != 1 or statements[0].type != duckdb.StatementType.SELECT:
            raise unsupported_fault("Only one query that reads can be run at a time.")
        stop = stop or Stop()
        with self._lock:
            cursor = self._connection.cursor()
            self._running.add(stop)
        timer = threading.Timer(seconds, stop.ask)
        timer.start()
        try:
            stop.watch(cursor.interrupt)
            if stop.asked:
                raise timeout_fault()
            scanned = 0
            for table, shown in tables.items():
                scanned += self._show(cursor, table, shown, window, hidden=table in rowless)
            result = cursor.execute(sql, parameters) if parameters else cursor.execute(sql)
            columns = tuple((str(item[0]), str(item[1])) for item in result.description or ())
            rows = result.fetchmany(ROW_LIMIT + 1)
        except duckdb.InterruptException as error:
            raise timeout_fault() from error
        except duckdb.OutOfMemoryException as error:
            raise limit_fault("The query needs more memory than it may have; narrow it.") from error
        except duckdb.Error as error:
            raise unsupported_fault(f"The engine could not evaluate it: {_first_sentence(error)}") from error
        finally:
            timer.cancel()
            stop.over()
            cursor.close()
            with self._none_runs:
                self._running.discard(stop)
                self._none_runs.notify_all()
        return Answer(columns, rows[:ROW_LIMIT], len(rows) > ROW_LIMIT, scanned)

    def read(self, sql: str, parameters: Sequence[object] = ()) -> list[tuple[Any, ...]]:
        """Run a statement of the emulator's own, never one made from a request."""
        with self._lock:
            cursor = self._connection.cursor()
        try:
            return cursor.execute(sql, list(parameters)).fetchall()
        finally:
            cursor.close()

    def append(self, table: str, row: dict[str, Any]) -> None:
        """Add a row that a write to the REST API leaves in a table."""
        with self._lock:
            insert_rows(self._connection, table, self._catalogue.query[table], [row])

    def load(self, table: str, rows: list[dict[str, Any]], custom: Mapping[str, str] | None = None) -> None:
        """Add many rows to a table, known but perhaps empty, all of them or none.

        `custom` are the columns of a custom table that is new; whoever opens the database next finds it there.
        """
        if custom is not None:
            self._catalogue = self._catalogue.with_custom({table: custom})
        kinds = self._catalogue.query[table]
        named = dict.fromkeys(name for row in rows for name in row)
        with self._lock:
            self._connection.execute("BEGIN")
            done = False
            try:
                if custom is not None:
                    remember(self._connection, table, custom)
                self._connection.execute(f'CREATE TABLE IF NOT EXISTS {STORE}."{table}" ("TimeGenerated" TIMESTAMP)')
                for name in named:
                    default = " DEFAULT ''" if kinds[name] == "string" else ""
                    column = f'"{name}" {duckdb_type(kinds[name])}{default}'
                    self._connection.execute(f'ALTER TABLE {STORE}."{table}" ADD COLUMN IF NOT EXISTS {column}')
                insert_rows(self._connection, table, kinds, rows)
                done = True
            finally:
                self._connection.execute("COMMIT" if done else "ROLLBACK")
            self._kept = self._columns()

    def close(self) -> None:
        """Give up the database and its memory, once the queries that run have been told to end and have (blocks)."""
        with self._none_runs:
            running = tuple(self._running)
        for stop in running:
            stop.ask()
        with self._none_runs:
            if not self._none_runs.wait_for(lambda: not self._running, timeout=_END_WITHIN):
                _LOG.warning("A query did not end within %d seconds; its memory is kept until it does.", _END_WITHIN)
                return
            self._connection.close()

    def _show(
        self, cursor: DuckDBPyConnection, table: str, columns: Sequence[str], window: Window | None, *, hidden: bool
    ) -> int:
        """Make the table visible to one query under its own name; return how many rows the query can see."""
        types = self._catalogue.query[table]
        if hidden or table not in self._kept:
            nothing = ", ".join(f'NULL::{duckdb_type(types[name])} AS "{name}"' for name in columns)
            cursor.execute(f'CREATE TEMP VIEW "{table}" AS SELECT {nothing} WHERE false')
            return 0
        kept = self._kept[table]
        shown = ", ".join(
            f'"{name}"' if name in kept else f'{constant(table, name, types[name], self._workspace_id)} AS "{name}"'
            for name in columns
        )
        within = "" if window is None else f" WHERE TimeGenerated BETWEEN {_sql(window.start)} AND {_sql(window.end)}"
        # Names come from the schema and moments from `_sql`: nothing of the request's text is in these statements.
        source = self._lying[table][0] if table in self._lying else f'{STORE}."{table}"'
        rows = f"FROM {source}{within}"
        cursor.execute(f'CREATE TEMP VIEW "{table}" AS SELECT {shown} {rows}')
        counted = cursor.execute(f"SELECT count(*) {rows}").fetchone()
        return int(counted[0]) if counted else 0

    def _columns(self) -> dict[str, frozenset[str]]:
        """Return the columns that each table keeps."""
        rows = self._connection.execute(
            "SELECT table_name, list(column_name) FROM duckdb_columns() WHERE schema_name = ? GROUP BY ALL", [STORE]
        ).fetchall()
        kept = {str(table): frozenset(names) for table, names in rows}
        return kept | {table: frozenset(columns) for table, (_, columns) in self._lying.items()}


def _sql(moment: datetime) -> str:
    return f"TIMESTAMP '{moment.astimezone(UTC).replace(tzinfo=None).isoformat(sep=' ')}'"


def _first_sentence(error: Exception) -> str:
    return str(error).partition("\n")[0]
