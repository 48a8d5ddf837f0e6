"""Microsoft's analyser in .NET, by pythonnet: the same answers as `v8`, many times faster.

The runtime lives as long as the process. Work runs on a thread of its own with a large stack, one text after another.
A parse in .NET cannot be stopped: one that takes too long is abandoned with its thread, and the next text gets a new
one.
"""

from __future__ import annotations

import atexit
import concurrent.futures
import os
import re
import threading
import time
from collections import OrderedDict
from typing import TYPE_CHECKING, Any

from sentinel_kql_validator._compact import TYPES
from sentinel_kql_validator.errors import EngineUnavailable

from . import Cancellation, EngineFailure
from .dotnet_facts import FactReader
from .dotnet_library import Library
from .dotnet_runtime import load
from .dotnet_tree import read_tree
from .mentioned import Mentioned, declaration, mentioned
from .worker import Worker

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sentinel_kql_validator.schema import Schema

START_SECONDS = 60.0
EXIT_SECONDS = 60.0
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


class DotnetEngine:
    """The process's one .NET engine; get it from `shared`."""

    name = "dotnet"

    def __init__(self) -> None:
        self.library_version = ""
        self._lock = threading.Lock()
        self._worker: Worker | None = None
        self._library: Library | None = None
        self._failed: str | None = None
        self._schemas: OrderedDict[str, _Symbols] = OrderedDict()
        self._abandoned: list[Worker] = []
        if hasattr(os, "register_at_fork"):
            os.register_at_fork(after_in_child=self._after_fork)

    def start(self) -> None:
        """Load .NET and the analyser, or raise `EngineUnavailable`; a failure is remembered, since it will not mend."""
        with self._lock:
            if self._failed is not None:
                raise EngineUnavailable(self._failed)
            if self._library is not None:
                return
            self._worker = Worker("sentinel-kql-dotnet")
            try:
                self.library_version, self._library = self._worker.submit(_load).result(START_SECONDS)
            except EngineUnavailable as error:
                self._failed = str(error)
                self._worker.abandon()
                raise
            except concurrent.futures.TimeoutError as error:
                self._failed = f".NET did not start within {START_SECONDS:g} seconds."
                raise EngineUnavailable(self._failed) from error
            atexit.register(self._at_exit)  # after pythonnet registered its own, so that this runs first

    def call(
        self,
        operation: str,
        schema: Schema,
        text: str,
        options: Mapping[str, Any],
        *,
        timeout: float,
        cancellation: Cancellation,
    ) -> dict[str, Any]:
        """Answer one request, or raise `EngineFailure`."""
        names = mentioned(schema, text)
        operations = {
            "analyse": self._analyse,
            "complete": self._complete,
            "fixes": self._fixes,
            "format": self._format,
            "hover": self._hover,
        }

        def work() -> dict[str, Any]:
            lib = self._lib
            try:
                return operations[operation](schema, names, text, options)
            except UnicodeDecodeError as error:  # half of a character, which .NET passes and Python does not
                raise EngineFailure("crash", "The analyser cut a character of this text in two.") from error
            except lib.system.Exception as error:
                raise EngineFailure(
                    "crash", f"The analyser failed on this text ({error.GetType().FullName})."
                ) from error

        return self._run(work, timeout, cancellation)

    def describe(self) -> dict[str, list[str]]:
        """Name the functions, aggregates and plugins that the language has."""

        def work() -> dict[str, Any]:
            default = self._lib.language.GlobalState.Default
            return {
                "functions": [f.Name for f in default.Functions],
                "aggregates": [f.Name for f in default.Aggregates],
                "plugins": [f.Name for f in default.PlugIns],
            }

        return self._run(work, START_SECONDS, Cancellation())

    def close(self) -> None:
        """Let the thread end and forget the schemas; the runtime itself stays as long as the process."""
        with self._lock:
            worker, self._worker = self._worker, None
            self._schemas.clear()
            if worker is not None:
                worker.abandon()

    def _after_fork(self) -> None:
        self._lock = threading.Lock()
        atexit.unregister(self._at_exit)
        if self._library is not None:
            self._library = self._worker = None
            self._failed = ".NET was started by the parent of this process, and a forked child cannot use it."

    @property
    def _lib(self) -> Library:
        if self._library is None:
            raise EngineFailure("crash", "The .NET engine is not running.")
        return self._library

    def _run(self, work: Any, timeout: float, cancellation: Cancellation) -> dict[str, Any]:  # noqa: ANN401
        self.start()
        with self._lock:
            if self._worker is None:
                self._worker = Worker("sentinel-kql-dotnet")
            worker = self._worker
        future: concurrent.futures.Future[dict[str, Any]] = worker.submit(work)
        cancellation.on_cancel(lambda: self._give_up(worker, future))
        try:
            return future.result(timeout)
        except concurrent.futures.CancelledError:
            raise EngineFailure("cancelled", "The check was cancelled.") from None
        except concurrent.futures.TimeoutError:
            self._give_up(worker, future)
            raise EngineFailure("timeout", f"The analyser did not finish within {timeout:g} seconds.") from None
        finally:
            cancellation.on_cancel(None)

    def _give_up(self, worker: Worker, future: concurrent.futures.Future[dict[str, Any]]) -> None:
        """Take a request back: out of the queue, or with the thread that cannot be stopped."""
        if future.cancel() or future.done():
            return
        with self._lock:
            if self._worker is worker:
                self._worker = None
                self._schemas = OrderedDict()  # the abandoned thread may still be using the old ones
            self._abandoned = [old for old in self._abandoned if old.alive]
            self._abandoned.append(worker)
        worker.abandon()

    def _at_exit(self) -> None:
        """Let no thread be inside .NET when the interpreter ends: it would end the process with a fault."""
        with self._lock:
            workers = [*self._abandoned, *([self._worker] if self._worker else [])]
            self._worker = None
        deadline = time.monotonic() + EXIT_SECONDS
        for worker in workers:
            worker.abandon()
            worker.join(max(0.0, deadline - time.monotonic()))

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


def _load() -> tuple[str, Library]:
    version = load()
    return version, Library()


_shared: DotnetEngine | None = None
_making = threading.Lock()


def shared() -> DotnetEngine:
    """Give the process's one .NET engine; it starts with the first request."""
    global _shared  # noqa: PLW0603 - one runtime per process is all that .NET allows
    with _making:
        if _shared is None:
            _shared = DotnetEngine()
        return _shared
