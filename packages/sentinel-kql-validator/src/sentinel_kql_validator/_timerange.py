"""What the query's comparisons of TimeGenerated come to, computed from the analyser's constants."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, TypeAlias

from .result import TimeFilter, TimeRange

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

Value: TypeAlias = datetime | timedelta | float | str | None
_EPOCH = datetime(1, 1, 1, tzinfo=UTC)
# The seventh digit of a second, 100 ns, is more than Python's datetime holds.
_ISO = re.compile(r"(\d{4}-\d\d-\d\d)([T ]\d\d:\d\d(?::\d\d(?:\.\d{1,6})?)?)?\d?(Z|[+-]\d\d:\d\d)?", re.ASCII)
_LITERAL = re.compile(r"datetime\(\s*(.+?)\s*\)")
_DAY = timedelta(days=1)


def evaluate(node: Mapping[str, Any], now: datetime) -> Value:
    """Compute an expression over constants, or give None where only running the query could."""
    if "call" in node:
        values = [evaluate(argument, now) for argument in node["of"]]
        try:
            return _call(str(node["call"]), values, now)
        except (OverflowError, ZeroDivisionError, ValueError):
            return None
    if "ticks" in node:
        return constant_time(node["type"], int(node["ticks"]), node["text"])
    value = node.get("value")
    if isinstance(value, str):
        return float(value) if node.get("type") in {"long", "int", "real", "decimal"} else value
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None


def constant_time(kind: str, ticks: int, text: str) -> datetime | timedelta | None:
    """Give a constant of .NET's ticks (100 ns) as a time, to the microsecond; None for one that is no time at all."""
    if kind == "timespan":
        if ticks < 0 and text[:1].isdigit():
            return None  # the analyser's own arithmetic overflowed
        return timedelta(microseconds=ticks // 10)
    literal = _LITERAL.fullmatch(text)
    exact = _moment(literal[1]) if literal else None  # JavaScript's dates have milliseconds only
    # The analyser reads what is no date as the first moment of year 1.
    return exact or (_EPOCH + timedelta(microseconds=ticks // 10) if ticks else None)


def _call(name: str, values: Sequence[Value], now: datetime) -> Value:
    first = values[0] if values else None
    second = values[1] if len(values) > 1 else None
    match name:
        case "now":
            return now if not values else now + first if isinstance(first, timedelta) else None
        case "ago":
            return now - first if isinstance(first, timedelta) else None
        case "negate":
            return -first if isinstance(first, timedelta | float) else None
        case "todatetime" | "datetime":
            return _parsed(first)
        case "totimespan":
            return first if isinstance(first, timedelta) else None
        case "+" | "-" | "*" | "/":
            return _arithmetic(name, first, second)
        case "bin" | "floor":
            if isinstance(first, datetime) and isinstance(second, timedelta):
                return first - (first - _EPOCH) % second
            return first - first % second if isinstance(first, timedelta) and isinstance(second, timedelta) else None
        case "datetime_add":
            third = values[2] if len(values) > 2 else None
            if isinstance(first, str) and isinstance(second, float) and isinstance(third, datetime):
                return _added(first.lower(), int(second), third)
            return None
        case _:
            return _period(name, first, second)


def _arithmetic(sign: str, left: Value, right: Value) -> Value:
    match sign, left, right:
        case "+", datetime(), timedelta():
            return left + right
        case "+", timedelta(), datetime():
            return right + left
        case "-", datetime(), timedelta() | datetime():
            return left - right
        case "+", timedelta(), timedelta():
            return left + right
        case "-", timedelta(), timedelta():
            return left - right
        case "*", timedelta(), float():
            return left * right
        case "*", float(), timedelta():
            return right * left
        case "/", timedelta(), float() | timedelta():
            return left / right
        case _, float(), float():
            return {"+": left + right, "-": left - right, "*": left * right}.get(sign) if sign != "/" else None
        case _:
            return None


def _moment(text: str) -> datetime | None:
    iso = _ISO.fullmatch(text.strip())
    if iso is None:
        return None
    try:
        parsed = datetime.fromisoformat(f"{iso[1]}{iso[2] or ''}{iso[3] or ''}")
        return parsed.replace(tzinfo=UTC) if parsed.tzinfo is None else parsed.astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def _parsed(value: Value) -> datetime | None:
    if isinstance(value, str):
        return _moment(value)
    return value if isinstance(value, datetime) else None


def _added(part: str, count: int, moment: datetime) -> Value:
    step = {"week": 7 * _DAY, "day": _DAY, "hour": _DAY / 24, "minute": _DAY / 1440, "second": _DAY / 86400}.get(part)
    if step is not None:
        return moment + count * step
    months = {"month": 1, "quarter": 3, "year": 12}.get(part)
    if months is None:
        return None
    year, month = divmod(moment.year * 12 + moment.month - 1 + count * months, 12)
    last = (datetime(year + (month == 11), (month + 1) % 12 + 1, 1, tzinfo=UTC) - _DAY).day
    return moment.replace(year=year, month=month + 1, day=min(moment.day, last))


def _period(name: str, moment: Value, offset: Value) -> Value:
    edge, _, unit = name.partition("of")
    if edge not in {"start", "end"} or not isinstance(moment, datetime):
        return None
    count = int(offset) if isinstance(offset, float) else 0
    day = moment.replace(hour=0, minute=0, second=0, microsecond=0)
    starts = {
        "day": day,
        "week": day - _DAY * (day.isoweekday() % 7),
        "month": day.replace(day=1),
        "year": day.replace(month=1, day=1),
    }
    if unit not in starts:
        return None
    start = _added(unit, count, starts[unit])
    if edge == "start" or not isinstance(start, datetime):
        return start
    following = _added(unit, 1, start)
    return following - timedelta(microseconds=1) if isinstance(following, datetime) else None


def _bounds(raw: Mapping[str, Any], now: datetime) -> tuple[datetime | None, datetime | None]:
    values = [evaluate(node, now) for node in raw["values"]]
    moment = _parsed(values[0])
    match raw["operator"]:
        case "between":
            last = values[1]
            if isinstance(last, timedelta):
                return moment, moment + last if moment else None
            return moment, _parsed(last)
        case ">" | ">=":
            return moment, None
        case "<" | "<=":
            return None, moment
        case _:
            return moment, moment


def time_filter(raw: Mapping[str, Any], position: int, now: datetime) -> TimeFilter:
    """Resolve one comparison as the engine reported it."""
    start, end = _bounds(raw, now)
    return TimeFilter(raw["column"], raw["operator"], raw["text"], position, start, end)


def time_range(accesses: Sequence[Mapping[str, Any]], now: datetime) -> TimeRange:
    """Give the smallest window that holds what every source of rows may contribute."""
    starts: list[datetime | None] = []
    ends: list[datetime | None] = []
    for access in accesses:
        bounds = [_bounds(raw, now) for raw in access["filters"]]
        starts.append(max((start for start, _ in bounds if start), default=None))
        ends.append(min((end for _, end in bounds if end), default=None))
    known_starts = [start for start in starts if start]
    known_ends = [end for end in ends if end]
    return TimeRange(
        start=min(known_starts) if starts and len(known_starts) == len(starts) else None,
        end=max(known_ends) if ends and len(known_ends) == len(ends) else None,
    )
