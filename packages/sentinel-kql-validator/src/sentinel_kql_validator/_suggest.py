"""The names that somebody probably meant, for names that the analyser does not know."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

MOST = 5
_WORDS = re.compile(r"[A-Z]?[a-z0-9]+|[A-Z]+(?![a-z])")


def distance(left: str, right: str, limit: int) -> int:
    """Count the edits (insert, delete, replace, swap neighbours) between two words, up to `limit` + 1."""
    if abs(len(left) - len(right)) > limit:
        return limit + 1
    before: list[int] = []
    row = list(range(len(right) + 1))
    for i, a in enumerate(left, 1):
        older, before, row = before, row, [i]
        best = i
        for j, b in enumerate(right, 1):
            cost = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (a != b))
            if i > 1 and j > 1 and a == right[j - 2] and left[i - 2] == b:
                cost = min(cost, older[j - 2] + 1)
            row.append(cost)
            best = min(best, cost)
        if best > limit:
            return limit + 1
    return min(row[-1], limit + 1)


def closest(name: str, candidates: Sequence[Iterable[str]]) -> tuple[str, ...]:
    """Rank candidates by likeness to `name`, at most five, only plausible ones.

    `candidates` are groups, the likeliest first: of two names as close, the one of the earlier group comes first.
    Case alone is the smallest difference; a missing or added word (`SigninLog`, `UserPrincipalName`) counts as small.
    """
    lowered, limit = name.lower(), max(1, min(4, (len(name) + 2) // 3))
    words = [w.lower() for w in _WORDS.findall(name)]
    ranked: list[tuple[float, int, int, str]] = []
    seen: set[str] = set()
    for group, names in enumerate(candidates):
        for candidate in names:
            if candidate in seen or candidate == name:
                continue
            seen.add(candidate)
            score = _score(lowered, candidate.lower(), limit, words, candidate)
            if score is not None:
                ranked.append((score, group, abs(len(candidate) - len(name)), candidate))
    return tuple(candidate for *_, candidate in sorted(ranked)[:MOST])


def _score(lowered: str, other: str, limit: int, words: list[str], candidate: str) -> float | None:
    if lowered == other:
        return 0.25
    edits = distance(lowered, other, limit)
    theirs = [w.lower() for w in _WORDS.findall(candidate)]
    if len(words) > 1 or len(lowered) >= 4:
        missing = len(theirs) - len(words)
        if 0 < missing <= 2 and _in_order(words, theirs):
            return min(float(edits), missing + 0.2)
    if edits <= limit:
        return float(edits)
    if len(lowered) >= 4 and (other.startswith(lowered) or (lowered.startswith(other) and len(other) >= 4)):
        return limit + 0.5
    if len(words) > 1:
        shared = {*words} & {*theirs}
        if len(shared) * 2 > len(words):
            return limit + 1 + (len(words) - len(shared)) / len(words)
    return None


def _in_order(words: list[str], theirs: list[str]) -> bool:
    """Whether the words stand in the other name in the same order, with others between."""
    rest = iter(theirs)
    return all(word in rest for word in words)
