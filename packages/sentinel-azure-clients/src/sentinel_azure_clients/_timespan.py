"""A span of time as the query API takes it."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

from sentinel_azure_clients.errors import InvalidInput

Timespan = tuple[datetime, datetime] | timedelta | str

_DURATION = re.compile(r"P(?=\d|T\d)(\d+W|(\d+Y)?(\d+M)?(\d+D)?(T(?=\d)(\d+H)?(\d+M)?(\d+(\.\d+)?S)?)?)")


def on_the_wire(timespan: Timespan) -> str:
    """The ISO 8601 text the service takes: a duration, or a start and an end (or a duration) around a slash.

    Raises `InvalidInput` for a time without a zone, an end before its start, a span that is not positive, and a text
    that is neither.
    """
    if isinstance(timespan, str):
        return _checked(timespan)
    if isinstance(timespan, timedelta):
        if timespan <= timedelta():
            raise InvalidInput("The timespan must be longer than nothing.")
        return duration(timespan)
    start, end = timespan
    if start.tzinfo is None or end.tzinfo is None:
        raise InvalidInput("The start and end of a timespan need a time zone, such as datetime.now(UTC).")
    if end < start:
        raise InvalidInput("The timespan ends before it starts.")
    return f"{instant(start)}/{instant(end)}"


def instant(moment: datetime) -> str:
    """A time in UTC with a Z, to the microsecond where it has one."""
    return moment.astimezone(UTC).replace(tzinfo=None).isoformat() + "Z"


def duration(span: timedelta) -> str:
    """A duration in days and seconds."""
    seconds = span - timedelta(days=span.days)
    days = f"{span.days}D" if span.days else ""
    if not seconds:
        return f"P{days}"
    whole, part = divmod(seconds // timedelta(microseconds=1), 1_000_000)
    fraction = f".{part:06d}".rstrip("0") if part else ""
    return f"P{days}T{whole}{fraction}S"


def _checked(text: str) -> str:
    parts = text.split("/")
    good = len(parts) <= 2 and all(_is_duration(part) or _is_instant(part) for part in parts)
    if not good or (len(parts) == 1 and not _is_duration(text)) or all(map(_is_duration, parts)) != (len(parts) == 1):
        raise InvalidInput(
            f"The timespan {text[:60]!r} is not ISO 8601; use a duration such as P1D or PT12H, or start/end such as "
            "2026-01-01T00:00:00Z/2026-01-02T00:00:00Z."
        )
    return text


def _is_duration(text: str) -> bool:
    return _DURATION.fullmatch(text) is not None


def _is_instant(text: str) -> bool:
    try:
        datetime.fromisoformat(text)
    except ValueError:
        return False
    return True
