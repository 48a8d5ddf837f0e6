"""KQL to SQL by `duckdb-kql`, asked so that it reads the emulator's clock and may not write."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from sentinel_emulator._schema import query_tables

if TYPE_CHECKING:
    from duckdb_kql import KqlSyntaxError

from .faults import QueryFault, limit_fault, syntax_fault, unsupported_fault
from .text import names

#: Longer queries are refused: the parser is Python, and its time grows with the text.
LONGEST_QUERY = 100_000

_MANY = frozenset({"union", "search", "find"})


@dataclass(frozen=True, slots=True)
class Translation:
    """The SQL of a query, the values it binds, and the tables it may read."""

    sql: str
    parameters: dict[str, Any]
    tables: tuple[str, ...]


def tables_in(query: str) -> tuple[str, ...]:
    """Return the workspace's tables that a query may read: those it names, or all where a wildcard may stand."""
    mentioned = names(query)
    known = query_tables()
    if mentioned & _MANY and "*" in query:
        return tuple(known)
    return tuple(name for name in known if name in mentioned)


def translate(query: str, now: datetime) -> Translation:
    """Return the SQL of a KQL query. Raises `QueryFault` when it cannot be parsed or is not supported."""
    if len(query) > LONGEST_QUERY:
        raise limit_fault(f"The query has {len(query)} characters; at most {LONGEST_QUERY} are taken.")
    tables = tables_in(query)
    found = _translated(query, tables)
    if isinstance(found, QueryFault):
        raise found
    sql, parameters = found
    # The text does not depend on the clock: it is bound, so that a cached translation serves at any moment.
    bound = {name: now if isinstance(value, datetime) else value for name, value in parameters}
    return Translation(sql, bound, tables)


_EPOCH = datetime.fromisoformat("2000-01-01T00:00:00+00:00")


@lru_cache(maxsize=256)
def _translated(query: str, tables: tuple[str, ...]) -> tuple[str, tuple[tuple[str, Any], ...]] | QueryFault:
    import duckdb_kql

    columns = query_tables()
    try:
        found = duckdb_kql.to_sql(
            query,
            schema={table: list(columns[table]) for table in tables},
            allow_write=False,
            query_now=_EPOCH,
            clusters={},
            entity_groups={},
            functions=[],
        )
    except duckdb_kql.KqlSyntaxError as error:
        return _syntax(query, error)
    except duckdb_kql.KqlUnsupportedError as error:
        return unsupported_fault(f"{error}.".replace("KQL construct ", ""))
    except duckdb_kql.KqlSchemaError as error:
        return unsupported_fault(f"{error}.")
    except RecursionError:
        return limit_fault("The query is nested too deeply.")
    return str(found), tuple(found.parameters.items())


def _syntax(query: str, error: KqlSyntaxError) -> QueryFault:
    """Tell where the parser stopped. It reads a grammar of its own, so what the analyser accepts is unsupported."""
    first = error.diagnostics[0].span if error.diagnostics else None
    if first is None:
        return syntax_fault("", 1, 0)
    line = query.splitlines()[first.line - 1] if query else ""
    rest = line[first.column :].split()
    return syntax_fault(rest[0] if rest else "", first.line, first.column)
