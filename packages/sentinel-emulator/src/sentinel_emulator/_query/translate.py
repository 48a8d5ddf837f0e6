"""KQL to SQL by `duckdb-kql`, asked so that it reads the emulator's clock and may not write."""

from __future__ import annotations

import itertools
import re
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable

    from duckdb_kql import KqlSyntaxError, KqlUnsupportedError

    from sentinel_emulator._schema import Catalogue

from .faults import QueryFault, limit_fault, syntax_fault, unsupported_fault
from .text import names, operator_at, tokens

#: Longer queries are refused: the parser is Python, and its time grows with the text.
LONGEST_QUERY = 100_000

_MANY = frozenset({"union", "search", "find"})


@dataclass(frozen=True, slots=True)
class Translation:
    """The SQL of a query, the values it binds, and the columns it may see of each table it may read."""

    sql: str
    parameters: dict[str, Any]
    tables: dict[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class _Failure:
    """Why the engine did not translate a query; `names` says that columns stand in each other's way."""

    fault: QueryFault
    names: bool = False


def tables_in(query: str, catalogue: Catalogue) -> tuple[str, ...]:
    """Return the workspace's tables that a query may read: those it names, or all where a wildcard may stand."""
    mentioned = names(query)
    every = may_read_any_table(query)
    return tuple(name for name in catalogue.query if every or name in mentioned)


def may_read_any_table(query: str) -> bool:
    """Report whether a wildcard may stand for tables in a query."""
    return "*" in query and not names(query).isdisjoint(_MANY)


def translate(query: str, catalogue: Catalogue, now: datetime, *, accepted: bool) -> Translation:
    """Return the SQL of a KQL query. Raises `QueryFault` when it cannot be parsed or is not supported.

    `accepted` says that the analyser found the query valid: then what the engine's own parser dislikes is unsupported,
    not wrong; and columns that differ only in case, which the engine cannot hold side by side, are left out of the
    tables as long as the query names none of them. The answer's columns must then be compared with the analyser's.
    """
    if len(query) > LONGEST_QUERY:
        raise limit_fault(f"The query has {len(query)} characters; at most {LONGEST_QUERY} are taken.")
    tables = tables_in(query, catalogue)
    found = _translated(query, catalogue, tables, narrow=False)
    if isinstance(found, _Failure) and found.names and accepted and not _reads_every_column(query):
        found = _translated(query, catalogue, tables, narrow=True)
    if isinstance(found, _Failure):
        raise _unsupported_syntax(found.fault) if accepted else found.fault
    # The text does not depend on the clock: it is bound, so that a cached translation serves at any moment.
    bound = {name: now if isinstance(value, datetime) else value for name, value in found.parameters.items()}
    return Translation(found.sql, bound, found.tables)


_EPOCH = datetime.fromisoformat("2000-01-01T00:00:00+00:00")


@lru_cache(maxsize=256)
def _translated(query: str, catalogue: Catalogue, tables: tuple[str, ...], *, narrow: bool) -> Translation | _Failure:
    import duckdb_kql

    shown = {table: _shown(query, catalogue.query[table], narrow=narrow) for table in tables}
    try:
        found = duckdb_kql.to_sql(
            query,
            schema={table: list(columns) for table, columns in shown.items()},
            allow_write=False,
            query_now=_EPOCH,
            clusters={},
            entity_groups={},
            functions=[],
        )
    except duckdb_kql.KqlSyntaxError as error:
        return _Failure(_syntax(query, error))
    except duckdb_kql.KqlUnsupportedError as error:
        return _Failure(unsupported_fault(_missing(error)))
    except duckdb_kql.KqlSchemaError as error:
        return _Failure(unsupported_fault(f"{error}."), names=True)
    except RecursionError:
        return _Failure(limit_fault("The query is nested too deeply."))
    return Translation(str(found), dict(found.parameters), shown)


def _shown(query: str, columns: Iterable[str], *, narrow: bool) -> tuple[str, ...]:
    if not narrow:
        return tuple(columns)
    # A join gives the second `TimeGenerated` the name `TimeGenerated1`.
    mentioned = {name.rstrip("0123456789") for name in names(query)} | names(query)
    return tuple(column for column in columns if column in mentioned or column in {"TenantId", "TimeGenerated"})


def _reads_every_column(query: str) -> bool:
    """Report whether a `*` means all columns anywhere but in `union *`, whose answer tells which columns it has."""
    held = list(tokens(query))
    for before, token in itertools.pairwise(held):
        multiplies = before.kind in {"name", "number"} or before.text in {")", "]"}
        if token.text == "*" and operator_at(query, token.start) != "union" and not multiplies:
            return True
        if token.text == "*" and before.text in {"distinct", "where", "search", "find", "filter"}:
            return True
    return False


def _missing(error: KqlUnsupportedError) -> str:
    """Name what the engine lacks in the words of the language rather than of its source code."""
    kind, _, name = error.construct.rpartition(":")
    spelled = re.sub(r"(?<!^)(?=[A-Z])", "-", name.removesuffix("Part").removesuffix("Operator")).lower()
    what = f"the {kind} {name}" if kind in {"function", "aggregate"} else spelled if "Operator" in name else name
    where = f" (line {error.span.line}, column {error.span.column + 1})" if error.span else ""
    why = "" if not error.hint or "wave" in error.hint else f": {error.hint}"
    return f"The engine does not have {what}{where}{why}."


def _unsupported_syntax(fault: QueryFault) -> QueryFault:
    if fault.inner is None or fault.inner.code != "SyntaxError" or fault.inner.inner is None:
        return fault
    at = fault.inner.inner.details
    return unsupported_fault(
        f"The engine does not know the syntax at '{at['token']}' on line [{at['line']},{at['pos']}] of the query."
    )


def _syntax(query: str, error: KqlSyntaxError) -> QueryFault:
    """Tell where the parser stopped."""
    first = error.diagnostics[0].span if error.diagnostics else None
    if first is None:
        return syntax_fault("", 1, 0)
    line = query.splitlines()[first.line - 1] if query else ""
    rest = line[first.column :].split()
    return syntax_fault(rest[0] if rest else "", first.line, first.column)
