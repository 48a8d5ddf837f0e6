"""The `timespan` of a request: an ISO 8601 duration, or an interval made of two ends."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

# What clients send goes beyond the examples: the Python SDK writes `PT86400.0S` for a day.
_DURATION = re.compile(
    r"P(?!$)(?:(?P<weeks>\d+)W)?(?:(?P<days>\d+(?:\.\d+)?)D)?"
    r"(?:T(?!$)(?:(?P<hours>\d+(?:\.\d+)?)H)?(?:(?P<minutes>\d+(?:\.\d+)?)M)?(?:(?P<seconds>\d+(?:\.\d+)?)S)?)?",
    re.IGNORECASE,
)


class TimespanError(ValueError):
    """The timespan cannot be read; the message says what was wrong and what is accepted."""


@dataclass(frozen=True, slots=True)
class Window:
    """From `start` (included) to `end` (included): the moments whose rows a query sees."""

    start: datetime
    end: datetime


def parse_timespan(text: str, now: datetime) -> Window:
    """Return the window of a timespan; a lone duration ends at `now`. Raises `TimespanError`."""
    first, slash, second = text.strip().partition("/")
    try:
        if not slash:
            return Window(now - _duration(first), now)
        if _is_duration(first):
            end = _moment(second)
            return Window(end - _duration(first), end)
        start = _moment(first)
        window = Window(start, start + _duration(second) if _is_duration(second) else _moment(second))
    except (ValueError, OverflowError) as error:
        raise TimespanError(
            f"The timespan {text!r} is not valid: give an ISO 8601 duration such as P1D or PT12H, "
            "or an interval such as 2026-01-01T00:00:00Z/P1D."
        ) from error
    if window.end < window.start:
        raise TimespanError(f"The timespan {text!r} ends before it starts.")
    return window


def _is_duration(text: str) -> bool:
    return text[:1] in {"P", "p"}


def _duration(text: str) -> timedelta:
    found = _DURATION.fullmatch(text)
    if found is None:
        msg = "not a duration"
        raise ValueError(msg)
    return timedelta(**{unit: float(value) for unit, value in found.groupdict().items() if value})


def _moment(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
