"""The one way a value from a user gets into a query."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sentinel_azure_clients.errors import InvalidInput

if TYPE_CHECKING:
    from collections.abc import Iterable

_ESCAPES = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t"}


def literal(value: str) -> str:
    """A KQL string literal that stands for exactly this text.

    Raises `InvalidInput` for texts over 1,000 characters and for control characters that KQL has no escape for.
    """
    if len(value) > 1000 or any(ord(character) < 32 and character not in _ESCAPES for character in value):
        raise InvalidInput("A value in a query may have 1,000 characters at most, and no control characters.")
    return '"' + "".join(_ESCAPES.get(character, character) for character in value) + '"'


def literals(values: Iterable[str]) -> str:
    """Several literals, with commas between them."""
    return ", ".join(map(literal, values))
