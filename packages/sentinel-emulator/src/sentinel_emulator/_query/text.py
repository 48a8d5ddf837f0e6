"""Reads the outline of a query without parsing it: names, strings, comments, brackets, pipes.

Used where only the outline matters: which operator a fault stands in, what the final `render` says, which names occur.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

_TOKEN = re.compile(
    r"""(?P<comment>//[^\n]*)
    |(?P<string>[hH]?@"(?:[^"]|"")*"|[hH]?@'(?:[^']|'')*'|[hH]?"(?:[^"\\\n]|\\.)*"|[hH]?'(?:[^'\\\n]|\\.)*'|```.*?```)
    |(?P<name>[A-Za-z_][A-Za-z0-9_]*(?:-[A-Za-z]+)*)
    |(?P<number>\d[\w.]*)
    |(?P<mark>[^\s])""",
    re.VERBOSE | re.DOTALL,
)
# Names with a dash in them are operators; elsewhere the dash is a minus.
_DASHED = frozenset(
    {
        "make-series",
        "mv-apply",
        "mv-expand",
        "parse-kv",
        "parse-where",
        "project-away",
        "project-keep",
        "project-rename",
        "project-reorder",
        "sample-distinct",
        "top-hitters",
        "top-nested",
    }
)


@dataclass(frozen=True, slots=True)
class Token:
    """One piece of a query; comments are left out."""

    kind: str
    text: str
    start: int

    @property
    def end(self) -> int:
        """Where the piece ends."""
        return self.start + len(self.text)


def tokens(query: str) -> Iterator[Token]:
    """Yield the pieces of a query in order."""
    position = 0
    while found := _TOKEN.search(query, position):
        kind, text, start = found.lastgroup or "mark", found.group(), found.start()
        if kind == "name" and "-" in text and text not in _DASHED:
            text = text.partition("-")[0]
        position = start + len(text)
        if kind != "comment":
            yield Token(kind, text, start)


def names(query: str) -> frozenset[str]:
    """Return every name in a query, those inside strings too (`table("SigninLogs")` names a table)."""
    return frozenset(re.findall(r"[A-Za-z_]\w*", query))


def operator_at(query: str, position: int) -> str:
    """Return the operator a position stands in: the one before it, or for a source the first one after it."""
    depth, operators, held = 0, {0: ""}, list(tokens(query))
    for index, token in enumerate(held):
        if token.start >= position:
            if operators.get(depth):
                return operators[depth]
            return _first_operator(held[index:])
        if token.text in {"(", "[", "{"}:
            depth += 1
            operators[depth] = operators.get(depth - 1, "") if _is_call(held, index) else ""
        elif token.text in {")", "]", "}"}:
            depth = max(0, depth - 1)
        elif token.text == ";":
            operators[depth] = ""
        elif token.text == "|" and index + 1 < len(held):
            operators[depth] = held[index + 1].text
    return operators.get(depth, "")


def _is_call(held: list[Token], index: int) -> bool:
    """Whether a bracket belongs to an expression rather than holding a query of its own."""
    before = held[index - 1] if index else None
    after = held[index + 1] if index + 1 < len(held) else None
    if before is not None and before.text in {"join", "union", "lookup", "in", "toscalar", "materialize", "view"}:
        return False
    return not (before is not None and before.text in {"(", ","} and after is not None and after.kind == "name")


def _first_operator(rest: list[Token]) -> str:
    depth = 0
    for index, token in enumerate(rest):
        if token.text in {"(", "["}:
            depth += 1
        elif token.text in {")", "]"}:
            depth -= 1
        if depth < 0 or token.text == ";":
            return ""
        if depth == 0 and token.text == "|" and index + 1 < len(rest):
            return rest[index + 1].text
    return ""
