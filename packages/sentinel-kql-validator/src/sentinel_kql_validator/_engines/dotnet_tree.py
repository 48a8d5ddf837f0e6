"""The bound tree read off .NET, in the rows that `boundary.js` gives."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

    from .dotnet_library import Library


def read_tree(library: Library, code: Any, value: Callable[[Any], dict[str, Any]]) -> dict[str, Any]:  # noqa: ANN401
    """Give rows (kind, role, start, width, parent, type, symbol, constant, token), types and symbols."""
    return _Tree(library, code, value).read()


class _Tree:
    def __init__(self, library: Library, code: Any, value: Callable[[Any], dict[str, Any]]) -> None:  # noqa: ANN401
        self.lib, self.root, self.globals, self.value = library, code.Syntax, code.Globals, value
        self.rows: list[list[Any]] = []
        self.types: list[Any] = []
        self.symbols: list[list[str | None]] = []
        self._known: dict[tuple[str, int], tuple[Any, int]] = {}

    def read(self) -> dict[str, Any]:
        lib = self.lib
        stack: list[tuple[Any, int, str | None]] = [(self.root, -1, None)]
        while stack:
            node, parent, role = stack.pop()
            row, token = len(self.rows), isinstance(node, lib.syntax.SyntaxToken)
            expression = isinstance(node, lib.syntax.Expression)
            constant = self._constant(node) if expression and node.IsConstant else None
            kind = self._type(node.ResultType) if expression else -1
            symbol = -1 if token else self._symbol(getattr(node, "ReferencedSymbol", None))
            self.rows.append([lib.kind(node), role, node.TextStart, node.Width, parent, kind, symbol, constant, token])
            for index in range(node.ChildCount - 1, -1, -1):
                child = node.GetChild(index)
                if child is not None:
                    stack.append((child, row, node.GetName(index) or None))
        return {"rows": self.rows, "types": self.types, "symbols": self.symbols}

    def _constant(self, node: Any) -> dict[str, Any] | None:  # noqa: ANN401
        found = self.value(node)
        wanted = {name: found[name] for name in ("type", "ticks", "value", "text") if name in found}
        return wanted if "ticks" in wanted or "value" in wanted else None

    def _type(self, kind: Any) -> int:  # noqa: ANN401
        if kind is None:
            return -1
        row = self._row("type", kind, len(self.types))
        if row == len(self.types):
            if isinstance(kind, self.lib.symbols.TableSymbol):
                table = kind.Name if self.globals.IsDatabaseTable(kind) else None
                self.types.append({"columns": self.lib.columns(kind), "open": bool(kind.IsOpen), "table": table})
            else:
                self.types.append(self.lib.type_name(kind))
        return row

    def _symbol(self, symbol: Any) -> int:  # noqa: ANN401
        if symbol is None:
            return -1
        row = self._row("symbol", symbol, len(self.symbols))
        if row == len(self.symbols):
            column = isinstance(symbol, self.lib.symbols.ColumnSymbol)
            table = self.globals.GetTable(symbol) if column else None
            self.symbols.append([str(symbol.Kind), symbol.Name, table.Name if table is not None else None])
        return row

    def _row(self, what: str, thing: Any, new: int) -> int:  # noqa: ANN401
        """Find an object of .NET's again: by its hash, and then by identity."""
        key = (what, int(thing.GetHashCode()))
        kept, row = self._known.get(key, (None, -1))
        if kept is not None and kept.Equals(thing):
            return row
        self._known[key] = (thing, new)
        return new
