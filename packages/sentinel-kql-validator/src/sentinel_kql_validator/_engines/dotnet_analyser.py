"""What the .NET engine does on its thread: schemas become symbols, texts become the plain data of `boundary.js`."""

from __future__ import annotations

import re
from collections import OrderedDict
from typing import TYPE_CHECKING, Any

from sentinel_kql_validator._compact import TYPES

from .dotnet_facts import FactReader
from .dotnet_tree import read_tree
from .mentioned import Mentioned, declaration

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sentinel_kql_validator.schema import Schema

    from .dotnet_library import Library

SCHEMAS_KEPT = 16
STATES_KEPT = 24
DEEPEST = 500
# Blanks within the line only: a pattern that may cross line ends takes minutes over many empty lines.
_LINE_WITH_DOT = re.compile(r"(?:^|[\r\n])[^\S\r\n]*\.(?=[^\S\r\n]*[A-Za-z])")
_UNKNOWN_NAME = frozenset({"KS142", "KS204", "KS211"})
_ELSEWHERE = ("workspace", "resource", "app", "adx", "arg")


class _Symbols:
    """The symbols made so far for one schema, and the global states made of them."""

    def __init__(self) -> None:
        self.symbols: dict[str, Any] = {}
        self.states: OrderedDict[Mentioned, Any] = OrderedDict()


