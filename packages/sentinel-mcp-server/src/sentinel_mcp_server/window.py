"""The time window of a query: read from text, decided, and told."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Literal, Protocol

from pydantic import TypeAdapter, ValidationError

_ISO = re.compile(r"P(?!$)(\d+W)?(\d+D)?(T(?=\d)(\d+H)?(\d+M)?(\d+([.,]\d+)?S)?)?", re.IGNORECASE)
_CALENDAR = re.compile(r"P[^T]*\d[YM]", re.IGNORECASE)
_TIMEDELTA = TypeAdapter(timedelta)
_SHORTHAND = re.compile(r"(?P<count>\d{1,6})\s*(?P<unit>[smhdw])", re.IGNORECASE)
_UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days", "w": "weeks"}
_ACCEPTED = "use a duration (1d, 12h, P7D, PT30M) or start/end (2026-01-31T08:00Z/2026-02-01, 2026-01-31/P1D)"
_LONGEST = timedelta(days=366 * 12)  # the longest total retention that Log Analytics sells is twelve years


class InvalidTimespan(ValueError):
    """The text is no timespan; the message says what is accepted."""


@dataclass(frozen=True, slots=True)
class Window:
    """What was searched: both ends in UTC, None where nothing bounds that side, and who decided."""

    start: datetime | None
    end: datetime | None
    source: Literal["argument", "query", "default"]


class Bounds(Protocol):
    """The time range that a query sets for itself, as the analyser resolved it."""

    @property
    def start(self) -> datetime | None:
        """The earliest moment, or None where the query names none."""
        ...

    @property
    def end(self) -> datetime | None:
        """The latest moment, or None where the query names none."""
        ...


def parse_timespan(text: str) -> timedelta | tuple[datetime, datetime]:
    """Read a duration or a `start/end` pair; a date or time without a zone is UTC.

    Raises:
        InvalidTimespan: it is neither, it is empty or negative, or it names months or years, whose length varies.
    """
    text = text.strip()
    if "/" not in text:
        return _duration(text)
    start_text, _, end_text = text.partition("/")
    if end_text.strip().upper().startswith("P"):
        start = _instant(start_text, text)
        return _ordered(start, start + _duration(end_text), text)
    if start_text.strip().upper().startswith("P"):
        end = _instant(end_text, text)
        return _ordered(end - _duration(start_text), end, text)
    return _ordered(_instant(start_text, text), _instant(end_text, text), text)


def decide_window(timespan: str | None, bounds: Bounds | None, default: str, *, now: datetime) -> Window:
    """The window that a query searches: the argument, else the query's own bounds, else the default.

    `bounds` counts only where it has a start: a query that names just an end still reaches back without limit.

    Raises:
        InvalidTimespan: the argument is no timespan.
    """
    if timespan is not None:
        return _absolute(parse_timespan(timespan), now, "argument")
    if bounds is not None and bounds.start is not None:
        return Window(bounds.start, bounds.end, "query")
    return _absolute(parse_timespan(default), now, "default")


def parse_instant(text: str) -> datetime:
    """Read an ISO 8601 date or time; without a zone it is UTC.

    Raises:
        InvalidTimespan: it is neither.
    """
    return _instant(text, text)


def _absolute(
    span: timedelta | tuple[datetime, datetime], now: datetime, source: Literal["argument", "default"]
) -> Window:
    if isinstance(span, timedelta):
        return Window(now - span, now, source)
    return Window(*span, source)


def _duration(text: str) -> timedelta:
    text = text.strip()
    if match := _SHORTHAND.fullmatch(text):
        span = timedelta(**{_UNITS[match["unit"].lower()]: int(match["count"])})
    elif _CALENDAR.match(text):
        raise InvalidTimespan(f"{text[:40]!r} counts months or years, whose length varies: give days, such as P30D")
    elif _ISO.fullmatch(text):
        try:
            span = _TIMEDELTA.validate_python(text.upper().replace(",", "."))
        except ValidationError:  # a number beyond what a span of time can hold
            span = timedelta(0)
    else:
        raise InvalidTimespan(f"{text[:40]!r} is no timespan: {_ACCEPTED}")
    if not timedelta(0) < span <= _LONGEST:
        raise InvalidTimespan(f"{text[:40]!r} is not a span between a moment and twelve years: {_ACCEPTED}")
    return span


def _instant(text: str, whole: str) -> datetime:
    try:
        instant = datetime.fromisoformat(text.strip())
    except ValueError:
        if text is whole:
            raise InvalidTimespan(
                f"{text[:40]!r} is no moment: write an ISO 8601 date or time, such as 2026-01-31T08:00Z"
            ) from None
        raise InvalidTimespan(f"{whole[:80]!r} is no timespan: {_ACCEPTED}") from None
    return instant.replace(tzinfo=UTC) if instant.tzinfo is None else instant.astimezone(UTC)


def _ordered(start: datetime, end: datetime, whole: str) -> tuple[datetime, datetime]:
    if start >= end:
        raise InvalidTimespan(f"{whole[:80]!r} ends before it starts: write the earlier moment first")
    return start, end
