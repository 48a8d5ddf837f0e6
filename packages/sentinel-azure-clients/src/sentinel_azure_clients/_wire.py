"""Reading one field of a JSON object, with an error that names the field when it is not what it should be."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, TypeGuard

from sentinel_azure_clients.errors import MalformedAnswer

Json = dict[str, Any]


def is_object(value: object) -> TypeGuard[Json]:
    """Whether this is a JSON object."""
    return isinstance(value, dict)


def is_array(value: object) -> TypeGuard[list[Any]]:
    """Whether this is a JSON array."""
    return isinstance(value, list)


def section(source: Json, key: str) -> Json:
    """An object within the object; absent and null are both an empty one."""
    value = source.get(key)
    if value is None:
        return {}
    if not is_object(value):
        raise _wrong(key, "an object", value)
    return value


def text(source: Json, key: str) -> str | None:
    """A string, or None when absent or null."""
    value = source.get(key)
    if value is None or isinstance(value, str):
        return value
    raise _wrong(key, "a string", value)


def whole(source: Json, key: str) -> int | None:
    """A whole number, or None when absent or null."""
    value = source.get(key)
    if value is None:
        return None
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    if isinstance(value, float) and value.is_integer():
        return int(value)
    raise _wrong(key, "a whole number", value)


def real(source: Json, key: str) -> float | None:
    """A number, or None when absent or null."""
    value = source.get(key)
    if value is None:
        return None
    if isinstance(value, int | float) and not isinstance(value, bool):
        return float(value)
    raise _wrong(key, "a number", value)


def flag(source: Json, key: str) -> bool | None:
    """True or false, or None when absent or null."""
    value = source.get(key)
    if value is None or isinstance(value, bool):
        return value
    raise _wrong(key, "true or false", value)


def objects(source: Json, key: str) -> tuple[Json, ...]:
    """An array of objects; absent and null are both an empty one."""
    values = _array(source, key)
    for value in values:
        if not is_object(value):
            raise _wrong(key, "an array of objects", value)
    return tuple(values)


def strings(source: Json, key: str) -> tuple[str, ...]:
    """An array of strings; absent and null are both an empty one."""
    values = _array(source, key)
    for value in values:
        if not isinstance(value, str):
            raise _wrong(key, "an array of strings", value)
    return tuple(values)


def moment(source: Json, key: str) -> datetime | None:
    """A time with its zone (UTC when the wire gives none), to the microsecond; None when absent or null."""
    value = text(source, key)
    if value is None:
        return None
    try:
        parsed = datetime.fromisoformat(value)
    except ValueError as error:
        raise _wrong(key, "a time", value) from error
    return parsed if parsed.tzinfo else parsed.replace(tzinfo=UTC)


def needed(source: Json, key: str) -> str:
    """A string that every such object has."""
    value = text(source, key)
    if value is None:
        raise MalformedAnswer(f"The service's answer has no {key!r}, which every such object has.")
    return value


def name_of(source: Json) -> str:
    """The name of an object; the last part of its id where the service leaves the name out."""
    return text(source, "name") or needed(source, "id").rsplit("/", 1)[-1]


def lower_first(source: Json) -> Json:
    """The same object with each name beginning in lower case, for names written now one way, now the other."""
    return {key[:1].lower() + key[1:]: value for key, value in source.items()}


def _array(source: Json, key: str) -> list[Any]:
    value = source.get(key)
    if value is None:
        return []
    if not is_array(value):
        raise _wrong(key, "an array", value)
    return value


def _wrong(key: str, wanted: str, value: object) -> MalformedAnswer:
    return MalformedAnswer(f"The service's answer has {type(value).__name__} in {key!r} where {wanted} belongs.")
