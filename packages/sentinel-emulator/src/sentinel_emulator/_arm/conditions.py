"""The conditions of queries for STIX objects: clauses over fields, joined by And or by Or."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, TypeAlias, cast

from .collections import objects_of
from .faults import bad_request

if TYPE_CHECKING:
    from collections.abc import Callable

    from sentinel_emulator._json import Json, Resource

#: Compares a field (first) with the values of a clause.
Comparison: TypeAlias = "Callable[[Json, list[Json]], bool]"

_RELATIVE = re.compile(r"(\d{1,6})\s*([dhm])", re.IGNORECASE)
_UNITS = {"d": "days", "h": "hours", "m": "minutes"}


class Condition:
    """A condition that has been understood; call it with the properties of an object. None is met by every object.

    Raises a 400 for what cannot be understood.
    """

    def __init__(self, sent: Json, now: datetime) -> None:
        if sent is not None and not isinstance(sent, dict):
            raise bad_request("The property 'condition' must be an object.")
        asked = cast("Resource", sent or {})
        self._now = now
        self._kind = str(asked.get("stixObjectType") or "").lower()
        self._together = _joins_all(asked.get("conditionConnective"), "conditionConnective")
        self._clauses = [self._clause(clause) for clause in objects_of(asked.get("clauses"))]

    def __call__(self, properties: Resource) -> bool:
        """Say whether an object passes."""
        if self._kind and properties["data"]["type"] != self._kind:
            return False
        found = [clause(properties) for clause in self._clauses]
        return all(found) if self._together else any(found) or not found

    def _clause(self, clause: Resource) -> Callable[[Resource], bool]:
        operator, field = str(clause.get("operator")), str(clause.get("field") or "")
        values: Json = clause.get("values") or []
        if operator not in _COMPARISONS and operator not in _MOMENTS:
            raise bad_request(f"The operator '{operator}' is not one of {', '.join((*_COMPARISONS, *_MOMENTS))}.")
        if not field or not isinstance(values, list) or (not values and operator not in _WITHOUT_VALUES):
            raise bad_request(f"A clause with the operator '{operator}' needs a field and values.")
        given = cast("list[Json]", values)
        if operator in _MOMENTS:
            limit = self._limit(operator, str(given[0]))
            return lambda properties: _MOMENTS[operator](_moment(_field(properties, field)), limit)
        compare = _COMPARISONS[operator]
        if _joins_all(clause.get("clauseConnective", "Or"), "clauseConnective"):
            return lambda properties: all(compare(_field(properties, field), [value]) for value in given)
        return lambda properties: compare(_field(properties, field), given)

    def _limit(self, operator: str, text: str) -> datetime:
        if operator.endswith("Relative"):
            found = _RELATIVE.fullmatch(text.strip())
            if found is None:
                raise bad_request(f"The value '{text}' of a relative moment must be such as 7d, 12h or 30m.")
            return self._now - timedelta(**{_UNITS[found.group(2).lower()]: int(found.group(1))})
        moment = _moment(text)
        if moment is None:
            raise bad_request(f"The value '{text}' must be a moment such as 2026-01-31T08:00:00Z.")
        return moment


def _joins_all(word: Json, name: str) -> bool:
    if word not in {None, "And", "Or"}:
        raise bad_request(f"The property '{name}' must be And or Or.")
    return word != "Or"


def _field(properties: Resource, name: str) -> Json:
    """Return a field of an object: of the resource or, failing that, of the STIX object in it."""
    if name == "lastUpdatedTimeUtc":
        name = "lastUpdatedDateTimeUtc"
    return properties[name] if name in properties else properties["data"].get(name)


def _moment(value: Json) -> datetime | None:
    try:
        moment = datetime.fromisoformat(str(value))
        return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def _texts(value: Json) -> list[str]:
    """Return a field as lower-case texts: one, several where it is a list, none where it is not set."""
    if isinstance(value, list):
        return [str(item).lower() for item in cast("list[Json]", value)]
    return [] if value is None else [str(value).lower()]


def _some(compare: Callable[[str, str], bool]) -> Comparison:
    return lambda field, values: any(compare(one, str(value).lower()) for one in _texts(field) for value in values)


def _none(compare: Callable[[str, str], bool]) -> Comparison:
    some = _some(compare)
    return lambda field, values: not some(field, values)


def _number(compare: Callable[[float, float], bool]) -> Comparison:
    def compared(field: Json, values: list[Json]) -> bool:
        try:
            return isinstance(field, int | float) and compare(float(field), float(str(values[0])))
        except ValueError as error:
            raise bad_request(f"The value '{values[0]}' must be a number.") from error

    return compared


_COMPARISONS: dict[str, Comparison] = {
    "Equals": _some(lambda one, other: one == other),
    "NotEquals": _none(lambda one, other: one == other),
    "LessThan": _number(lambda one, other: one < other),
    "LessThanEqual": _number(lambda one, other: one <= other),
    "GreaterThan": _number(lambda one, other: one > other),
    "GreaterThanEqual": _number(lambda one, other: one >= other),
    "StringContains": _some(lambda one, other: other in one),
    "StringNotContains": _none(lambda one, other: other in one),
    "StringStartsWith": _some(lambda one, other: one.startswith(other)),
    "StringNotStartsWith": _none(lambda one, other: one.startswith(other)),
    "StringEndsWith": _some(lambda one, other: one.endswith(other)),
    "StringNotEndsWith": _none(lambda one, other: one.endswith(other)),
    "StringIsEmpty": lambda field, _: not field,
    "IsNull": lambda field, _: field is None,
    "IsTrue": lambda field, _: field is True,
    "IsFalse": lambda field, _: field is False,
    "ArrayContains": _some(lambda one, other: one == other),
    "ArrayNotContains": _none(lambda one, other: one == other),
}
_WITHOUT_VALUES = {"StringIsEmpty", "IsNull", "IsTrue", "IsFalse"}


def _both(compare: Callable[[datetime, datetime], bool]) -> Callable[[datetime | None, datetime], bool]:
    return lambda field, limit: field is not None and compare(field, limit)


_ORDERS: dict[str, Callable[[datetime, datetime], bool]] = {
    "OnOrAfter": lambda one, other: one >= other,
    "After": lambda one, other: one > other,
    "OnOrBefore": lambda one, other: one <= other,
    "Before": lambda one, other: one < other,
}
_MOMENTS = {f"{name}{scale}": _both(_ORDERS[name]) for scale in ("Relative", "Absolute") for name in _ORDERS}
