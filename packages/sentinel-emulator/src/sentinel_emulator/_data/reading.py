"""Files as rows: CSV, JSON, NDJSON and Parquet, and Windows events that a tool has turned into JSON."""

from __future__ import annotations

import csv
import json
from typing import TYPE_CHECKING, Any, cast

from .evtx import event_members, is_event

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from sentinel_emulator._json import Json

_ZONE = " [UTC]"
_MOST_COMPLAINTS = 20
_MANY = 10_000

SUFFIXES = (".csv", ".json", ".ndjson", ".jsonl", ".parquet")


class ImportRefused(ValueError):
    """A file cannot be imported; `complaints` say why, each with file and line."""

    def __init__(self, complaints: list[str]) -> None:
        shown = complaints[:_MOST_COMPLAINTS]
        more = len(complaints) - len(shown)
        super().__init__("\n".join([*shown, *([f"... and {more} more."] if more else [])]))
        self.complaints = complaints


def members_of(path: Path, advance: Callable[[float], None]) -> Iterator[tuple[int, dict[str, Json]]]:
    """Yield each row of a file with its line (or its number), names as the file has them.

    `advance` is told how many bytes of the file have been read. Raises `ImportRefused`, and what reading raises.
    """
    read = {".csv": _csv, ".ndjson": _lines, ".jsonl": _lines, ".json": _json, ".parquet": _parquet}
    reader = read.get(path.suffix.lower())
    if reader is None:
        raise ImportRefused([f"{path}: only {', '.join(SUFFIXES[:-1])} and {SUFFIXES[-1]} files are read."])
    for number, members in reader(path, advance):
        yield number, event_members(members) if is_event(members) else members


def _csv(path: Path, advance: Callable[[float], None]) -> Iterator[tuple[int, dict[str, Json]]]:
    with path.open(encoding="utf-8-sig", newline="") as stream:
        reader = csv.DictReader(_counted(stream, advance), strict=True)
        for row in reader:
            if None in row or None in row.values():
                raise ImportRefused([f"{path}:{reader.line_num}: the row does not have the header's columns."])
            yield reader.line_num, {name.removesuffix(_ZONE): value for name, value in row.items()}


def _lines(path: Path, advance: Callable[[float], None]) -> Iterator[tuple[int, dict[str, Json]]]:
    with path.open(encoding="utf-8-sig") as stream:
        for number, line in enumerate(_counted(stream, advance), start=1):
            if line.strip():
                yield number, _object(path, number, _parsed(path, number, line))


def _json(path: Path, advance: Callable[[float], None]) -> Iterator[tuple[int, dict[str, Json]]]:
    text = path.read_text(encoding="utf-8-sig")
    whole = _parsed(path, 1, text)
    if not isinstance(whole, list):
        raise ImportRefused([f"{path}: it must hold a list of objects."])
    items = cast("list[Json]", whole)
    for number, item in enumerate(items, start=1):
        advance(len(text) / len(items))
        yield number, _object(path, number, item)


def _parquet(path: Path, advance: Callable[[float], None]) -> Iterator[tuple[int, dict[str, Json]]]:
    import duckdb

    size = path.stat().st_size
    try:
        with duckdb.connect() as connection:
            connection.execute("SET TimeZone = 'UTC'")
            counted = connection.execute("SELECT count(*) FROM read_parquet(?)", [str(path)]).fetchone()
            total = max(1, int(counted[0])) if counted else 1
            found = connection.execute("SELECT * FROM read_parquet(?)", [str(path)])
            names = [str(column[0]) for column in found.description or ()]
            number = 0
            while rows := found.fetchmany(_MANY):
                for row in rows:
                    number += 1
                    advance(size / total)
                    yield number, dict(zip(names, row, strict=True))
    except duckdb.Error as error:
        raise ImportRefused([f"{path}: it cannot be read as Parquet: {str(error).partition(chr(10))[0]}"]) from error


def _counted(stream: Iterator[str], advance: Callable[[float], None]) -> Iterator[str]:
    for line in stream:
        advance(len(line))
        yield line


def _parsed(path: Path, line: int, text: str) -> Json:
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as error:
        raise ImportRefused([f"{path}:{line}: it is not JSON: {error}."]) from error


def _object(path: Path, line: int, value: Json) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise ImportRefused([f"{path}:{line}: every row must be an object."])
    return cast("dict[str, Any]", value)
