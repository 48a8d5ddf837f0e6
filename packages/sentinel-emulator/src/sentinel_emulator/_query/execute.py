"""One query from text to answer: checked, translated, run, and written as the service writes it."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from sentinel_emulator._schema import HIDDEN

from .analysis import Validator, fault_of
from .faults import unsupported_fault
from .plans import Api, check_plans, rowless_tables
from .render import render_of
from .rewrite import Columns, rewrite
from .stop import Stop
from .text import names
from .translate import may_read_any_table, translate
from .values import ValueOutOfRange, kql_type, writer
from .watchlists import expand_watchlists

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from datetime import datetime

    from sentinel_emulator._schema import Catalogue
    from sentinel_kql_validator import Result

    from .store import Answer, Store
    from .timespan import Window
    from .watchlists import WatchlistOf

#: What the service sends at most, in bytes of rows (the partial error for it is known second-hand).
BYTE_LIMIT = 64_000_000


@dataclass(frozen=True, slots=True)
class Request:
    """What a client asked for."""

    query: str
    window: Window | None
    seconds: float
    statistics: bool
    render: bool
    api: Api = "query"
    stop: Stop = field(default_factory=Stop)


def execute(
    request: Request,
    validator: Validator,
    store: Callable[[], Store],
    catalogue: Catalogue,
    now: datetime,
    watchlist_of: WatchlistOf,
) -> dict[str, Any]:
    """Return the answer's JSON. Raises `QueryFault`. Blocks: call it in a worker thread.

    The store is asked for only once the query is known to be good, so that bad queries cost no rows.
    """
    started = time.perf_counter()
    result = _checked(request.query, validator)
    asked = expand_watchlists(request.query, watchlist_of)
    if asked != request.query:
        # Written out, a watchlist has columns that the analyser can tell.
        result = _checked(asked, validator)
    accepted = result.verdict == "valid"
    told = accepted and not may_read_any_table(request.query)
    named = result.facts.tables if told else names(request.query)
    check_plans(request.api, named, catalogue, request.window, now)

    def columns_of(query: str) -> Columns:
        checked = validator.validate(query)
        return tuple(checked.facts.output_columns or ()) if checked.verdict == "valid" else None

    query = rewrite(asked, columns_of) if accepted else asked
    translation = translate(query, catalogue, now, accepted=accepted)
    left = max(0.001, request.seconds - (time.perf_counter() - started))
    found = store().run(
        translation.sql,
        translation.parameters,
        translation.tables,
        request.window,
        left,
        request.stop,
        rowless_tables(request.api, catalogue),
    )
    expected = result.facts.output_columns if accepted and not result.facts.output_open else None
    table, size, cut = _table(request.query, found, expected)
    body: dict[str, Any] = {"tables": [table]}
    if request.render:
        body["render"] = render_of(request.query)
    if request.statistics:
        body["statistics"] = _statistics(time.perf_counter() - started, found, len(table["rows"]), size)
    if found.truncated or cut:
        body["error"] = _partial(len(table["rows"]))
    return body


def _checked(query: str, validator: Validator) -> Result:
    """Return what the analyser says about a query. Raises `QueryFault` when it finds an error."""
    result = validator.validate(query)
    fault = fault_of(query, result)
    if fault is not None:
        raise fault
    if result.facts.statements > 1:
        raise unsupported_fault("The query has several statements with results; the emulator answers one.")
    return result


def _table(query: str, found: Answer, expected: Columns) -> tuple[dict[str, Any], int, bool]:
    """Write the rows; return the table, its size in bytes as counted for the limit, and whether it was cut."""
    columns = _agreed(found.columns, expected)
    shown = [
        (index, name, kind) for index, (name, kind) in enumerate(columns) if name not in HIDDEN or name in names(query)
    ]
    writers = [(index, writer(kind, found.columns[index][1])) for index, _, kind in shown]
    rows: list[list[Any]] = []
    size = 0
    try:
        for row in found.rows:
            written = [write(row[index]) for index, write in writers]
            size += sum(len(value) if isinstance(value, str) else 8 for value in written)
            if size > BYTE_LIMIT:
                break
            rows.append(written)
    except ValueOutOfRange as error:
        raise unsupported_fault(f"{error} The service would wrap it around; the emulator does not.") from error
    described = [{"name": name, "type": kind} for _, name, kind in shown]
    return {"name": "PrimaryResult", "columns": described, "rows": rows}, size, len(rows) < len(found.rows)


#: Types of the engine (first) whose values can be written as the analyser's type (second) without loss.
_CONVERTIBLE = {("real", "decimal"), ("long", "int"), ("int", "long"), ("guid", "string")}


def _agreed(found: Sequence[tuple[str, str]], expected: Columns) -> list[tuple[str, str]]:
    """Return names and KQL types to answer: the analyser's, which are the service's, provided the engine agrees.

    A name that only the engine knows is one it made up for an expression, and takes the analyser's in the same place.
    """
    engine = [(name, kql_type(duckdb)) for name, duckdb in found]
    if expected is None:
        return engine
    known = {name for name, _ in expected}
    if len(engine) != len(expected) or any(
        name != wanted and name in known for (name, _), (wanted, _) in zip(engine, expected, strict=True)
    ):
        raise unsupported_fault(
            f"The engine answers the columns {_listed(name for name, _ in engine)}, "
            f"and the service would answer {_listed(name for name, _ in expected)}."
        )
    for (_, kind), (name, wanted) in zip(engine, expected, strict=True):
        if kind != wanted and (kind, wanted) not in _CONVERTIBLE:
            raise unsupported_fault(
                f"The engine gives the column '{name}' the type {kind}, and the service would give it {wanted}."
            )
    return list(expected)


def _listed(columns: Iterable[str]) -> str:
    some = list(columns)
    return ", ".join(some[:12]) + (f" and {len(some) - 12} more" if len(some) > 12 else "")


def _partial(kept: int) -> dict[str, Any]:
    return {
        "code": "PartialError",
        "message": "There were some errors when processing your query.",
        "details": [
            {
                "code": "EngineError",
                "message": "Something went wrong processing your query on the server.",
                "innererror": {
                    "code": "-2133196797",
                    "message": f"The results of this query exceed the set limit of {BYTE_LIMIT} bytes, so not all "
                    f"records were returned (E_QUERY_RESULT_SET_TOO_LARGE, 0x80DA0003); {kept} records were returned.",
                    "severity": 2,
                    "severityName": "Error",
                },
            }
        ],
    }


def _statistics(seconds: float, found: Answer, rows: int, size: int) -> dict[str, Any]:
    """Return the statistics: members as recorded; what the emulator does not measure stays zero."""
    return {
        "query": {
            "executionTime": round(seconds, 7),
            "resourceUsage": {
                "cache": {
                    "memory": {"hits": 0, "misses": 0, "total": 0},
                    "disk": {"hits": 0, "misses": 0, "total": 0},
                    "shards": {
                        "hot": {"hitbytes": 0, "missbytes": 0, "retrievebytes": 0},
                        "cold": {"hitbytes": 0, "missbytes": 0, "retrievebytes": 0},
                        "bypassbytes": 0,
                    },
                },
                "cpu": {"user": "00:00:00", "kernel": "00:00:00", "totalCpu": "00:00:00"},
                "memory": {"peakPerNode": 0},
                "network": {"interClusterTotalBytes": 0, "crossClusterTotalBytes": 0},
            },
            "inputDatasetStatistics": {
                "extents": {
                    "total": 0,
                    "scanned": 0,
                    "scannedMinDatetime": "0001-01-01T00:00:00.0000000Z",
                    "scannedMaxDatetime": "0001-01-01T00:00:00.0000000Z",
                },
                "rows": {"total": found.scanned, "scanned": found.scanned},
                "rowstores": {"scannedRows": 0, "scannedValuesSize": 0},
                "shards": {"queriesGeneric": 0, "queriesSpecialized": 0},
            },
            "datasetStatistics": [{"tableRowCount": rows, "tableSize": size}],
            "crossClusterResourceUsage": {},
        }
    }
