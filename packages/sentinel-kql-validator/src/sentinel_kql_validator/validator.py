"""The validator: one query in, one verdict out."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any, Literal, TypeAlias

from ._answers import Names, at_moment, diagnostics, facts
from ._engines import Cancellation, Engine, EngineFailure
from ._engines.choice import Choice, choose
from ._fixes import fixable, made_fixes
from ._surface import Surface, read_surface
from ._text import Positions, unencodable
from .cache import Kept, VerdictCache
from .result import Diagnostic, Facts, Fix, Result, Verdict
from .schema import Schema

EngineName: TypeAlias = Literal["auto", "dotnet", "v8", "basic"]


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
    asked for by name and cannot load raises `EngineUnavailable` then. With `advice` (the default) the analyser's
    warnings and suggestions come too; they never change the verdict. `cache` keeps verdicts for a while; give one to
    share it.
    """

    def __init__(
        self,
        schema: Schema | None = None,
        engine: EngineName = "auto",
        *,
        limits: Limits | None = None,
        advice: bool = True,
        cache: VerdictCache | None = None,
    ) -> None:
        self._schema = schema if schema is not None else Schema.sentinel()
        self._asked = engine
        self._limits = limits or Limits()
        self._advice = advice
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
        cancellation = Cancellation()
        try:
            return await asyncio.to_thread(self._validate, query, now, cancellation)
        except asyncio.CancelledError:
            cancellation.cancel()
            raise

    def fixes(self, query: str) -> tuple[Fix, ...]:
        """Give every change that answers a diagnostic, checked again: none of them leaves more errors than there were.

        They are for one at a time: after one is applied, ask again.
        """
        result = self.validate(query)
        choice = choose(self._asked)
        places = fixable(result)
        offered: list[dict[str, Any]] = []
        if choice.engine is not None and places and result.verdict != "unknown":
            positions = [len(query[:place].encode("utf-16-le")) // 2 for place in places]
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

    def _validate(self, query: str, now: datetime | None, cancellation: Cancellation) -> Result:
        choice = choose(self._asked)
        broken = unencodable(query)
        if broken is not None:
            return _unread(choice, f"The text holds half of a character (a lone surrogate) at index {broken}.")
        if len(query) > self._limits.characters:
            return _unread(
                choice,
                f"The text has {len(query):,} characters; queries of up to {self._limits.characters:,} are checked.",
            )
        surface = read_surface(query)
        if surface.empty:
            return self._unknown(choice, surface, "The text holds no query: nothing but blanks and comments.")
        if choice.engine is None:
            return self._basic(query, surface, choice)
        if surface.depth > self._limits.depth:
            return self._unknown(
                choice,
                surface,
                f"Brackets are nested {surface.depth:,} deep; queries of up to {self._limits.depth} are checked.",
            )
        schema, moment = self._schema, now or datetime.now(UTC)
        engine = choice.engine
        key = (engine.name, engine.library_version, schema.fingerprint, self._advice, choice.note, query)
        kept = self._cache.get(key)
        if kept is None:
            try:
                kept = self._full(choice, engine, schema, query, surface, moment, cancellation)
            except EngineFailure as failure:  # a time-out, say: what did not work now may work next time
                return self._unknown(choice, surface, failure.reason)
            self._cache.put(key, kept)
            return kept.result
        known = at_moment(kept.result.facts, kept.times, kept.accesses, moment)
        return replace(kept.result, facts=known)

    def _full(
        self,
        choice: Choice,
        engine: Engine,
        schema: Schema,
        query: str,
        surface: Surface,
        now: datetime,
        cancellation: Cancellation,
    ) -> Kept:
        options = {"advice": self._advice}
        seconds = self._limits.seconds
        answer = engine.call("analyse", schema, query, options, timeout=seconds, cancellation=cancellation)
        if self._names is None:
            self._names = Names(engine.describe())
        positions = Positions(query)
        found = diagnostics(answer, query, positions, schema, self._names)
        reason = _why_unknown(answer, found)
        if "facts" in answer:
            known = facts(answer, positions, now)
        else:
            known = replace(_surface_facts(surface), commands=tuple(name for _, name in answer["commands"]))
        if reason is None and known.skipped_tokens and not any(d.severity == "error" for d in found):
            reason = "The analyser passed over a part of the text without checking it."
        verdict: Verdict = "unknown" if reason else "invalid" if any(d.severity == "error" for d in found) else "valid"
        result = Result(verdict, engine.name, engine.library_version, found, known, reason, choice.note)
        raw = answer.get("facts", {})
        return Kept(result, raw.get("times", ()), raw.get("accesses", ()))

    def _basic(self, query: str, surface: Surface, choice: Choice) -> Result:
        positions = Positions(query)
        found = tuple(
            Diagnostic(f.code, "error", f.message, "Surface", f.start, f.length, *positions.line_and_column(f.start))
            for f in surface.faults
        )
        if found:
            return Result("invalid", "basic", None, found, _surface_facts(surface), None, choice.note)
        return self._unknown(choice, surface, "The basic engine checks brackets and strings only, and found no fault.")

    @staticmethod
    def _unknown(choice: Choice, surface: Surface, reason: str) -> Result:
        return replace(_unread(choice, reason), facts=_surface_facts(surface))


def _unread(choice: Choice, reason: str) -> Result:
    version = choice.engine.library_version if choice.engine else None
    name = choice.engine.name if choice.engine else "basic"
    return Result("unknown", name, version, (), Facts(), reason, choice.note)


def _surface_facts(surface: Surface) -> Facts:
    return Facts(
        kind="command" if surface.command else "query", statements=surface.statements, commands=tuple(surface.verbs)
    )


def _why_unknown(answer: dict[str, Any], found: tuple[Diagnostic, ...]) -> str | None:
    if answer["crash"]:
        return f"The analyser failed on this text ({answer['crash'].partition(':')[0]})."
    if any(d.code == "KS245" for d in found):
        return "The text is nested too deeply for the analyser, which did not look at what it means."
    if "facts" not in answer:
        return "The text is nested too deeply to be followed."
    return None
