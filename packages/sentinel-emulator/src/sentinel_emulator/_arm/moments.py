"""Moments as the resources write them: their kinds do not agree about zones and fractions (recorded in March 2026)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sentinel_emulator._query.values import write_datetime

if TYPE_CHECKING:
    from datetime import datetime


def zulu(moment: datetime) -> str:
    """Write as incidents and rules do: `2026-03-25T07:45:17.671388Z`."""
    return write_datetime(moment)


def zulu_seconds(moment: datetime) -> str:
    """Write as automation rules do: whole seconds."""
    return write_datetime(moment.replace(microsecond=0))


def offset(moment: datetime) -> str:
    """Write as bookmarks and watchlists do: `2026-03-25T07:45:23.1319549+00:00`."""
    return write_datetime(moment).removesuffix("Z") + "+00:00"


def offset_seconds(moment: datetime) -> str:
    """Write as the member `updated` of bookmarks and watchlists does."""
    return offset(moment.replace(microsecond=0))
