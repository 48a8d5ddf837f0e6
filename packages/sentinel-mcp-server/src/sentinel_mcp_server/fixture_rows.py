"""Rows that somebody wrote down for a test: JSON or CSV text, read into the columns of a table.

Every value is brought to its column's type, and one that cannot be is named with its row and column; nothing is
dropped or guessed.
"""

import csv
import io
import json
import math
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, cast
from uuid import UUID

from sentinel_mcp_server.errors import Refused
from sentinel_mcp_server.window import InvalidTimespan, parse_instant

MOST_ROWS = 10_000
MOST_CHARACTERS = 2_000_000
_LARGEST = 2**63
_TIME = "TimeGenerated"


def read_rows(table: str, text: str, columns: Mapping[str, str]) -> list[dict[str, Any]]:
    """The rows of a text for a table with these columns (name to KQL type).

    A text that begins with a bracket or a brace is JSON (a list of objects, or an object a line), any other is CSV
    with a header.

    Raises:
        Refused: it cannot be read, has a column that the table lacks, or a value that the column cannot hold.
    """
    if len(text) > MOST_CHARACTERS:
        raise Refused(f"The rows of {table} have {len(text):,} characters; at most {MOST_CHARACTERS:,} are read.")
    raw = _json(table, text) if text.lstrip()[:1] in ("[", "{") else _csv(table, text)
    if len(raw) > MOST_ROWS:
        raise Refused(f"{table} has {len(raw):,} rows; at most {MOST_ROWS:,} are read.")
    return [_row(table, number, row, columns) for number, row in enumerate(raw, start=1)]


def newest(rows: Mapping[str, list[dict[str, Any]]]) -> datetime | None:
    """The latest `TimeGenerated` of all rows; None where no row has one."""
    return max((row[_TIME] for found in rows.values() for row in found if row.get(_TIME)), default=None)


def timed(rows: list[dict[str, Any]], moment: datetime) -> tuple[list[dict[str, Any]], int]:
    """The rows, with this moment where they say none, and how many those are."""
    without = sum(1 for row in rows if row.get(_TIME) is None)
    return [{**row, _TIME: row.get(_TIME) or moment} for row in rows], without


def _json(table: str, text: str) -> list[dict[str, Any]]:
    try:
        if text.lstrip().startswith("["):
            items: Any = json.loads(text)
        else:
            items = [json.loads(line) for line in text.splitlines() if line.strip()]
    except (ValueError, RecursionError) as error:
        raise Refused(f"The rows of {table} are no JSON: {error}.") from None
    for number, item in enumerate(cast("list[object]", items), start=1):
        if not isinstance(item, dict):
            raise Refused(f"Row {number} of {table} is no object.")
    return cast("list[dict[str, Any]]", items)


def _csv(table: str, text: str) -> list[dict[str, Any]]:
    reader = csv.DictReader(io.StringIO(text.lstrip("\ufeff\r\n")), strict=True)
    rows: list[dict[str, Any]] = []
    try:
        for number, row in enumerate(reader, start=1):
            if None in row or None in row.values():
                raise Refused(f"Row {number} of {table} does not have the columns of the header.")
            rows.append(dict(row))
    except csv.Error as error:
        raise Refused(f"The rows of {table} are no CSV: {error}.") from None
    return rows


def _row(table: str, number: int, raw: Mapping[str, Any], columns: Mapping[str, str]) -> dict[str, Any]:
    row: dict[str, Any] = {}
    for name, value in raw.items():
        kind = columns.get(name)
        if kind is None:
            raise Refused(f"Row {number} of {table}: the table has no column {name[:80]!r}.")
        try:
            row[name] = _value(value, kind)
        except (ValueError, TypeError, OverflowError, KeyError, InvalidTimespan):
            raise Refused(f"Row {number} of {table}: {name} cannot hold {str(value)[:60]!r} as {kind}.") from None
    return row


def _value(value: Any, kind: str) -> Any:  # noqa: ANN401 - of the Python type that belongs to the KQL type
    if value is None or value == "":
        return "" if kind == "string" else None
    return _READERS.get(kind, _text)(value)


def _text(value: Any) -> str:  # noqa: ANN401 - any JSON value
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _moment(value: Any) -> datetime:  # noqa: ANN401 - any JSON value
    return parse_instant(str(value))


def _truth(value: Any) -> bool:  # noqa: ANN401 - any JSON value
    return (
        value if isinstance(value, bool) else {"true": True, "false": False, "1": True, "0": False}[str(value).lower()]
    )


def _whole(value: Any) -> int:  # noqa: ANN401 - any JSON value
    if isinstance(value, bool) or (isinstance(value, float) and not value.is_integer()):
        raise ValueError(value)
    number = int(value)
    if not -_LARGEST <= number < _LARGEST:
        raise OverflowError(value)
    return number


def _number(value: Any) -> float:  # noqa: ANN401 - any JSON value
    number = float(value)
    if isinstance(value, bool) or not math.isfinite(number):
        raise ValueError(value)
    return number


def _dynamic(value: Any) -> Any:  # noqa: ANN401 - any JSON value
    if not isinstance(value, str):
        return value
    try:
        return json.loads(value)
    except (ValueError, RecursionError):
        return value  # a text is a dynamic value too


_READERS: dict[str, Callable[[Any], Any]] = {
    "bool": _truth,
    "datetime": _moment,
    "decimal": _number,
    "dynamic": _dynamic,
    "guid": lambda value: str(UUID(str(value))),
    "int": _whole,
    "long": _whole,
    "real": _number,
}
