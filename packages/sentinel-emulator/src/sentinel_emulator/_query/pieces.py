"""Finding one's way among the pieces of a query: brackets, arguments, operators and pipelines."""

from __future__ import annotations

import re

from .text import Token

OPEN, CLOSE = {"(", "[", "{"}, {")", "]", "}"}
PLAIN_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")


def closing(held: list[Token], opening: int) -> int | None:
    """Return the index of the bracket that closes the one at `opening`."""
    depth = 0
    for index in range(opening, len(held)):
        depth += (held[index].text in OPEN) - (held[index].text in CLOSE)
        if depth == 0:
            return index
    return None


def arguments_of(held: list[Token], opening: int, close: int | None) -> list[str] | None:
    """Return the texts of a call's arguments, or None when the call does not end or has none."""
    if close is None or close == opening + 1:
        return None
    parts: list[list[Token]] = [[]]
    depth = 0
    for token in held[opening + 1 : close]:
        depth += (token.text in OPEN) - (token.text in CLOSE)
        if token.text == "," and depth == 0:
            parts.append([])
        else:
            parts[-1].append(token)
    return [joined(part) for part in parts]


def joined(part: list[Token]) -> str:
    text = ""
    for before, token in zip([None, *part], part, strict=False):
        text += (" " if before is not None and before.end < token.start else "") + token.text
    return text


def top(inside: list[Token]) -> list[Token]:
    """Return the pieces that stand in no bracket."""
    depth, found = 0, list[Token]()
    for token in inside:
        depth -= token.text in CLOSE
        if depth == 0:
            found.append(token)
        depth += token.text in OPEN
    return found


def stage_end(held: list[Token], index: int) -> int:
    """Return the index of what ends the operator at `index`: a pipe, a bracket, a semicolon, or the end."""
    depth = 0
    for place in range(index, len(held)):
        text = held[place].text
        if depth == 0 and (text in {"|", ";"} or text in CLOSE):
            return place
        depth += (text in OPEN) - (text in CLOSE)
    return len(held)


def stage_start(held: list[Token], index: int) -> int | None:
    """Return the index of the pipe before the operator that `index` stands in, brackets passed over outwards."""
    depth = 0
    for place in range(index, -1, -1):
        text = held[place].text
        depth += (text in CLOSE) - (text in OPEN)
        if text == "|" and depth <= 0:
            return place
        if text == ";":
            return None
    return None


def until(query: str, held: list[Token], index: int, stop: int) -> str:
    """Return a query of its own: the statements before, and the pipeline that `index` stands in, up to `stop`."""
    depth = 0
    start = 0
    for place in range(index, -1, -1):
        text = held[place].text
        depth += (text in CLOSE) - (text in OPEN)
        if depth < 0 or (depth == 0 and text == ";"):
            start = held[place].end
            break
        if depth == 0 and text == "let":
            # The pipeline begins after `let name =`.
            start = held[place + 2].end if place + 2 < len(held) else held[place].end
            break
    statement = max((token.end for token in held if token.text == ";" and token.end <= start), default=0)
    return f"{query[:statement]}\n{query[start:stop]}"


def quoted(name: str) -> str:
    return name if PLAIN_NAME.fullmatch(name) and name not in _RESERVED else f"['{name}']"


#: Words of the language that are no names without brackets.
_RESERVED = frozenset(
    [
        "access",
        "and",
        "by",
        "contains",
        "database",
        "first",
        "from",
        "has",
        "in",
        "into",
        "kind",
        "last",
        "let",
        "limit",
        "not",
        "of",
        "on",
        "or",
        "order",
        "print",
        "project",
        "range",
        "set",
        "sort",
        "step",
        "summarize",
        "table",
        "take",
        "to",
        "top",
        "type",
        "union",
        "where",
        "with",
    ]
)
