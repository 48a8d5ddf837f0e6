r"""String literals of KQL, in all their spellings, read and written again in the one the engine reads right.

The engine (version 1.1.2) was seen to take `h'...'` and multi-line literals at their letters, and `\\u0041` as `u0041`.
"""

from __future__ import annotations

import re

_SIMPLE = {"\\": "\\", '"': '"', "'": "'", "a": "\a", "b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t", "v": "\v"}
_ESCAPE = re.compile(r"\\(u[0-9A-Fa-f]{4}|U[0-9A-Fa-f]{8}|x[0-9A-Fa-f]{1,4}|[0-7]{1,3}|.)", re.DOTALL)
_WRITTEN = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t"}
_PLAIN = re.compile(
    r"""@?"[^\\"]*"|@?'[^\\']*'|"(?:[^"\\]|\\[\\"'nrt])*"|'(?:[^'\\]|\\[\\"'nrt])*'|"""
    r"""@"(?:[^"]|"")*"|@'(?:[^']|'')*'"""
)


def needs_rewriting(literal: str) -> bool:
    """Report whether a string literal is spelled in a way that the engine misreads."""
    return _PLAIN.fullmatch(literal) is None


def value_of(literal: str) -> str:
    """Return the text that a string literal stands for."""
    body = literal[1:] if literal[0] in "hH" else literal
    if body.startswith("```"):
        return body[3:-3]
    if body.startswith("@"):
        quote = body[1]
        return body[2:-1].replace(quote * 2, quote)
    return _ESCAPE.sub(_unescaped, body[1:-1])


def literal_of(value: str) -> str:
    """Return a string literal that stands for a text."""
    return '"' + "".join(_WRITTEN.get(character, character) for character in value) + '"'


def _unescaped(found: re.Match[str]) -> str:
    text = found.group(1)
    if text[0] in "uUx" and len(text) > 1:
        return chr(int(text[1:], 16))
    if text[0] in "01234567":
        return chr(int(text, 8))
    return _SIMPLE.get(text, text)
