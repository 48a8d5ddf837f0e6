from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sentinel_azure_clients import InvalidInput
from sentinel_azure_clients._timespan import duration, instant, on_the_wire


def test_a_pair_of_times_is_written_in_utc() -> None:
    start = datetime(2026, 1, 1, 2, tzinfo=timezone(timedelta(hours=2)))
    end = datetime(2026, 1, 2, 0, 0, 0, 500000, tzinfo=UTC)
    assert on_the_wire((start, end)) == "2026-01-01T00:00:00Z/2026-01-02T00:00:00.500000Z"


@pytest.mark.parametrize(
    ("span", "text"),
    [
        (timedelta(days=1), "P1D"),
        (timedelta(hours=12), "PT43200S"),
        (timedelta(days=2, seconds=3, microseconds=50), "P2DT3.00005S"),
    ],
)
def test_a_duration_is_written_in_days_and_seconds(span: timedelta, text: str) -> None:
    assert on_the_wire(span) == text


@given(st.timedeltas(min_value=timedelta(microseconds=1), max_value=timedelta(days=10_000)))
def test_no_part_of_a_duration_is_lost(span: timedelta) -> None:
    days, _, seconds = duration(span)[1:].partition("T")
    total = timedelta(days=int(days.rstrip("D") or 0))
    if seconds:
        whole, _, part = seconds.rstrip("S").partition(".")
        total += timedelta(seconds=int(whole), microseconds=int(part.ljust(6, "0") or 0))
    assert total == span


@given(st.datetimes(timezones=st.just(UTC)))
def test_a_time_survives_the_wire(moment: datetime) -> None:
    assert datetime.fromisoformat(instant(moment)) == moment


@pytest.mark.parametrize(
    "text",
    ["P1D", "PT12H", "P2W", "PT0.5S", "P1DT1H", "2026-01-01T00:00:00Z/P1D", "P1D/2026-01-01", "2026-01-01/2026-01-02"],
)
def test_iso_text_passes_as_it_is(text: str) -> None:
    assert on_the_wire(text) == text


@pytest.mark.parametrize("text", ["", "yesterday", "P", "PT", "1d", "2026-01-01", "P1D/P1D", "a/b/c", "P1D\n", "P1DT"])
def test_other_text_is_refused_with_an_example(text: str) -> None:
    with pytest.raises(InvalidInput, match="use a duration such as P1D"):
        on_the_wire(text)


def test_a_time_without_a_zone_is_refused() -> None:
    naive = datetime(2026, 1, 1)  # noqa: DTZ001 - the point of the test
    with pytest.raises(InvalidInput, match="time zone"):
        on_the_wire((naive, naive))


def test_a_span_that_ends_before_it_starts_is_refused() -> None:
    with pytest.raises(InvalidInput, match="ends before it starts"):
        on_the_wire((datetime(2026, 1, 2, tzinfo=UTC), datetime(2026, 1, 1, tzinfo=UTC)))
    with pytest.raises(InvalidInput, match="longer than nothing"):
        on_the_wire(timedelta())
