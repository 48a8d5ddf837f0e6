"""From what was found in a text to the verdict on it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from ._answers import Names, at_moment, diagnostics, facts
from ._text import Positions
from .result import Diagnostic, Facts, Result, Verdict
from .tree import Node, build

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from ._engines.choice import Choice
    from ._surface import Surface
    from .schema import Schema


# The codes that say that a name is not known: columns, tables, functions, databases, clusters, and their like.
_ABOUT_NAMES = frozenset(f"KS{number}" for number in (142, 204, 205, 207, 208, 209, 210, 211, 247, 248, 260, 261))


@dataclass(frozen=True, slots=True)
class Kept:
    """A verdict and what its time range is computed from, since `ago()` moves on while the verdict stays."""

    result: Result
    times: Sequence[Mapping[str, Any]] = ()
    accesses: Sequence[Mapping[str, Any]] = ()

    def with_findings(self, findings: tuple[Diagnostic, ...]) -> Kept:
        """Add what rules found; the verdict stays."""
        return replace(self, result=replace(self.result, diagnostics=(*self.result.diagnostics, *findings)))

    def at(self, moment: datetime) -> Result:
        """Give the verdict with the times that it has at this moment."""
        return replace(self.result, facts=at_moment(self.result.facts, self.times, self.accesses, moment))


def judge(
    answer: Mapping[str, Any],
    text: str,
    surface: Surface,
    schema: Schema,
    names: Names,
    choice: Choice,
    now: datetime,
) -> tuple[Kept, Node | None]:
    """Make the verdict out of an engine's answer, and the tree where the answer has one."""
    positions = Positions(text)
    found = diagnostics(answer, text, positions, schema, names)
    found, not_known = (found, ()) if schema.complete else _tolerated(found, text)
    wrong = any(d.severity == "error" for d in found)
    reason = _why_unknown(answer, found)
    if reason is None and not_known and not wrong:
        reason = f"The schema, which may lack names, does not have {', '.join(not_known)}."
    if "facts" in answer:
        known = facts(answer, positions, now)
    else:
        known = replace(surface_facts(surface), commands=tuple(name for _, name in answer["commands"]))
    if reason is None and known.skipped_tokens and not wrong:
        reason = "The analyser passed over a part of the text without checking it."
    root = build(answer["tree"], text, positions) if "tree" in answer and reason is None else None
    verdict: Verdict = "unknown" if reason else "invalid" if wrong else "valid"
    raw = answer.get("facts", {})
    result = replace(unread(choice, reason), verdict=verdict, diagnostics=found, facts=known)
    return Kept(result, raw.get("times", ()), raw.get("accesses", ())), root


def _tolerated(found: tuple[Diagnostic, ...], text: str) -> tuple[tuple[Diagnostic, ...], tuple[str, ...]]:
    """Turn what is said about unknown names, and about the same words on their account, into warnings; give both."""
    places = {(d.start, d.length) for d in found if d.code in _ABOUT_NAMES and d.severity == "error"}
    softened = tuple(
        replace(d, severity="warning") if d.severity == "error" and (d.start, d.length) in places else d for d in found
    )
    return softened, tuple(dict.fromkeys(text[start : start + length] for start, length in sorted(places)))


def unread(choice: Choice, reason: str | None, surface: Surface | None = None) -> Result:
    """Say that a text was not read, and why."""
    engine = choice.engine
    name, version = (engine.name, engine.library_version) if engine else ("basic", None)
    return Result("unknown", name, version, (), surface_facts(surface) if surface else Facts(), reason, choice.note)


def basic(text: str, surface: Surface, choice: Choice) -> Result:
    """Judge by the surface alone, which never says `valid`."""
    positions = Positions(text)
    found = tuple(
        Diagnostic(f.code, "error", f.message, "Surface", f.start, f.length, *positions.line_and_column(f.start))
        for f in surface.faults
    )
    told = unread(choice, "The basic engine checks brackets and strings only, and found no fault.", surface)
    return replace(told, verdict="invalid", reason=None, diagnostics=found) if found else told


def surface_facts(surface: Surface) -> Facts:
    """Give the little that the surface tells."""
    kind = "command" if surface.command else "query"
    return Facts(kind=kind, statements=surface.statements, commands=tuple(surface.verbs))


def _why_unknown(answer: Mapping[str, Any], found: tuple[Diagnostic, ...]) -> str | None:
    if answer["crash"]:
        return f"The analyser failed on this text ({answer['crash'].partition(':')[0]})."
    if any(d.code == "KS245" for d in found):
        return "The text is nested too deeply for the analyser, which did not look at what it means."
    if "facts" not in answer:
        return "The text is nested too deeply to be followed."
    return None
