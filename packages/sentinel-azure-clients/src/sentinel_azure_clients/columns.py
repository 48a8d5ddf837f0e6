"""Results kept by column, in little memory: for answers of hundreds of thousands of rows."""

from __future__ import annotations

from array import array
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import accumulate
from typing import Any, Protocol, TypeAlias, overload

# A value as the wire has it: text, a number, a truth value or None.
Value: TypeAlias = Any

_INT64 = range(-(2**63), 2**63)
_OFTEN = 4  # texts that repeat at least this often in a batch are kept once


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a result: its name and its KQL type (string, bool, datetime, int, long, real, dynamic, ...)."""

    name: str
    type: str


class Values(Sequence[Value]):
    """The values of one column, as the wire has them, None for null. Kept in batches, each in a small form."""

    __slots__ = ("_batches", "_ends", "_kind")

    def __init__(self, kind: str) -> None:
        self._kind = kind
        self._batches: list[_Batch] = []
        self._ends: list[int] = []

    def extend(self, values: tuple[Value, ...]) -> None:
        """Add a batch."""
        if values:
            self._ends.append(len(self) + len(values))
            self._batches.append(_packed(self._kind, values))

    def __len__(self) -> int:
        return self._ends[-1] if self._ends else 0

    @overload
    def __getitem__(self, index: int) -> Value: ...
    @overload
    def __getitem__(self, index: slice) -> list[Value]: ...
    def __getitem__(self, index: int | slice) -> Value:
        """The value of a row, or a list of several."""
        if isinstance(index, slice):
            return [self[place] for place in range(*index.indices(len(self)))]
        place = index + len(self) if index < 0 else index
        if not 0 <= place < len(self):
            raise IndexError(f"There are {len(self)} rows; there is no row {index}.")
        batch = bisect_right(self._ends, place)
        return self._batches[batch].at(place - (self._ends[batch - 1] if batch else 0))

    def __iter__(self) -> Iterator[Value]:
        for batch in self._batches:
            yield from batch.every()


@dataclass(frozen=True, slots=True)
class ColumnarTable:
    """A table of a result by column: `values[i]` are those of `columns[i]`."""

    name: str
    columns: tuple[Column, ...]
    values: tuple[Values, ...] = field(repr=False)

    @property
    def row_count(self) -> int:
        """How many rows arrived."""
        return len(self.values[0]) if self.values else 0

    def column(self, name: str) -> Values:
        """The values of a column by its name. Raises `KeyError`."""
        for column, values in zip(self.columns, self.values, strict=True):
            if column.name == name:
                return values
        raise KeyError(f"The result has no column {name!r}.")

    def rows(self) -> Iterator[tuple[Value, ...]]:
        """The rows, one after another."""
        return zip(*self.values, strict=True)


class _Batch(Protocol):
    """Some values of a column, packed."""

    def at(self, place: int) -> Value: ...
    def every(self) -> Iterator[Value]: ...


class _Plain:
    """The values as they are, or in an array of numbers."""

    __slots__ = ("_values",)

    def __init__(self, values: Sequence[Value]) -> None:
        self._values = values

    def at(self, place: int) -> Value:
        return self._values[place]

    def every(self) -> Iterator[Value]:
        return iter(self._values)


class _Texts:
    """Texts end to end, and where each ends."""

    __slots__ = ("_ends", "_joined", "_nulls")

    def __init__(self, values: Sequence[str | None]) -> None:
        parts = [value or "" for value in values]
        joined = "".join(parts)
        if joined.isascii():
            self._joined: str | bytes = joined
            self._ends = array("I", accumulate(map(len, parts)))
        else:
            # A str with one wide character takes two or four bytes for each; UTF-8 does not.
            packed = [part.encode("utf-8", "surrogatepass") for part in parts]
            self._joined = b"".join(packed)
            self._ends = array("I", accumulate(map(len, packed)))
        self._nulls = _nulls(values)

    def at(self, place: int) -> str | None:
        if place in self._nulls:
            return None
        part = self._joined[self._ends[place - 1] if place else 0 : self._ends[place]]
        return part if isinstance(part, str) else part.decode("utf-8", "surrogatepass")

    def every(self) -> Iterator[str | None]:
        return map(self.at, range(len(self._ends)))


class _Codes:
    """Values that repeat: each different one once, and which one each row has."""

    __slots__ = ("_codes", "_different")

    def __init__(self, values: Sequence[Value], different: Sequence[Value]) -> None:
        self._different = tuple(different)
        number = {value: code for code, value in enumerate(self._different)}
        kind = "B" if len(number) <= 1 << 8 else "H" if len(number) <= 1 << 16 else "I"
        self._codes = array(kind, map(number.__getitem__, values))

    def at(self, place: int) -> Value:
        return self._different[self._codes[place]]

    def every(self) -> Iterator[Value]:
        return map(self._different.__getitem__, self._codes)


class _Numbers:
    """Numbers of one kind in eight bytes each, some of them null."""

    __slots__ = ("_array", "_nulls")

    def __init__(self, kind: str, values: Sequence[Value]) -> None:
        self._nulls = _nulls(values)
        self._array = array(kind, [0 if value is None else value for value in values])

    def at(self, place: int) -> Value:
        return None if place in self._nulls else self._array[place]

    def every(self) -> Iterator[Value]:
        return map(self.at, range(len(self._array)))


def _packed(kind: str, values: tuple[Value, ...]) -> _Batch:
    """A form that gives back exactly these values, small where their types allow one."""
    found = set(map(type, values))
    types = found - {type(None)}
    if types == {str}:
        different = dict.fromkeys(values)
        return _Codes(values, tuple(different)) if len(different) * _OFTEN <= len(values) else _Texts(values)
    if types <= {bool}:
        return _Codes(values, (False, True, None))
    if (kind in {"int", "long"} and types == {int} and _fit(values)) or (kind == "real" and types == {float}):
        code = "d" if kind == "real" else "q"
        return _Plain(array(code, values)) if found == types else _Numbers(code, values)
    return _Plain(values)


def _fit(values: Sequence[int | None]) -> bool:
    numbers = [value for value in values if value is not None]
    return min(numbers) in _INT64 and max(numbers) in _INT64


def _nulls(values: Sequence[Value]) -> frozenset[int]:
    return frozenset(place for place, value in enumerate(values) if value is None) if None in values else frozenset()
