"""How far rules and packages have moved from what they were made of."""

import re
from collections.abc import Mapping
from datetime import timedelta
from typing import Any, Literal

from sentinel_mcp_server.window import InvalidTimespan, parse_timespan

FIELDS = (
    "query",
    "severity",
    "queryFrequency",
    "queryPeriod",
    "triggerOperator",
    "triggerThreshold",
    "tactics",
    "techniques",
    "entityMappings",
)
"""What of a rule is compared with its template; titles and descriptions change without changing what is found."""

_DURATIONS = {"queryFrequency", "queryPeriod"}
_NUMBERS = re.compile(r"\d+(\.\d+)*")

Age = Literal["newer available", "current", "not told"]


def age(installed: str | None, available: str | None) -> Age:
    """Whether a newer version is available; versions that are no dotted numbers cannot be compared."""
    if installed is None or available is None or not _NUMBERS.fullmatch(installed) or not _NUMBERS.fullmatch(available):
        return "not told"
    return "newer available" if _parts(available) > _parts(installed) else "current"


def changed_fields(rule: Mapping[str, Any], template: Mapping[str, Any]) -> list[str]:
    """The fields in which a rule differs from its template; what the template leaves open cannot differ."""
    return [
        field
        for field in FIELDS
        if template.get(field) not in (None, [], "")
        and _plain(field, rule.get(field)) != _plain(field, template[field])
    ]


def _parts(version: str) -> tuple[int, ...]:
    parts = [int(part) for part in version.split(".")]
    while parts and parts[-1] == 0:
        parts.pop()
    return tuple(parts)


def _plain(field: str, value: Any) -> object:  # noqa: ANN401 - any JSON value
    """The value without what makes no difference: blanks at line ends, order of tactics, spelling of durations."""
    if field == "query":
        return "\n".join(line.rstrip() for line in str(value or "").strip().splitlines())
    if field in _DURATIONS:
        return _duration(value)
    if field in ("tactics", "techniques"):
        return sorted(str(item) for item in value or ())
    return None if value in ([], "") else value


def _duration(value: object) -> object:
    try:
        span = parse_timespan(str(value))
    except InvalidTimespan:
        return value
    return span if isinstance(span, timedelta) else value
