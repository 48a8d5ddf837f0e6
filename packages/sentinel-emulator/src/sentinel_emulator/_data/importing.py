"""Rows from files: CSV, JSON and NDJSON exports, read into the columns of a known table.

Every value is brought to its column's type. What cannot be is told with its file, line and column; nothing is dropped
without a word, and by default a file with a bad row is not imported at all.
"""

from __future__ import annotations

import csv
import json
import math
import uuid
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, cast

from sentinel_emulator._schema import workspace_catalogue

from .constants import CONSTANT

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

    from sentinel_emulator._json import Json

_ZONE = " [UTC]"
_LARGEST = 2**63
_MOST_COMPLAINTS = 20


class ImportRefused(ValueError):
    """A file cannot be imported; `complaints` say why, each with file and line."""

    def __init__(self, complaints: list[str]) -> None:
        shown = complaints[:_MOST_COMPLAINTS]
        more = len(complaints) - len(shown)
        super().__init__("\n".join([*shown, *([f"... and {more} more."] if more else [])]))
        self.complaints = complaints


@dataclass(frozen=True, slots=True)
class Imported:
    """What a file holds for a table: its rows, those that cannot be taken, and columns the workspace tells itself."""

    rows: list[dict[str, Any]]
    bad: list[str]
    unused: tuple[str, ...]


def read_rows(path: Path, table: str) -> Imported:
    """Return the rows of a file for a table. Raises `ImportRefused` when the file cannot be read or does not fit."""
    kinds = workspace_catalogue().query.get(table)
    if kinds is None:
        raise ImportRefused([f"{path}: there is no table '{table}' in the workspace."])
    rows: list[dict[str, Any]] = []
    bad: list[str] = []
    unused: dict[str, None] = {}
    try:
        for line, members in _members(path):
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


def _members(path: Path) -> Iterator[tuple[int, dict[str, Json]]]:
    """Yield each row of a file with its line, names as the file has them."""
    suffix = path.suffix.lower()
    if suffix == ".csv":
        with path.open(encoding="utf-8-sig", newline="") as stream:
            reader = csv.DictReader(stream, strict=True)
            for row in reader:
                if None in row or None in row.values():
                    raise ImportRefused([f"{path}:{reader.line_num}: the row does not have the header's columns."])
                yield reader.line_num, {name.removesuffix(_ZONE): value for name, value in row.items()}
    elif suffix in {".ndjson", ".jsonl"}:
        with path.open(encoding="utf-8-sig") as stream:
            for number, line in enumerate(stream, start=1):
                if line.strip():
                    yield number, _object(path, number, _parsed(path, number, line))
    elif suffix == ".json":
        whole = _parsed(path, 1, path.read_text(encoding="utf-8-sig"))
        if not isinstance(whole, list):
            raise ImportRefused([f"{path}: it must hold a list of objects."])
        for number, item in enumerate(cast("list[Json]", whole), start=1):
            yield number, _object(path, number, item)
    else:
        raise ImportRefused([f"{path}: only .csv, .json, .ndjson and .jsonl files are read."])


def _parsed(path: Path, line: int, text: str) -> Json:
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as error:
        raise ImportRefused([f"{path}:{line}: it is not JSON: {error}."]) from error


def _object(path: Path, line: int, value: Json) -> dict[str, Json]:
    if not isinstance(value, dict):
        raise ImportRefused([f"{path}:{line}: every row must be an object."])
    return cast("dict[str, Json]", value)


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
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _datetime(value: Json) -> datetime:
    moment = datetime.fromisoformat(value)
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
        return value
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
