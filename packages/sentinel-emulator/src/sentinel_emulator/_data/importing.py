"""Rows from files, read into the columns of a known table, or of a custom one that the files show.

Every value is brought to its column's type. What cannot be is told with its file, line and column; nothing is dropped
without a word, and by default a file with a bad row is not imported at all.
"""

from __future__ import annotations

import csv
import json
import math
import re
import uuid
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from .constants import CONSTANT
from .evtx import EventMembers
from .reading import ImportRefused, members_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    from sentinel_emulator._json import Json

_LARGEST = 2**63
_CUSTOM = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,58}_CL")
_COLUMN = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,44}")


@dataclass(frozen=True, slots=True)
class Imported:
    """What a file holds for a table: its rows, those that cannot be taken, and columns the workspace tells itself."""

    rows: list[dict[str, Any]]
    bad: list[str]
    unused: tuple[str, ...]


def read_rows(
    path: Path, table: str, kinds: Mapping[str, str], advance: Callable[[float], None] = lambda _: None
) -> Imported:
    """Return the rows of a file for a table with columns of these types.

    `advance` is told how many bytes have been read. Raises `ImportRefused` when the file cannot be read or does not
    fit.
    """
    rows: list[dict[str, Any]] = []
    bad: list[str] = []
    unused: dict[str, None] = {}
    try:
        for line, read in members_of(path, advance):
            members = _fitting(read, kinds) if isinstance(read, EventMembers) else read
            unknown = [name for name in members if name not in kinds]
            if unknown:
                raise ImportRefused([f"{path}:{line}: the table {table} has no column '{unknown[0]}'."])
            unused.update(dict.fromkeys(name for name in members if name in CONSTANT))
            try:
                rows.append(_row(members, kinds))
            except ValueError as error:
                bad.append(f"{path}:{line}: {error}")
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise ImportRefused([f"{path}: it cannot be read: {error}."]) from error
    return Imported(rows, bad, tuple(unused))


def _fitting(event: EventMembers, kinds: Mapping[str, str]) -> dict[str, Json]:
    """Return what a table has columns for; the whole data of the event stays in `EventData`, in the column's type."""
    held = {name: value for name, value in event.items() if name in kinds}
    if kinds.get("EventData") == "string" and "EventData" in held:
        held["EventData"] = json.dumps(held["EventData"], ensure_ascii=False)
    return held


def infer_columns(paths: Sequence[Path], table: str) -> dict[str, str]:
    """Return the columns of a custom table as its files show them: the narrowest KQL type that holds every value.

    Raises `ImportRefused` for a name that no custom table can have, and for a file that cannot be read.
    """
    if not _CUSTOM.fullmatch(table):
        raise ImportRefused([f"There is no table '{table}' in the workspace; a custom table's name ends with _CL."])
    kinds: dict[str, str] = {}
    for path in paths:
        try:
            for line, members in members_of(path, lambda _: None):
                for name, value in members.items():
                    if not _COLUMN.fullmatch(name):
                        raise ImportRefused([f"{path}:{line}: a column cannot be called {name[:60]!r}."])
                    if value is not None and value != "":
                        kinds[name] = _wider(kinds.get(name), kind_of(value))
                    else:
                        kinds.setdefault(name, "")
        except (OSError, UnicodeDecodeError, csv.Error) as error:
            raise ImportRefused([f"{path}: it cannot be read: {error}."]) from error
    if "TimeGenerated" not in kinds:
        raise ImportRefused([f"The table {table} needs a column 'TimeGenerated', and no row has it."])
    return {**{name: kind or "string" for name, kind in kinds.items()}, "TimeGenerated": "datetime"}


def kind_of(value: Json) -> str:
    """Return the KQL type that a value of a file has."""
    if isinstance(value, bool):
        return "bool"
    if isinstance(value, int):
        return "long"
    if isinstance(value, float | Decimal):
        return "real"
    if isinstance(value, datetime | date):
        return "datetime"
    if isinstance(value, dict | list):
        return "dynamic"
    text = str(value)
    for kind, pattern in _SPELLINGS:
        if pattern.fullmatch(text):
            return kind
    return "string"


_SPELLINGS = (
    ("bool", re.compile(r"true|false", re.IGNORECASE)),
    ("long", re.compile(r"-?(0|[1-9]\d{0,17})")),
    ("real", re.compile(r"-?(0|[1-9]\d*)\.\d+([eE][+-]?\d+)?")),
    ("datetime", re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d(\.\d{1,9})?)?(Z|[+-]\d\d:?\d\d)?")),
    ("guid", re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)),
)


def _wider(before: str | None, kind: str) -> str:
    if not before or before == kind:
        return kind
    return "real" if {before, kind} == {"long", "real"} else "string"


def _row(members: dict[str, Json], kinds: Mapping[str, str]) -> dict[str, Any]:
    row: dict[str, Any] = {}
    for name, value in members.items():
        if name in CONSTANT:
            continue
        try:
            row[name] = _value(value, kinds[name])
        except (ValueError, TypeError, OverflowError, KeyError) as error:
            raise ValueError(f"the column '{name}' cannot hold {str(value)[:60]!r} as {kinds[name]}.") from error
    if row.get("TimeGenerated") is None:
        msg = "the column 'TimeGenerated' is missing."
        raise ValueError(msg)
    return row


def _value(value: Json, kind: str) -> Any:  # noqa: ANN401 - of the Python type that belongs to the KQL type
    if value is None or value == "":
        return "" if kind == "string" else None
    return _CONVERTERS[kind](value)


def _string(value: Json) -> str:
    if isinstance(value, str):
        return value
    written = isinstance(value, dict | list | bool)
    return json.dumps(value, ensure_ascii=False, default=str) if written else str(value)


def _datetime(value: Json) -> datetime:
    moment = value if isinstance(value, datetime) else datetime.fromisoformat(str(value))
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


def _bool(value: Json) -> bool:
    if isinstance(value, bool):
        return value
    return {"true": True, "false": False, "1": True, "0": False}[str(value).strip().lower()]


def _long(value: Json) -> int:
    if isinstance(value, float) and not value.is_integer():
        raise ValueError(value)
    number = int(value)
    if not -_LARGEST <= number < _LARGEST:
        raise OverflowError(value)
    return number


def _real(value: Json) -> float:
    number = float(value)
    if not math.isfinite(number):
        raise ValueError(value)
    return number


def _guid(value: Json) -> str:
    return str(uuid.UUID(str(value)))


def _dynamic(value: Json) -> Json:
    if not isinstance(value, str):
        return json.loads(json.dumps(value, default=str))
    try:
        return json.loads(value)
    except ValueError:
        return value


_CONVERTERS: dict[str, Callable[[Json], Any]] = {
    "string": _string,
    "datetime": _datetime,
    "bool": _bool,
    "int": _long,
    "long": _long,
    "real": _real,
    "decimal": _real,
    "guid": _guid,
    "dynamic": _dynamic,
}
