"""Reading a query's answer while it arrives, row by row into columns, without ever holding the body.

Rows are cut where one ends and the next begins. A text inside a row may hold the same characters, so a cut counts only
outside of strings; and what is cut off is read by the JSON decoder, so a cut in the wrong place is noticed.
What does not look like the service's usual answer is read whole, and given all the same.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sentinel_azure_clients import _answer
from sentinel_azure_clients.columns import Column, ColumnarTable, Values
from sentinel_azure_clients.errors import MalformedAnswer

if TYPE_CHECKING:
    from sentinel_azure_clients._wire import Json

_BATCH = 1 << 20
_ROWS = b'"rows":['
_BETWEEN = b"],["


@dataclass(slots=True)
class _Table:
    """The table whose rows are arriving."""

    name: str
    columns: tuple[Column, ...]
    values: tuple[Values, ...]

    @classmethod
    def described(cls, table: Json) -> _Table:
        columns = tuple(Column(column["name"], column["type"]) for column in table["columns"])
        return cls(table["name"], columns, tuple(Values(column.type) for column in columns))

    def add(self, rows: list[list[Any]]) -> None:
        if not rows:
            return
        for values, batch in zip(self.values, zip(*rows, strict=True), strict=True):
            values.extend(batch)

    def finished(self) -> ColumnarTable:
        return ColumnarTable(self.name, self.columns, self.values)


class RowReader:
    """Takes the body in pieces with `feed`; `finish` gives the answer, `stop` what has arrived of it.

    `batch` is how many bytes are gathered before rows are read from them.
    """

    def __init__(self, batch: int = _BATCH) -> None:
        self.size = 0
        self._batch = batch
        self._held = bytearray()
        self._head: Json = {}
        self._table: _Table | None = None
        self._usual = True
        self._want = batch

    def feed(self, piece: bytes) -> None:
        """Take the next piece of the body."""
        self.size += len(piece)
        seen = len(self._held)
        self._held += piece
        if not self._usual:
            return
        if self._table is None:
            self._look_for_rows(max(0, seen - len(_ROWS)))
        if self._table is not None and len(self._held) >= self._want:
            self._take_rows(self._table)

    def finish(self) -> tuple[Json, tuple[ColumnarTable, ...]]:
        """The answer without its rows, and the tables, once the whole body has been fed."""
        if self._table is None:
            answer = _answer.load(bytes(self._held)) if self._held.strip() else {}
            return answer, tuple(map(_columnar, _answer.tables(answer)))
        try:
            text = "[" + self._held.decode("utf-8", "surrogatepass")
            self._held.clear()
            rows, end = _answer.decoder(exact=self._exact).raw_decode(text)
        except (ValueError, RecursionError) as error:
            raise self._malformed() from error
        # What follows the rows is the end of their table, perhaps more tables, and the rest of the answer.
        rest = _answer.load(b'{"tables":[{"name":""' + text[end:].encode("utf-8", "surrogatepass"))
        self._add(self._table, rows)
        others = _answer.tables({"tables": rest.get("tables", [])[1:]})
        return {**self._head, **rest}, (self._table.finished(), *map(_columnar, others))

    def stop(self) -> tuple[ColumnarTable, ...]:
        """The rows that have arrived whole, when no more of the body is wanted."""
        if self._table is None:
            return ()
        if self._usual:
            self._take_rows(self._table)
            self._take_last_row(self._table)
        return (self._table.finished(),)

    @property
    def _exact(self) -> bool:
        return self._table is not None and any(column.type == "decimal" for column in self._table.columns)

    def _look_for_rows(self, start: int) -> None:
        # Inside a string the quotes would be escaped, so this can only be the member's name.
        place = self._held.find(_ROWS, start)
        if place < 0:
            return
        end = place + len(_ROWS)
        try:
            head = _answer.load(bytes(self._held[:end]) + b"]}]}")
            (table,) = _answer.tables(head)
        except (MalformedAnswer, ValueError):
            self._usual = False
            return
        self._head = {key: value for key, value in head.items() if key != "tables"}
        self._table = _Table.described(table)
        del self._held[:end]

    def _take_rows(self, table: _Table) -> None:
        cut = _last_boundary(bytes(self._held))
        if cut is None:
            self._want = 2 * len(self._held)
            return
        try:
            text = "[" + self._held[: cut + 1].decode("utf-8", "surrogatepass") + "]"
            rows = _answer.decoder(exact=self._exact).decode(text)
        except (ValueError, RecursionError):
            self._usual = False  # a second table, or values that are no plain ones: `finish` reads it in one go
            return
        del self._held[: cut + 2]
        self._want = self._batch
        self._add(table, rows)

    def _take_last_row(self, table: _Table) -> None:
        # No other row has begun after it, so only reading it tells whether it is whole.
        try:
            row, _ = _answer.decoder(exact=self._exact).raw_decode(self._held.decode("utf-8", "surrogatepass"))
        except (ValueError, RecursionError):
            return
        self._add(table, [row])

    def _add(self, table: _Table, rows: object) -> None:
        described = [{"name": column.name, "type": column.type} for column in table.columns]
        (checked,) = _answer.tables({"tables": [{"name": table.name, "columns": described, "rows": rows}]})
        table.add(checked["rows"])

    def _malformed(self) -> MalformedAnswer:
        return MalformedAnswer(f"The query's answer ({self.size} bytes) ends in the middle or is not readable JSON.")


def _columnar(table: Json) -> ColumnarTable:
    made = _Table.described(table)
    made.add(table["rows"])
    return made.finished()


def _last_boundary(held: bytes) -> int | None:
    """Where the last row ends that another one follows: the last boundary that is not inside a string."""
    plain = held.replace(b"\\\\", b"__").replace(b'\\"', b"__")  # what is left of the quotes begins and ends strings
    here = len(plain)
    quotes = plain.count(b'"')
    while (place := plain.rfind(_BETWEEN, 0, here)) >= 0:
        quotes -= plain.count(b'"', place, here)
        if quotes % 2 == 0:
            return place
        here = plain.rfind(b'"', 0, place)  # the beginning of the string that it is in
        quotes -= 1
    return None
