"""Conditions for `$filter`: the one way a value from a user gets into an OData expression."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sentinel_azure_clients._timespan import instant
from sentinel_azure_clients.errors import InvalidInput

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime


def literal(value: str) -> str:
    """A string literal; a quote inside is doubled, as OData has it.

    Raises `InvalidInput` for control characters and for texts over 1,000 characters.
    """
    if len(value) > 1000 or any(ord(character) < 32 or ord(character) == 127 for character in value):
        raise InvalidInput("A value to filter by may have 1,000 characters at most, and no control characters.")
    doubled = value.replace("'", "''")
    return f"'{doubled}'"


def equals(path: str, value: str) -> str:
    """`path` is exactly `value`."""
    return f"{path} eq {literal(value)}"


def any_of(path: str, values: Iterable[str]) -> str:
    """`path` is one of `values`; the empty text for no values."""
    return either(*(equals(path, value) for value in values))


def contains(path: str, value: str) -> str:
    """`path` contains `value`."""
    return f"contains({path}, {literal(value)})"


def compares(path: str, operator: str, moment: datetime) -> str:
    """`path` is at, before or after a time (`ge`, `gt`, `le`, `lt`)."""
    if moment.tzinfo is None:
        raise InvalidInput("A time to filter by needs a time zone, such as datetime.now(UTC).")
    return f"{path} {operator} {instant(moment)}"


def either(*conditions: str) -> str:
    """One of the conditions, in brackets when there are several."""
    given = [condition for condition in conditions if condition]
    return given[0] if len(given) == 1 else f"({' or '.join(given)})" if given else ""


def every(*conditions: str) -> str:
    """All of the conditions that are not empty."""
    return " and ".join(condition for condition in conditions if condition)
