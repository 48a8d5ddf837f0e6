"""How many rows an organisation leaves, and how much traffic it takes to leave a given number.

The figures are those of the SQL files, added up; weekends are quieter, so the estimate counts the days it covers.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

FEWEST_ROWS, MOST_ROWS = 10_000, 100_000_000

#: Rows a day at any hour, rows on a working day, and the share of the latter that a day of the weekend has.
_ANY_HOUR, _WORKING_DAY, _WEEKEND = 1368, 3055, 0.15
#: Rows that do not grow with the traffic, a day and once: heartbeats, counters, bills, intrusions, indicators.
_FIXED_DAY, _FIXED = 4860, 900


def scale_of(rows: int, days: int, now: datetime) -> float:
    """Return how many times the traffic of a small organisation leaves about this many rows. Raises `ValueError`."""
    if not FEWEST_ROWS <= rows <= MOST_ROWS:
        raise ValueError(f"rows is {rows}, but must lie between {FEWEST_ROWS} and {MOST_ROWS}.")
    fixed = _FIXED_DAY * days + _FIXED
    scale = (rows - fixed) / _ordinary(days, now)
    if scale < 1 and days > 1:
        least = round(fixed + _ordinary(days, now))
        raise ValueError(f"rows is {rows}, but {days} days leave about {least} at least: ask for fewer days.")
    return max(1.0, round(scale, 3))


def days_for(rows: int, longest: int, now: datetime) -> int:
    """Return the most days, up to `longest`, that leave no more than this many rows."""
    fitting = (days for days in range(longest, 1, -1) if _FIXED_DAY * days + _FIXED + _ordinary(days, now) <= rows)
    return next(fitting, 1)


def _ordinary(days: int, now: datetime) -> float:
    """Return the rows that grow with the traffic, over the days before a moment."""
    today = (now - now.replace(hour=0, minute=0, second=0, microsecond=0)) / timedelta(days=1)
    working = 0.0
    for back in range(days + 1):
        covered = today if back == 0 else 1 - today if back == days else 1.0
        weekend = (now - timedelta(days=back)).weekday() >= 5
        working += covered * (_WEEKEND if weekend else 1.0)
    return _ANY_HOUR * days + _WORKING_DAY * working
