"""What can be read off a text without understanding it: strings, comments, brackets, statements, commands.

Used for two things: the `basic` engine, and the look at a text before it goes to an analyser that depth could hurt.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

_TOKEN = re.compile(
    r"""(?P<comment>//[^\r\n]*)
    |(?P<block>```|~~~)
    |(?P<verbatim>[hH]?@(?P<vquote>["']))
    |(?P<string>(?P<quote>["']))
    |(?P<open>[(\[{])
    |(?P<close>[)\]}])
    |(?P<semicolon>;)
    |(?P<dot>(?:^|(?<=[\r\n]))[ \t]*\.\s*(?P<verb>[A-Za-z][A-Za-z-]*))""",
    re.VERBOSE,
)
_ENDS = {
    '"': re.compile(r'(?:[^"\\\r\n]|\\.)*"'),
    "'": re.compile(r"(?:[^'\\\r\n]|\\.)*'"),
    '@"': re.compile(r'(?:[^"\r\n]|"")*"(?!")'),
    "@'": re.compile(r"(?:[^'\r\n]|'')*'(?!')"),
}
_PAIRS = {")": "(", "]": "[", "}": "{"}
# First words of control commands that change or show something; a line that begins with one after a query is
# suspicious.
_VERB_LIST = """
add alter alter-merge append apply attach cancel clear copy create create-merge create-or-alter delete detach disable
drop enable execute export grant ingest load merge move patch purge rebuild recover redact rename replace revoke
rollback run save seal set set-or-append set-or-replace show undo unload update
"""
_VERBS = frozenset(_VERB_LIST.split())


@dataclass(frozen=True, slots=True)
class Fault:
    """A string without an end or a bracket without its partner: code, message and place in characters."""

    code: str
    message: str
    start: int
    length: int


@dataclass(slots=True)
class Surface:
    """The outside of a text."""

    faults: list[Fault] = field(default_factory=list[Fault])
    depth: int = 0
    """The deepest nesting of brackets."""
    empty: bool = True
    """Nothing but blanks and comments."""
    command: bool = False
    """The text begins as a control command."""
    verbs: list[str] = field(default_factory=list[str])
    """First words of lines that begin as a control command does."""
    statements: int = 0
    """Statements, by semicolons outside brackets, that answer: no `let`, `set`, `declare`, `alias`, `restrict`."""


def read_surface(text: str) -> Surface:
    """Read the outside of a text. Takes time in proportion to its length, whatever is in it."""
    seen, stack = Surface(), list[tuple[str, int]]()
    position, begin, blank = 0, 0, True
    pieces: list[str] = []

    def statement(end: int) -> None:
        nonlocal blank
        words = text[begin:end].split(None, 1)
        if not blank and words and pieces:
            seen.statements += pieces[0] not in {"let", "set", "declare", "alias", "restrict"}
        blank = True
        pieces.clear()

    while match := _TOKEN.search(text, position):
        start = match.start()
        between = text[position:start]
        if between.strip():
            if blank:
                pieces.append(between.split()[0])
            blank = seen.empty = False
        position = match.end()
        kind = match.lastgroup
        if kind == "comment":
            continue
        if kind == "semicolon":
            if not stack:
                statement(start)
                begin = position
            continue
        if blank:
            pieces.append(match.group().strip())
        if kind == "dot":
            seen.command = seen.command or seen.empty
            if seen.command or match["verb"].lower() in _VERBS:
                seen.verbs.append(match["verb"].lower())
        blank = seen.empty = False
        if kind in {"block", "verbatim", "string"}:
            position = _string_end(text, match, seen)
        elif kind == "open":
            stack.append((match.group(), start))
            seen.depth = max(seen.depth, len(stack))
        elif kind == "close":
            if stack and stack[-1][0] == _PAIRS[match.group()]:
                stack.pop()
            else:
                seen.faults.append(Fault("BASIC2", f"This {match.group()} closes nothing.", start, 1))
    rest = text[position:]
    if rest.strip():
        if blank:
            pieces.append(rest.split()[0])
        blank = seen.empty = False
    statement(len(text))
    if not seen.faults:  # else the brackets left open may only follow from that
        seen.faults += [Fault("BASIC3", f"This {bracket} is never closed.", start, 1) for bracket, start in stack]
    return seen


def _string_end(text: str, match: re.Match[str], seen: Surface) -> int:
    if match["block"]:
        end = text.find(match["block"], match.end())
        if end >= 0:
            return end + 3
        seen.faults.append(Fault("BASIC1", f"This string is never closed by {match['block']}.", match.start(), 3))
        return len(text)
    quote = match["vquote"] or match["quote"]
    closed = _ENDS[f"@{quote}" if match["vquote"] else quote].match(text, match.end())
    if closed:
        return closed.end()
    line = re.compile(r"[\r\n]").search(text, match.end())
    end = line.start() if line else len(text)
    seen.faults.append(Fault("BASIC1", f"This string is never closed by {quote}.", match.start(), end - match.start()))
    return end