class Analyser:
    """The analyser with the symbols made so far; used by one thread."""

    def __init__(self, library: Library) -> None:
        self._lib = library
        self._schemas: OrderedDict[str, _Symbols] = OrderedDict()
        self._operations = {
            "analyse": self._analyse,
            "complete": self._complete,
            "fixes": self._fixes,
            "format": self._format,
            "hover": self._hover,
        }

    def answer(
        self, operation: str, schema: Schema, names: Mentioned, text: str, options: Mapping[str, Any]
    ) -> dict[str, Any]:
        """Answer one request; .NET's exceptions come out as they are."""
        return self._operations[operation](schema, names, text, options)

    def describe(self) -> dict[str, list[str]]:
        """Name the functions, aggregates and plugins that the language has."""
        default = self._lib.language.GlobalState.Default
        return {
            "functions": [f.Name for f in default.Functions],
            "aggregates": [f.Name for f in default.Aggregates],
            "plugins": [f.Name for f in default.PlugIns],
        }

    # ---- schemas ----------------------------------------------------------------------------------------------------

    def _globals(self, schema: Schema, wanted: Mentioned) -> Any:  # noqa: ANN401 - .NET's GlobalState
        schemas = self._schemas
        kept = schemas.pop(schema.fingerprint, None) or _Symbols()
        schemas[schema.fingerprint] = kept
        if len(schemas) > SCHEMAS_KEPT:
            schemas.popitem(last=False)
        state = kept.states.pop(wanted, None)
        if state is None:
            for name in wanted.names:
                if name not in kept.symbols:
                    kept.symbols[name] = self._symbol(schema, name)
            state = self._state([kept.symbols[name] for name in wanted.names], elsewhere=wanted.elsewhere)
        kept.states[wanted] = state
        if len(kept.states) > STATES_KEPT:
            kept.states.popitem(last=False)
        return state

    def _symbol(self, schema: Schema, name: str) -> Any:  # noqa: ANN401
        symbols = self._lib.symbols
        if name not in schema.functions:
            return self._table(name, schema.packed(name))
        told = declaration(schema.functions[name])
        made = symbols.FunctionSymbol(name, told["parameters"], told["body"], told["description"] or None)
        if not told["open"]:
            return made
        anything = self._table(name, str(told["columns"])).WithIsOpen(True)  # noqa: FBT003
        parameters = list(next(iter(made.Signatures)).Parameters)
        return symbols.FunctionSymbol(name, anything, self._lib.system.Array[symbols.Parameter](parameters))

    def _table(self, name: str, line: str) -> Any:  # noqa: ANN401
        symbols = self._lib.symbols
        columns = [
            symbols.ColumnSymbol(column[:-2], symbols.ScalarTypes.GetSymbol(TYPES[column[-1]]))
            for column in line.split("\t")
            if column
        ]
        return symbols.TableSymbol(name, self._lib.system.Array[symbols.ColumnSymbol](columns))

    def _state(self, members: list[Any], *, elsewhere: bool) -> Any:  # noqa: ANN401
        symbols, array = self._lib.symbols, self._lib.system.Array
        database = symbols.DatabaseSymbol("workspace", array[symbols.Symbol](members), False)  # noqa: FBT003
        default = self._lib.language.GlobalState.Default
        if not elsewhere:
            return default.WithDatabase(database)
        anywhere = symbols.DatabaseSymbol("elsewhere", array[symbols.Symbol]([]), True)  # noqa: FBT003
        parameter = array[symbols.Parameter]([symbols.Parameter("name", symbols.ScalarTypes.String)])
        more = [
            symbols.FunctionSymbol(name, database if name in {"workspace", "resource"} else anywhere, parameter)
            for name in _ELSEWHERE
        ]
        functions = self._lib.list_of(symbols.FunctionSymbol, [*default.Functions, *more])
        return default.WithFunctions(functions).WithDatabase(database)

    # ---- operations -------------------------------------------------------------------------------------------------

    def _analyse(self, schema: Schema, names: Mentioned, text: str, options: Mapping[str, Any]) -> dict[str, Any]:
        lib, globals_ = self._lib, self._globals(schema, names)
        crash = None
        try:
            code = lib.language.KustoCode.ParseAndAnalyze(text, globals_)
        except lib.system.Exception as error:
            crash = f"{error.GetType().FullName}: {error.Message}"
            code = lib.language.KustoCode.Parse(text, globals_)
        found = [self._diagnostic(d) for d in code.GetDiagnostics()]
        broken = crash is not None or any(d["severity"] == "Error" for d in found)
        kind = str(code.Kind)
        answer: dict[str, Any] = {
            "kind": kind,
            "crash": crash,
            "diagnostics": found,
            "commands": self._commands(code, text, globals_, look=broken or kind != "Query"),
        }
        if crash is not None or code.MaxDepth > DEEPEST:
            return answer
        if options.get("advice"):
            advice = lib.editor.KustoCodeService(code).GetAnalyzerDiagnostics(True)  # noqa: FBT003 - positional in .NET
            answer["advice"] = [self._diagnostic(d) for d in advice]
        answer["scopes"] = self._scopes(code, found)
        reader = FactReader(lib, code)
        answer["facts"] = reader.read()
        if options.get("tree"):
            answer["tree"] = read_tree(lib, code, reader.value)
        return answer

    def _diagnostic(self, d: Any) -> dict[str, Any]:  # noqa: ANN401
        place = (d.Start, d.Length) if d.HasLocation else (-1, 0)
        return {
            "code": d.Code,
            "severity": d.Severity,
            "category": d.Category,
            "message": self._lib.message(d),
            "start": place[0],
            "length": place[1],
        }

    def _scopes(self, code: Any, found: list[dict[str, Any]]) -> list[dict[str, Any]]:  # noqa: ANN401
        lib, scopes = self._lib, dict[int, dict[str, Any]]()
        match = lib.symbols.SymbolMatch
        wanted = match.Local | match.Function | match.Table
        local = lib.language.IncludeFunctionKind.LocalFunctions
        for diagnostic in found:
            at = diagnostic["start"]
            if diagnostic["code"] not in _UNKNOWN_NAME or at in scopes or len(scopes) == 20:
                continue
            columns = code.GetColumnsInScope(at)
            scopes[at] = {
                "at": at,
                "columns": [c.Name for c in columns.Columns] if columns is not None else [],
                "names": [
                    s.Name
                    for s in code.GetSymbolsInScope(at, wanted, local)
                    if not (isinstance(s, lib.symbols.TableSymbol) and code.Globals.IsDatabaseTable(s))
                ],
            }
        return list(scopes.values())

    def _fixes(self, schema: Schema, names: Mentioned, text: str, options: Mapping[str, Any]) -> dict[str, Any]:
        """Give what the language service offers to change at some places, each with the text as it would be."""
        lib, default, found = self._lib, self._lib.editor.CodeActionOptions.Default, list[dict[str, Any]]()
        service = self._service(schema, names, text)
        for at in options["positions"]:
            for offered in service.GetCodeActions(at, at, 0, default, True, None, lib.never).Actions:  # noqa: FBT003
                if not offered.Title.startswith("Change to "):
                    continue
                # Where the same can be done at several places it is a menu: here, or everywhere at once.
                menu = getattr(offered, "Actions", None)
                action = offered if menu is None else next((a for a in menu if a.Title == "Apply"), None)
                changes = service.ApplyCodeAction(action, at, default, lib.never).Actions if action is not None else ()
                changed = next((c.ChangedText for c in changes if hasattr(c, "ChangedText")), None)
                if changed is not None:
                    found.append({"at": at, "title": offered.Title, "text": changed.replace("\r\n", "\n")})
        return {"fixes": found}

    def _service(self, schema: Schema, names: Mentioned, text: str) -> Any:  # noqa: ANN401
        return self._lib.editor.KustoCodeService(text, self._globals(schema, names))

    def _complete(self, schema: Schema, names: Mentioned, text: str, options: Mapping[str, Any]) -> dict[str, Any]:
        offered = self._service(schema, names, text).GetCompletionItems(options["position"])
        items = [[str(i.Kind), i.DisplayText, i.BeforeText or "", i.AfterText or ""] for i in offered.Items]
        return {"start": offered.EditStart, "length": offered.EditLength, "items": items}

    def _hover(self, schema: Schema, names: Mentioned, text: str, options: Mapping[str, Any]) -> dict[str, Any]:
        return {"text": self._service(schema, names, text).GetQuickInfo(options["position"]).Text}

    def _format(self, schema: Schema, names: Mentioned, text: str, options: Mapping[str, Any]) -> dict[str, Any]:
        editor = self._lib.editor
        style = editor.FormattingOptions.Default.WithIndentationSize(options["indent"])
        style = style.WithPipeOperatorStyle(editor.PlacementStyle.NewLine)
        formatted = self._service(schema, names, text).GetFormattedText(style).Text
        return {"text": formatted.replace("\r\n", "\n")}

    def _commands(self, code: Any, text: str, globals_: Any, *, look: bool) -> list[list[Any]]:  # noqa: ANN401
        found: dict[int, str] = {}
        if not _LINE_WITH_DOT.search(text):
            return []
        if str(code.Kind) == "Command":
            named = self._command_names(text, globals_)
            found[code.Syntax.TextStart] = named[0] if named else "UnknownCommand"
        if look:
            units = text.encode("utf-16-le")
            for match in _LINE_WITH_DOT.finditer(text):
                dot = len(text[: match.end() - 1].encode("utf-16-le")) // 2
                if dot in found or self._is_inside(code, units, dot):
                    continue
                named = self._command_names(text[match.end() - 1 :], globals_)
                if named and named[0] != "UnknownCommand":
                    found[dot] = named[0]
        return [[at, name] for at, name in sorted(found.items())]

    def _is_inside(self, code: Any, units: bytes, dot: int) -> bool:  # noqa: ANN401
        """Tell whether this dot belongs to a string or a comment."""
        token = code.Syntax.GetTokenAt(dot)
        if token is None:
            return False
        if token.TextStart < dot < token.TextStart + token.Width:
            return self._lib.kind(token) == "StringLiteralToken"
        line = units[: dot * 2].decode("utf-16-le").rpartition("\n")[2]
        return token.TextStart > dot and "//" in line

    def _command_names(self, text: str, globals_: Any) -> list[str]:  # noqa: ANN401
        code = self._lib.language.KustoCode.Parse(text, globals_)
        if str(code.Kind) != "Command":
            return []
        commands = self._lib.all(code.Syntax, self._lib.syntax.Command)
        kinds = [(node, self._lib.kind(node)) for node in commands]
        return [getattr(node, "CommandKind", None) or kind for node, kind in kinds if kind != "CommandAndSkippedTokens"]
