from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sentinel_mcp_server.window import InvalidTimespan, Window, decide_window, parse_instant, parse_timespan

NOW = datetime(2026, 1, 31, 12, tzinfo=UTC)


@dataclass(frozen=True)
class OwnBounds:
    start: datetime | None = None
    end: datetime | None = None


@pytest.mark.parametrize(
    ("text", "span"),
    [
        ("1d", timedelta(days=1)),
        ("12h", timedelta(hours=12)),
        ("30m", timedelta(minutes=30)),
        ("90s", timedelta(seconds=90)),
        ("2W", timedelta(weeks=2)),
        (" 7d ", timedelta(days=7)),
        ("P1D", timedelta(days=1)),
        ("PT1H30M", timedelta(hours=1, minutes=30)),
        ("P1DT12H", timedelta(days=1, hours=12)),
        ("p2w", timedelta(weeks=2)),
        ("PT0.5S", timedelta(milliseconds=500)),
    ],
)
def test_a_duration_is_read(text: str, span: timedelta) -> None:
    assert parse_timespan(text) == span


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        ("2026-01-30/2026-01-31", datetime(2026, 1, 30, tzinfo=UTC), datetime(2026, 1, 31, tzinfo=UTC)),
        (
            "2026-01-30T08:00Z/2026-01-30T09:00Z",
            datetime(2026, 1, 30, 8, tzinfo=UTC),
            datetime(2026, 1, 30, 9, tzinfo=UTC),
        ),
        ("2026-01-30T08:00+02:00/PT1H", datetime(2026, 1, 30, 6, tzinfo=UTC), datetime(2026, 1, 30, 7, tzinfo=UTC)),
        ("P1D/2026-01-31", datetime(2026, 1, 30, tzinfo=UTC), datetime(2026, 1, 31, tzinfo=UTC)),
    ],
)
def test_a_pair_is_read_in_utc(text: str, start: datetime, end: datetime) -> None:
    assert parse_timespan(text) == (start, end)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("yesterday", "'yesterday' is no timespan: use a duration"),
        ("", "is no timespan"),
        ("P", "is no timespan"),
        ("PT", "is no timespan"),
        ("0d", "not a span between a moment and twelve years"),
        ("999999d", "not a span between a moment and twelve years"),
        ("P99999999999999999999D", "not a span between"),
        ("-1d", "is no timespan"),
        ("P1M", "counts months or years"),
        ("P1Y2D", "counts months or years"),
        ("2026-01-31/2026-01-30", "ends before it starts"),
        ("2026-01-31/tomorrow", "is no timespan"),
        ("a/b/c", "is no timespan"),
    ],
)
def test_what_is_no_timespan_is_refused_in_a_sentence(text: str, says: str) -> None:
    with pytest.raises(InvalidTimespan, match=says):
        parse_timespan(text)


def test_a_moment_that_is_none_is_refused() -> None:
    with pytest.raises(InvalidTimespan, match="'soon' is no moment"):
        parse_instant("soon")


@given(st.text(max_size=60))
def test_any_text_is_a_timespan_or_refused(text: str) -> None:
    try:
        span = parse_timespan(text)
    except InvalidTimespan:
        return
    if isinstance(span, timedelta):
        assert span > timedelta(0)
    else:
        assert span[0] < span[1]
        assert span[0].utcoffset() == span[1].utcoffset() == timedelta(0)


def test_the_argument_decides_before_the_query_and_the_default() -> None:
    window = decide_window("2h", OwnBounds(start=NOW - timedelta(days=9)), "P1D", now=NOW)
    assert window == Window(NOW - timedelta(hours=2), NOW, "argument")


def test_the_querys_own_bounds_decide_before_the_default() -> None:
    start = NOW - timedelta(days=9)
    assert decide_window(None, OwnBounds(start=start), "P1D", now=NOW) == Window(start, None, "query")


def test_a_query_that_bounds_only_its_end_gets_the_default() -> None:
    assert decide_window(None, OwnBounds(end=NOW), "P1D", now=NOW).source == "default"


def test_without_argument_and_bounds_the_default_decides() -> None:
    assert decide_window(None, None, "P1D", now=NOW) == Window(NOW - timedelta(days=1), NOW, "default")
