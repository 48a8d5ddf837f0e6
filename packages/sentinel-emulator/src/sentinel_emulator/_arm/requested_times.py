"""The window that requests about entities carry in their body."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from .faults import bad_request

if TYPE_CHECKING:
    from sentinel_emulator._json import Resource


def asked_times(body: Resource) -> tuple[datetime, datetime]:
    """Return the members `startTime` and `endTime` of a request, in UTC; raises a 400."""
    start, end = (_moment(body, name) for name in ("startTime", "endTime"))
    if end < start:
        raise bad_request("The property 'endTime' lies before 'startTime'.")
    return start, end


def _moment(body: Resource, name: str) -> datetime:
    try:
        moment = datetime.fromisoformat(str(body.get(name)))
        return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise bad_request(f"The property '{name}' must be a moment such as 2026-01-31T08:00:00Z.") from error
