"""Changes that answer a diagnostic: the language service's own, and the likeliest name for one that nobody knows."""

from __future__ import annotations

from itertools import takewhile
from typing import TYPE_CHECKING, Any, Literal

from .result import Fix

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from .result import Diagnostic, Result

# The advice that the language service has a change for; for the rest of KS5xx it has none.
_SERVED = frozenset({"KS500", "KS501", "KS502", "KS507", "KS514"})
# A new name for the same function is safe, but for these: their successors have other limits, arguments or results.
_OTHERWISE = frozenset({"makelist", "makeset", "replace", "row_rank", "weekofyear", "current_cursor"})


def fixable(result: Result) -> list[int]:
    """Give the places of the diagnostics that the language service may have a change for."""
    return sorted({d.start for d in result.diagnostics if d.code in _SERVED})


def made_fixes(
    query: str, result: Result, offered: Iterable[Mapping[str, Any]], check: Callable[[str], Result]
) -> tuple[Fix, ...]:
    """Check every change and give those that leave no more errors than there were, in the order of the text."""
    made: list[Fix] = []
    for diagnostic in result.diagnostics:
        texts = [(f["title"], f["text"]) for f in offered if f["at"] == diagnostic.start and diagnostic.code in _SERVED]
        texts += [
            (f"Change to '{s.text}'", query[: s.start] + s.text + query[s.start + s.length :])
            for s in diagnostic.suggestions
        ]
        for title, text in texts:
            after = check(text)
            if after.verdict != "unknown" and len(after.errors) <= len(result.errors) - bool(diagnostic.suggestions):
                start, length, replacement = edit(query, text)
                safety = _safety(query, diagnostic, result, after)
                made.append(Fix(diagnostic.code, title, safety, start, length, replacement, text, after.verdict))
    return tuple(made)


def _safety(query: str, diagnostic: Diagnostic, before: Result, after: Result) -> Literal["safe", "changes meaning"]:
    name = query[diagnostic.start : diagnostic.start + diagnostic.length].partition("(")[0].strip()
    same = before.facts.output_columns == after.facts.output_columns
    return "safe" if diagnostic.code == "KS507" and name not in _OTHERWISE and same else "changes meaning"


def edit(before: str, after: str) -> tuple[int, int, str]:
    """Give the one replacement that turns one text into the other, whole words of names kept together."""
    start = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(before, after, strict=False)))
    while start and _of_name(before[start - 1]):
        start -= 1
    most = min(len(before), len(after)) - start
    end = 0
    while end < most and before[-1 - end] == after[-1 - end]:
        end += 1
    while end and _of_name(before[len(before) - end]):
        end -= 1
    return start, len(before) - end - start, after[start : len(after) - end]


def _of_name(character: str) -> bool:
    return character.isalnum() or character == "_"
