"""The facts of a query read off .NET's syntax tree: the same plain data as `boundary.js` gives.

Typed searches instead of a walk over every node: what crosses between Python and .NET is what costs here.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from .dotnet_library import Library

_COMPARISONS = frozenset(
    f"{name}Expression" for name in ("GreaterThan", "GreaterThanOrEqual", "LessThan", "LessThanOrEqual", "Equal")
)
_ARITHMETIC = {"AddExpression", "SubtractExpression", "MultiplyExpression", "DivideExpression"}
_TURNED = {">": "<", ">=": "<=", "<": ">", "<=": ">="}
_PLACES = frozenset("cluster database workspace app adx arg resource external_table stored_query_result".split())  # noqa: SIM905
_DEEPEST_ORIGIN = 20
_DEEPEST_BODY = 8


class FactReader:
    """Reads the facts of one analysed text."""

    def __init__(self, library: Library, code: Any) -> None:  # noqa: ANN401 - .NET's objects have no types in Python
        self.lib = library
        self.code = code
        self.globals = code.Globals
        self.reads: dict[str, set[str]] = {}
        self.functions: dict[str, str] = {}
        self.references: dict[str, list[Any]] = {}
        self.sources: list[tuple[str, Any]] = []
        self.places: list[tuple[int, list[str]]] = []
        self.plugins: list[str] = []
        self.invokes: list[str] = []
        self.external: list[str] = []
        self.visited: set[str] = set()
        self.spent = 0

    def read(self) -> dict[str, Any]:
        """Give everything as plain data with UTF-16 offsets."""
        lib, root = self.lib, self.code.Syntax
        self._visit(root, top=True, depth=0)
        searches = [n for kind in (lib.syntax.SearchOperator, lib.syntax.FindOperator) for n in lib.all(root, kind)]
        for node in searches:
            if node.InClause is None and not self._is_operator_of(node):
                self._mark("*")
                self.sources.append(("*", node))
        accesses: list[dict[str, Any]] = []
        for table, node in self.sources:
            self._access(table, node, accesses)
        result = self.code.ResultType
        tabular = isinstance(result, lib.symbols.TableSymbol)
        operators = sorted((n.TextStart, lib.kind(n)) for n in lib.all(root, lib.syntax.QueryOperator))
        renders = lib.all(root, lib.syntax.RenderOperator)
        chart = renders[-1].ChartType if renders else None
        return {
            "reads": {table: sorted(columns) for table, columns in self.reads.items()},
            "functions": self.functions,
            "external": self.external,
            "plugins": self.plugins,
            "invokes": self.invokes,
            "places": [place for _, place in sorted(self.places, key=lambda p: p[0])],
            "operators": [kind for _, kind in operators],
            "options": [n.Name.SimpleName for n in lib.all(root, lib.syntax.SetOptionStatement)],
            "skipped": [[n.TextStart, n.Width] for n in lib.all(root, lib.syntax.SkippedTokens)],
            "times": self._times(root),
            "render": chart.Text if chart is not None else None,
            "statements": [[lib.kind(n), n.TextStart, n.Width] for n in self._statements()],
            "accesses": accesses,
            "columns": lib.columns(result) if tabular else None,
            "open": bool(tabular and result.IsOpen),
        }

    def _statements(self) -> Iterator[Any]:
        statements = getattr(self.code.Syntax, "Statements", None)
        for element in statements or ():
            yield element.Element

    @staticmethod
    def _is_operator_of(node: Any) -> bool:  # noqa: ANN401
        operator = getattr(node.Parent, "Operator", None)
        return operator is not None and operator.Equals(node)

    # ---- names ----------------------------------------------------------------------------------------------------

    def _mark(self, table: str, column: str | None = None) -> None:
        columns = self.reads.setdefault(table, set())
        if column:
            columns.add(column)

    def _origins(self, column: Any, depth: int = 0) -> None:  # noqa: ANN401
        table = self.globals.GetTable(column)
        if table is not None:
            self._mark(table.Name, column.Name)
        elif depth < _DEEPEST_ORIGIN:
            for source in column.OriginalColumns:
                self._origins(source, depth + 1)

    def _origin(self, function: Any) -> str:  # noqa: ANN401
        if self.lib.same(self.globals.GetPlugIn(function.Name), function):
            return "plugin"
        if self.globals.IsDatabaseFunction(function):
            return "stored"
        if self.globals.IsAggregateFunction(function):
            return "aggregate"
        return "built-in" if self.globals.IsBuiltInFunction(function) else "local"

    def _visit(self, root: Any, *, top: bool, depth: int) -> None:  # noqa: ANN401
        lib = self.lib
        for node in lib.all(root, lib.syntax.NameReference):
            symbol = node.ReferencedSymbol
            if symbol is not None:
                self._name(node, symbol, top=top, depth=depth)
        for node in lib.all(root, lib.syntax.FunctionCallExpression):
            self._call(node, top=top, depth=depth)
        self.plugins += [n.FunctionCall.Name.SimpleName for n in lib.all(root, lib.syntax.EvaluateOperator)]
        for node in lib.all(root, lib.syntax.InvokeOperator):
            name = getattr(node.Function, "Name", None)
            self.invokes.append(name.SimpleName if name is not None else lib.text(node.Function))
        for node in lib.all(root, lib.syntax.ExternalDataExpression):
            self.external += [lib.constant_text(element.Element) for element in node.URIs]

    def _name(self, node: Any, symbol: Any, *, top: bool, depth: int) -> None:  # noqa: ANN401
        symbols = self.lib.symbols
        if isinstance(symbol, symbols.ColumnSymbol):
            self._origins(symbol)
        elif isinstance(symbol, symbols.TableSymbol):
            if self.globals.IsDatabaseTable(symbol):
                self._mark(symbol.Name)
                if top:
                    self.sources.append((symbol.Name, node))
        elif isinstance(symbol, symbols.GroupSymbol):
            for member in symbol.Members:
                if isinstance(member, symbols.TableSymbol):
                    self._mark(member.Name)
            if top:
                self.sources.append((self.lib.text(node), node))
        elif isinstance(symbol, symbols.FunctionSymbol):
            origin = self._origin(symbol)
            self.functions[symbol.Name] = origin
            if origin == "stored":
                if top:
                    self.sources.append((f"{symbol.Name}()", node))
                if not isinstance(node.Parent, self.lib.syntax.FunctionCallExpression):
                    self._body(node, symbol, depth)
            elif origin == "local" and top:
                self.references.setdefault(symbol.Name, []).append(node)
        elif isinstance(symbol, symbols.VariableSymbol) and top:
            self.references.setdefault(symbol.Name, []).append(node)

    def _body(self, node: Any, function: Any, depth: int) -> None:  # noqa: ANN401
        if depth < _DEEPEST_BODY and function.Name not in self.visited:
            body = node.GetCalledFunctionBody()
            if body is not None:
                self.visited.add(function.Name)
                self._visit(body, top=False, depth=depth + 1)

    def _call(self, node: Any, *, top: bool, depth: int) -> None:  # noqa: ANN401
        symbol, called = node.ReferencedSymbol, node.Name.SimpleName
        if isinstance(symbol, self.lib.symbols.FunctionSymbol) and self.globals.IsDatabaseFunction(symbol):
            self._body(node, symbol, depth)
        if called in _PLACES:
            arguments = [element.Element for element in node.ArgumentList.Expressions]
            target = self.lib.constant_text(arguments[0]) if arguments else ""
            self.places.append((len(self.places) if not top else node.TextStart, [called, target]))
        if called == "table":
            table = node.ResultType
            if isinstance(table, self.lib.symbols.TableSymbol) and self.globals.IsDatabaseTable(table):
                self._mark(table.Name)
                if top:
                    self.sources.append((table.Name, node))

    # ---- time -----------------------------------------------------------------------------------------------------

    def _times(self, root: Any) -> list[dict[str, Any]]:  # noqa: ANN401
        lib, found = self.lib, dict[int, dict[str, Any]]()
        for name in lib.all(root, lib.syntax.NameReference):
            if name.SimpleName == "TimeGenerated":
                filter_ = self._time_filter(name.Parent)
                if filter_:
                    found[filter_["start"]] = filter_
        return [found[start] for start in sorted(found)]

    def _is_time(self, node: Any) -> bool:  # noqa: ANN401
        return isinstance(node, self.lib.syntax.NameReference) and node.SimpleName == "TimeGenerated"

    def _time_filter(self, node: Any) -> dict[str, Any] | None:  # noqa: ANN401
        kind, lib = self.lib.kind(node), self.lib
        if kind == "BetweenExpression":
            if not self._is_time(node.Left):
                return None
            values = [self.value(node.Right.First), self.value(node.Right.Second)]
            operator = "between"
        elif kind in _COMPARISONS:
            flipped = not self._is_time(node.Left)
            if flipped and not self._is_time(node.Right):
                return None
            sign = node.Operator.Text
            operator = _TURNED.get(sign, sign) if flipped else sign
            values = [self.value(node.Left if flipped else node.Right)]
        else:
            return None
        return {
            "operator": operator,
            "column": "TimeGenerated",
            "start": node.TextStart,
            "text": lib.text(node),
            "values": values,
        }

    def value(self, node: Any, depth: int = 0) -> dict[str, Any]:  # noqa: ANN401
        """Give an expression over constants as data; only its text where it is something else."""
        lib, kind = self.lib, self.lib.kind(node)
        if depth > 30:
            return {"text": lib.text(node)}
        if kind == "ParenthesizedExpression":
            return self.value(node.Expression, depth + 1)
        if kind == "NameReference":
            symbol = node.ReferencedSymbol
            if isinstance(symbol, lib.symbols.VariableSymbol) and symbol.Source is not None:
                return self.value(symbol.Source, depth + 1)
        if kind == "FunctionCallExpression":
            of = [self.value(element.Element, depth + 1) for element in node.ArgumentList.Expressions]
            return {"call": node.Name.SimpleName, "of": of, "text": lib.text(node)}
        if kind in _ARITHMETIC:
            of = [self.value(node.Left, depth + 1), self.value(node.Right, depth + 1)]
            return {"call": node.Operator.Text, "of": of, "text": lib.text(node)}
        if kind == "UnaryMinusExpression":
            return {"call": "negate", "of": [self.value(node.Expression, depth + 1)], "text": lib.text(node)}
        constant = lib.constant(node) if node.IsConstant else None
        if constant is None:
            return {"text": lib.text(node)}
        kind = lib.type_name(node.ResultType)
        if kind in {"datetime", "timespan"}:
            ticks = getattr(constant, "Ticks", None)
            return {"text": lib.text(node)} | ({"type": kind, "ticks": str(ticks)} if ticks is not None else {})
        plain = constant if isinstance(constant, bool | int | float | str) else str(constant)
        return {"type": kind, "value": plain, "text": lib.text(node)}

    # ---- what the filters bound -------------------------------------------------------------------------------------

    def _access(self, table: str, node: Any, accesses: list[dict[str, Any]]) -> None:  # noqa: ANN401
        source = (node.Parent if self._is_name_of_call(node) else node).ResultType
        columns = source.Columns if isinstance(source, self.lib.symbols.TableSymbol) else ()
        column = next((c for c in columns if c.Name == "TimeGenerated"), None)
        own: list[dict[str, Any]] = []
        condition = getattr(node, "Condition", None) if table == "*" else None
        if condition is not None:
            self._certain(condition, column, own)
        self.spent = 0
        self._follow(node, own, column, lambda filters: accesses.append({"table": table, "filters": filters}), 0)

    def _is_name_of_call(self, node: Any) -> bool:  # noqa: ANN401
        parent = node.Parent
        return isinstance(parent, self.lib.syntax.FunctionCallExpression) and parent.Name.Equals(node)

    def _copies(self, column: Any, original: Any, depth: int = 0) -> bool:  # noqa: ANN401
        if original is None or not isinstance(column, self.lib.symbols.ColumnSymbol) or depth > _DEEPEST_ORIGIN:
            return False
        if column.Equals(original):
            return True
        return any(self._copies(source, original, depth + 1) for source in column.OriginalColumns)

    def _certain(self, condition: Any, column: Any, into: list[dict[str, Any]]) -> None:  # noqa: ANN401
        kind = self.lib.kind(condition)
        if kind == "AndExpression":
            self._certain(condition.Left, column, into)
            self._certain(condition.Right, column, into)
        elif kind == "ParenthesizedExpression":
            self._certain(condition.Expression, column, into)
        else:
            found = self._time_filter(condition)
            if found:
                name = condition.Left if self._is_time(condition.Left) else condition.Right
                if self._copies(name.ReferencedSymbol, column):
                    into.append(found)

    def _follow(
        self,
        node: Any,  # noqa: ANN401
        filters: list[dict[str, Any]],
        column: Any,  # noqa: ANN401
        found: Callable[[list[dict[str, Any]]], None],
        depth: int,
    ) -> None:
        parent: Any = node.Parent
        self.spent += 1
        if parent is None or depth > 60 or self.spent > 4000:
            return found(filters)
        kind = self.lib.kind(parent)
        onward = filters
        if kind == "PathExpression":
            if not parent.Selector.Equals(node):
                return found(filters)
        elif kind == "FunctionCallExpression":
            if not parent.Name.Equals(node):
                return found(filters)
        elif kind == "PipeExpression":
            operator: Any = parent.Operator
            if operator is not None and operator.Equals(node):
                if self.lib.kind(node) != "UnionOperator":
                    return found(filters)
            elif self.lib.kind(operator) in {"FilterOperator", "SearchOperator"}:
                onward = list(filters)
                filtering: Any = operator
                self._certain(filtering.Condition, column, onward)
        elif kind in {"SearchOperator", "FindOperator"}:
            onward = list(filters)
            condition = parent.Condition
            if condition is not None:
                self._certain(condition, column, onward)
        elif kind == "LetStatement" or (
            kind == "FunctionBody" and self.lib.kind(parent.Parent) == "FunctionDeclaration"
        ):
            statement = parent if kind == "LetStatement" else parent.Parent.Parent
            if self.lib.kind(statement) != "LetStatement":
                return found(filters)
            for use in self.references.get(statement.Name.SimpleName, ()):
                if use.TextStart > statement.TextStart:
                    self._follow(use, filters, column, found, depth + 1)
            return None
        elif not re.fullmatch(
            "ParenthesizedExpression|MaterializeExpression|MaterializedViewCombineExpression|SeparatedElement|List"
            "|FindInClause|ExpressionList|UnionOperator",
            kind,
        ):
            return found(filters)
        return self._follow(parent, onward, column, found, depth + 1)
