"""How the service writes values: KQL types in JSON, as recorded answers show them.

Fractions of a second lose their trailing zeros, strings are never null, a dynamic value is compact JSON in a string,
a timespan is `d.hh:mm:ss`, and a number JSON cannot hold is the text `NaN` or `Infinity`.
"""

from __future__ import annotations

import json
import math
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any, cast
from uuid import UUID

if TYPE_CHECKING:
    from collections.abc import Callable

    from sentinel_emulator._json import Value

LONGEST = 2**63


class ValueOutOfRange(ValueError):
    """A number does not fit the KQL type it belongs to, which the service would have wrapped or refused."""


def kql_type(duckdb_type: str) -> str:
    """Return the KQL type of a DuckDB result column."""
    name = duckdb_type.upper()
    if name.endswith("]") or name.startswith(("STRUCT", "MAP", "LIST", "UNION")):
        return "dynamic"
    if name.startswith("DECIMAL"):
        return "decimal"
    return _TYPES.get(name, "string")


_TYPES = {
    "BOOLEAN": "bool",
    "TINYINT": "int",
    "SMALLINT": "int",
    "INTEGER": "int",
    "UTINYINT": "int",
    "USMALLINT": "int",
    "UINTEGER": "long",
    "BIGINT": "long",
    "UBIGINT": "long",
    "HUGEINT": "long",
    "UHUGEINT": "long",
    "FLOAT": "real",
    "DOUBLE": "real",
    "UUID": "guid",
    "DATE": "datetime",
    "TIMESTAMP": "datetime",
    "TIMESTAMP WITH TIME ZONE": "datetime",
    "TIMESTAMP_NS": "datetime",
    "TIMESTAMP_MS": "datetime",
    "TIMESTAMP_S": "datetime",
    "INTERVAL": "timespan",
    "JSON": "dynamic",
    "VARCHAR": "string",
}


def writer(kind: str, duckdb_type: str) -> Callable[[Any], Any]:
    """Return the function that writes one value of a KQL type, held in a column of a DuckDB type, for the wire."""
    # Lists of documents come as lists of texts.
    return _documents if kind == "dynamic" and duckdb_type.upper() == "JSON[]" else _WRITERS[kind]


def write_datetime(value: datetime) -> str:
    """Write a moment as the service does: UTC, up to seven digits of fraction, trailing zeros trimmed."""
    moment = value if value.tzinfo is None else value.astimezone(UTC).replace(tzinfo=None)
    text = moment.isoformat(timespec="microseconds")
    return text.rstrip("0").rstrip(".") + "Z"


def write_timespan(value: timedelta) -> str:
    """Write a length of time as .NET does: `[-][d.]hh:mm:ss[.fffffff]`."""
    microseconds = value // timedelta(microseconds=1)
    sign, rest = ("-", -microseconds) if microseconds < 0 else ("", microseconds)
    seconds, fraction = divmod(rest, 1_000_000)
    days, seconds = divmod(seconds, 86_400)
    clock = f"{seconds // 3600:02d}:{seconds // 60 % 60:02d}:{seconds % 60:02d}"
    return f"{sign}{f'{days}.' if days else ''}{clock}{f'.{fraction:06d}0' if fraction else ''}"


def _string(value: Value) -> str:
    return "" if value is None else value if isinstance(value, str) else str(value)


def _long(value: Value) -> int | None:
    if value is None:
        return None
    number = int(value)
    if not -LONGEST <= number < LONGEST:
        raise ValueOutOfRange(f"The number {number} does not fit a long.")
    return number


def _real(value: Value) -> float | str | None:
    if value is None:
        return None
    number = float(value)
    if math.isfinite(number):
        return number
    return "NaN" if math.isnan(number) else "Infinity" if number > 0 else "-Infinity"


def _bool(value: Value) -> bool | None:
    return None if value is None else bool(value)


def _datetime(value: Value) -> str | None:
    return None if value is None else write_datetime(value)


def _timespan(value: Value) -> str | None:
    return None if value is None else write_timespan(value)


def _dynamic(value: Value) -> str | None:
    if value is None or value == "null":
        return None
    if not isinstance(value, str):
        return _compact(_inside(value))
    try:
        parsed = json.loads(value)
    except ValueError:
        return value
    # A dynamic string is written as its text, other values as JSON.
    return parsed if isinstance(parsed, str) else _compact(parsed)


def _documents(value: Value) -> str | None:
    if value is None:
        return None
    members = [None if member is None else json.loads(member) for member in cast("list[str | None]", value)]
    return _compact(members)


def _compact(value: Value) -> str:
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False)


def _inside(value: Value) -> Value:
    if isinstance(value, dict):
        return {str(key): _inside(member) for key, member in cast("dict[Value, Value]", value).items()}
    if isinstance(value, list | tuple):
        return [_inside(member) for member in cast("list[Value]", value)]
    if isinstance(value, datetime):
        return write_datetime(value)
    if isinstance(value, timedelta):
        return write_timespan(value)
    if isinstance(value, UUID):
        return str(value)
    return float(value) if isinstance(value, Decimal) else value


def _decimal(value: Value) -> str | None:
    return None if value is None else str(value)


def _guid(value: Value) -> str | None:
    return None if value is None else str(value)


_WRITERS: dict[str, Callable[[Any], Any]] = {
    "string": _string,
    "bool": _bool,
    "int": _long,
    "long": _long,
    "real": _real,
    "decimal": _decimal,
    "datetime": _datetime,
    "timespan": _timespan,
    "guid": _guid,
    "dynamic": _dynamic,
}
