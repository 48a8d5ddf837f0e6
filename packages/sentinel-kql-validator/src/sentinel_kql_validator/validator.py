"""The validator: one query in, one verdict out."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Literal, TypeAlias, TypeVar

from ._answers import Names
from ._engines import Cancellation, Engine, EngineFailure
from ._engines.choice import Choice, choose
from ._fixes import fixable, made_fixes
from ._surface import Surface, read_surface
from ._text import Positions, unencodable
from ._verdict import Kept, basic, judge, unread
from .cache import VerdictCache
from .editor import CannotAnswer, Completion, ask, completions
from .result import Fix, Result
from .rules import RULES, concerned, lint
from .schema import Schema
from .tree import Bound, Node

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

EngineName: TypeAlias = Literal["auto", "dotnet", "v8", "basic"]
Dialect: TypeAlias = Literal["azure-monitor", "kusto"]
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Limits:
    """What bounds one validation; a query beyond a limit gets the verdict `unknown`, never an error.

    The longest of 888 public detection and hunting queries has 15,100 characters.
    """

    characters: int = 256 * 1024
    depth: int = 200
    """Nested brackets. The analyser itself gives up at about 500 levels of syntax."""
    seconds: float = 20.0


class KqlValidator:
    """Checks KQL against a schema with Microsoft's own analyser. Safe to share between threads.

    `schema` is the built-in Sentinel one by default. `engine` is `dotnet` (Microsoft's analyser in .NET: the extra
    `[dotnet]` and a runtime), `v8` (the same in V8, needs nothing), `basic` (brackets and strings only, never says
    `valid`) or `auto`, the first of them that loads. Nothing loads before the first validation; an engine that was
    asked for by name and cannot load raises `EngineUnavailable` then.

    With `advice` (the default) the analyser's warnings and suggestions come too. `lint` adds the rules of this package,
    all (`True`) or some (their codes); with `dialect="azure-monitor"`, the default, what KQL has and Azure Monitor does
    not is flagged in any case. None of these changes the verdict. `cache` keeps
    verdicts for a while; give one to share.
    """

    def __init__(
        self,
        schema: Schema | None = None,
        engine: EngineName = "auto",
        *,
        limits: Limits | None = None,
        advice: bool = True,
        lint: bool | Collection[str] = False,
        dialect: Dialect = "azure-monitor",
        cache: VerdictCache | None = None,
    ) -> None:
        self._schema = schema if schema is not None else Schema.sentinel()
        self._asked = engine
        self._limits = limits or Limits()
        self._advice = advice
        self._rules = _chosen(lint, dialect)
        self._cache = cache if cache is not None else VerdictCache()
        self._names: Names | None = None

    @property
    def schema(self) -> Schema:
        """The schema that queries are checked against."""
        return self._schema

    @property
    def cache(self) -> VerdictCache:
        """The verdicts kept for a while, with their statistics."""
        return self._cache

    def use_schema(self, schema: Schema) -> None:
        """Check against this schema from now on, and forget every verdict if it differs from the one before."""
        changed = schema != self._schema
        self._schema = schema
        if changed:
            self._cache.clear()

    def validate(self, query: str, *, now: datetime | None = None) -> Result:
        """Check one query. Never raises for what the query holds.

        `now` is the moment that `ago()` and `now()` count from in `facts`; the present by default.
        """
        return self._validate(query, now, Cancellation())

    async def avalidate(self, query: str, *, now: datetime | None = None) -> Result:
        """Check one query without blocking the event loop; cancelling stops the engine's work on it."""
        return await _in_thread(self._validate, query, now)

    def fixes(self, query: str) -> tuple[Fix, ...]:
        """Give every change that answers a diagnostic, checked again: none of them leaves more errors than there were.

        They are for one at a time: after one is applied, ask again.
        """
        result = self.validate(query)
        choice = choose(self._asked)
        places = fixable(result)
        offered: list[dict[str, Any]] = []
        if choice.engine is not None and places and result.verdict != "unknown":
            positions = [Positions.unit(query, place) for place in places]
            try:
                answer = choice.engine.call(
                    "fixes",
                    self._schema,
                    query,
                    {"positions": positions},
                    timeout=self._limits.seconds,
                    cancellation=Cancellation(),
                )
            except EngineFailure:
                return ()  # no fix could be worked out in time; the diagnostics stand all the same
            by_place = dict(zip(positions, places, strict=True))
            offered = [{**fix, "at": by_place[fix["at"]]} for fix in answer["fixes"]]
        return made_fixes(query, result, offered, self.validate)

    def bind(self, query: str, *, now: datetime | None = None) -> Bound:
        """Check one query and give its bound, typed syntax tree as plain data."""
        return self._bind(query, now, Cancellation())

    async def abind(self, query: str, *, now: datetime | None = None) -> Bound:
        """Do the same as `bind` without blocking the event loop."""
        return await _in_thread(self._bind, query, now)

    def complete(self, query: str, position: int) -> tuple[Completion, ...]:
        """Give what may be written at a place (an index of the text), the likeliest first. Raises `CannotAnswer`."""
        if not 0 <= position <= len(query):
            raise CannotAnswer(f"There is no place {position} in a text of {len(query)} characters.")
        answer = self._asked_of_engine("complete", query, {"position": Positions.unit(query, position)})
        return completions(answer, query, position, self._schema)

    def hover(self, query: str, position: int) -> str:
        """Say what stands at a place: a column with its type, a function with its parameters; empty for nothing known.

        Raises `CannotAnswer`.
        """
        if not 0 <= position <= len(query):
            raise CannotAnswer(f"There is no place {position} in a text of {len(query)} characters.")
        return str(self._asked_of_engine("hover", query, {"position": Positions.unit(query, position)})["text"] or "")

    def format(self, query: str, *, indent: int = 4) -> str:
        """Give the query in good form, one operator a line; what it means stays. Raises `CannotAnswer`."""
        return str(self._asked_of_engine("format", query, {"indent": indent})["text"])

    def _asked_of_engine(self, operation: str, query: str, options: dict[str, Any]) -> dict[str, Any]:
        request = self._request(query or " print 1")
        if isinstance(request, Result):
            raise CannotAnswer(request.reason or "The basic engine cannot do this.")
        return ask(request.engine, operation, self._schema, query, options, self._limits.seconds)

    def _validate(self, query: str, now: datetime | None, cancellation: Cancellation) -> Result:
        request = self._request(query)
        if isinstance(request, Result):
            return request
        engine, schema, moment = request.engine, self._schema, now or datetime.now(UTC)
        options = (self._advice, self._rules, request.choice.note)
        key = (engine.name, engine.library_version, schema.fingerprint, options, query)
        kept = self._cache.get(key)
        if kept is not None:
            return kept.at(moment)
        try:
            linting = len(self._rules) > 1
            kept, root = self._read(request, schema, moment, cancellation, tree=linting)
            if concerned(kept.result.facts, self._rules) and kept.result.facts.complete:
                if not linting:
                    _, root = self._read(request, schema, moment, cancellation, tree=True)
                if root is not None:
                    kept = kept.with_findings(lint(query, root, kept.result.facts, self._rules, Positions(query)))
        except EngineFailure as failure:  # a time-out, say: what did not work now may work next time
            return unread(request.choice, failure.reason, request.surface)
        self._cache.put(key, kept)
        return kept.result

    def _bind(self, query: str, now: datetime | None, cancellation: Cancellation) -> Bound:
        request = self._request(query)
        if isinstance(request, Result):
            return Bound(query, request, None)
        try:
            kept, root = self._read(request, self._schema, now or datetime.now(UTC), cancellation, tree=True)
        except EngineFailure as failure:
            return Bound(query, unread(request.choice, failure.reason, request.surface), None)
        return Bound(query, kept.result, root)

    def _request(self, query: str) -> _Request | Result:
        """Look at a text before any engine does: the answer, where it needs none or may have none."""
        choice, limits = choose(self._asked), self._limits
        broken = unencodable(query)
        if broken is not None:
            return unread(choice, f"The text holds half of a character (a lone surrogate) at index {broken}.")
        if len(query) > limits.characters:
            told = f"The text has {len(query):,} characters; queries of up to {limits.characters:,} are checked."
            return unread(choice, told)
        surface = read_surface(query)
        if surface.empty:
            return unread(choice, "The text holds no query: nothing but blanks and comments.", surface)
        if choice.engine is None:
            return basic(query, surface, choice)
        if surface.depth > limits.depth:
            told = f"Brackets are nested {surface.depth:,} deep; queries of up to {limits.depth} are checked."
            return unread(choice, told, surface)
        return _Request(query, surface, choice, choice.engine)

    def _read(
        self, request: _Request, schema: Schema, moment: datetime, cancellation: Cancellation, *, tree: bool
    ) -> tuple[Kept, Node | None]:
        engine, options = request.engine, {"advice": self._advice, "tree": tree}
        answer = engine.call(
            "analyse", schema, request.text, options, timeout=self._limits.seconds, cancellation=cancellation
        )
        if self._names is None:
            self._names = Names(engine.describe())
        return judge(answer, request.text, request.surface, schema, self._names, request.choice, moment)


@dataclass(frozen=True, slots=True)
class _Request:
    """A text that an engine is to read."""

    text: str
    surface: Surface
    choice: Choice
    engine: Engine


def _chosen(lint_rules: bool | Collection[str], dialect: Dialect) -> frozenset[str]:  # noqa: FBT001 - all, none or some
    known = {rule.code for rule in RULES}
    codes = known if lint_rules is True else set(lint_rules or ())
    if codes - known:
        raise ValueError(f"There is no rule {', '.join(sorted(codes - known))}; there are {', '.join(sorted(known))}.")
    return frozenset(codes | {"SKV100"} if dialect == "azure-monitor" else codes - {"SKV100"})


async def _in_thread(work: Callable[[str, datetime | None, Cancellation], T], query: str, now: datetime | None) -> T:
    import asyncio

    cancellation = Cancellation()
    try:
        return await asyncio.to_thread(work, query, now, cancellation)
    except asyncio.CancelledError:
        cancellation.cancel()
        raise
