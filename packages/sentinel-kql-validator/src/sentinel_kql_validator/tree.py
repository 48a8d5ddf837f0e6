"""The bound, typed syntax tree as plain data, for programs that compile or rewrite KQL."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, TypeAlias

from ._timerange import constant_time

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from ._text import Positions
    from .result import Result

Row: TypeAlias = "tuple[str, str | None, int, int, int, int, int, Mapping[str, Any] | None, bool]"
Constant: TypeAlias = bool | int | float | str | datetime | timedelta | None


@dataclass(frozen=True, slots=True)
class TableType:
    """The type of rows: columns as name and type. `open` rows may have more columns, which only running tells.

    `table` is the name of the schema's table whose rows these are, unchanged; None for any other rows.
    """

    columns: tuple[tuple[str, str], ...]
    open: bool = False
    table: str | None = None


@dataclass(frozen=True, slots=True)
class Symbol:
    """What a name refers to: `kind` is the library's (`Column`, `Table`, `Function`, `Variable`, `Parameter`, ...).

    `table` is the table of a column that stands as the table has it.
    """

    kind: str
    name: str
    table: str | None = None


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Node:
    """One node of the tree. Kinds and roles are those of Microsoft's `Kusto.Language.Syntax`.

    `start` and `length` count Python characters, without surrounding blanks and comments; a part that the text lacks
    has length 0. `type` is a scalar type's name or the `TableType` of rows. `constant` is the value of a constant
    expression: a `datetime` is aware UTC and cut to microseconds, a `dynamic` comes as its text; `is_constant` tells a
    constant null from no constant. `text` is what stands there for a token, else None.
    """

    kind: str
    role: str | None
    start: int
    length: int
    children: tuple[Node, ...]
    type: str | TableType | None = None
    symbol: Symbol | None = None
    constant: Constant = None
    is_constant: bool = False
    text: str | None = None

    @property
    def end(self) -> int:
        """The index of the first character after the node."""
        return self.start + self.length

    def child(self, role: str) -> Node | None:
        """Give the child with a role (`Expression`, `Operator`, `Condition`, ...), or None."""
        return next((child for child in self.children if child.role == role), None)

    def walk(self) -> Iterator[Node]:
        """Give this node and all below it in the order of the text; deep trees are no danger."""
        stack: list[Node] = [self]
        while stack:
            node = stack.pop()
            yield node
            stack.extend(reversed(node.children))

    def __repr__(self) -> str:
        return f"<Node {self.kind} {self.start}:{self.end}>"


@dataclass(frozen=True, slots=True)
class Bound:
    """A query's validation and its tree; `root` is None where the verdict is `unknown`."""

    text: str
    result: Result
    root: Node | None

    def source(self, node: Node) -> str:
        """Give the text that a node stands for."""
        return self.text[node.start : node.end]


def build(raw: Mapping[str, Any], source: str, positions: Positions) -> Node:
    """Build the tree from an engine's rows."""
    types: list[str | TableType] = [_type(kind) for kind in raw["types"]]
    symbols: list[Symbol] = [Symbol(kind, name, table) for kind, name, table in raw["symbols"]]
    rows: list[Row] = raw["rows"]
    children: list[list[Node]] = [list[Node]() for _ in rows]
    for index in range(len(rows) - 1, -1, -1):  # children come after their parent: made before it from the end
        kind, role, start, width, parent, type_, symbol, constant, token = rows[index]
        first, length = positions.span(start, width)
        node = Node(
            kind,
            role,
            first,
            length,
            tuple(reversed(children[index])),
            None if type_ < 0 else types[type_],
            None if symbol < 0 else symbols[symbol],
            _constant(constant),
            constant is not None,
            source[first : first + length] if token else None,
        )
        if parent < 0:
            return node
        children[parent].append(node)
    raise ValueError("The engine gave a tree without a root.")


def _type(raw: Any) -> str | TableType:  # noqa: ANN401 - JSON
    if isinstance(raw, str):
        return raw
    return TableType(tuple((name, kind) for name, kind in raw["columns"]), raw["open"], raw["table"])


def _constant(raw: Mapping[str, Any] | None) -> Constant:
    if raw is None:
        return None
    if raw.get("ticks") is not None:
        return constant_time(raw["type"], int(raw["ticks"]), raw["text"])
    value = raw["value"]
    if isinstance(value, str) and raw["type"] in {"long", "int"}:
        return int(value)
    if isinstance(value, int) and not isinstance(value, bool) and raw["type"] == "real":
        return float(value)
    return value
