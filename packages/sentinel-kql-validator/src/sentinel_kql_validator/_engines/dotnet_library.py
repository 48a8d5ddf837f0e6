"""The one place that names types of Kusto.Language.dll: an untyped library behind a small typed face."""

from __future__ import annotations

import importlib
import json
from typing import Any


class Library:
    """What the engine uses of the loaded DLL. Make one only after `dotnet_runtime.load`."""

    def __init__(self) -> None:
        self.language: Any = importlib.import_module("Kusto.Language")
        self.syntax: Any = importlib.import_module("Kusto.Language.Syntax")
        self.symbols: Any = importlib.import_module("Kusto.Language.Symbols")
        self.editor: Any = importlib.import_module("Kusto.Language.Editor")
        self.system: Any = importlib.import_module("System")
        self.collections: Any = importlib.import_module("System.Collections.Generic")
        own: Any = importlib.import_module("Kusto.Language.Utils").CancellationToken
        theirs: Any = importlib.import_module("System.Threading").CancellationToken
        self.never: Any = own.op_Implicit(getattr(theirs, "None"))  # the library's own struct has no constructor
        self._kinds: dict[int, str] = {}
        self._interior: Any = self.syntax.IncludeTrivia.Interior

    def kind(self, node: Any) -> str:  # noqa: ANN401 - a node of .NET's tree
        """Give the name of a node's kind; the empty text for no node."""
        if node is None:
            return ""
        number = int(node.Kind)
        name = self._kinds.get(number)
        if name is None:
            name = self._kinds[number] = str(node.Kind)
        return name

    def text(self, node: Any) -> str:  # noqa: ANN401
        """Give a node's text without what surrounds it."""
        return str(node.ToString(self._interior)).strip()

    def all(self, root: Any, kind: Any) -> list[Any]:  # noqa: ANN401
        """Give the nodes of one type under a root, in the order of the text, the root itself included."""
        found = list(root.GetDescendants[kind]())
        return [root, *found] if isinstance(root, kind) else found

    def message(self, diagnostic: Any) -> str:  # noqa: ANN401
        """Give a diagnostic's message; half of a character, which Python cannot take over, as U+FFFD."""
        try:
            return str(diagnostic.Message)
        except UnicodeDecodeError:
            clr: Any = importlib.import_module("clr")
            clr.AddReference("System.Text.Json")
            serializer: Any = importlib.import_module("System.Text.Json").JsonSerializer
            return json.loads(bytes(serializer.SerializeToUtf8Bytes[self.system.Object](diagnostic)))["Message"]

    def constant(self, node: Any) -> Any:  # noqa: ANN401
        """Give a constant's value; None where there is none, or none that .NET can hold (`99999999d`)."""
        try:
            return node.ConstantValue
        except self.system.OverflowException:
            return None

    def constant_text(self, node: Any) -> str:  # noqa: ANN401
        """Give a constant's value as text, or the expression where it is none."""
        value = self.constant(node)
        return self.text(node) if value is None else str(value)

    @staticmethod
    def same(left: Any, right: Any) -> bool:  # noqa: ANN401
        """Tell whether both are one object of .NET's."""
        return left is not None and right is not None and bool(left.Equals(right))

    @staticmethod
    def type_name(kind: Any) -> str | None:  # noqa: ANN401
        """Give the name of a type symbol."""
        return None if kind is None else str(kind.Name or kind.Kind)

    def columns(self, table: Any) -> list[list[str | None]]:  # noqa: ANN401
        """Give a table's columns as name and type."""
        return [[column.Name, self.type_name(column.Type)] for column in table.Columns]

    def list_of(self, kind: Any, items: list[Any]) -> Any:  # noqa: ANN401
        """Make a list of .NET's."""
        made = self.collections.List[kind]()
        for item in items:
            made.Add(item)
        return made
