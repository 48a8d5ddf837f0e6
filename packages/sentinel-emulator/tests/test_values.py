"""Timespans, and values as the wire has them."""

from __future__ import annotations

import contextlib
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sentinel_emulator._query.timespan import TimespanError, parse_timespan
from sentinel_emulator._query.values import ValueOutOfRange, kql_type, write_datetime, write_timespan, writer

NOW = datetime(2026, 3, 11, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        ("P1D", NOW - timedelta(days=1), NOW),
        ("PT1H30M", NOW - timedelta(hours=1.5), NOW),
        ("PT86400.0S", NOW - timedelta(days=1), NOW),
        ("P1W", NOW - timedelta(weeks=1), NOW),
        ("P1DT12H", NOW - timedelta(days=1.5), NOW),
        ("2026-03-01/2026-03-02", datetime(2026, 3, 1, tzinfo=UTC), datetime(2026, 3, 2, tzinfo=UTC)),
        ("2026-03-01T00:00:00.000Z/PT1H", datetime(2026, 3, 1, tzinfo=UTC), datetime(2026, 3, 1, 1, tzinfo=UTC)),
        ("PT1H/2026-03-01T02:00:00+01:00", datetime(2026, 3, 1, tzinfo=UTC), datetime(2026, 3, 1, 1, tzinfo=UTC)),
    ],
)
def test_a_timespan_is_a_window(text: str, start: datetime, end: datetime) -> None:
    window = parse_timespan(text, NOW)
    assert (window.start, window.end) == (start, end)


@given(st.text(max_size=40))
def test_any_text_is_a_timespan_or_refused(text: str) -> None:
    window = None
    with contextlib.suppress(TimespanError):
        window = parse_timespan(text, NOW)
    assert window is None or window.start <= window.end


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (timedelta(days=1, hours=2, minutes=3, seconds=4, microseconds=500_000), "1.02:03:04.5000000"),
        (timedelta(hours=-1), "-01:00:00"),
        (timedelta(), "00:00:00"),
    ],
)
def test_a_length_of_time_is_written_as_dotnet_does(value: timedelta, written: str) -> None:
    assert write_timespan(value) == written


def test_a_moment_loses_the_trailing_zeros_of_its_fraction() -> None:
    assert write_datetime(datetime(2026, 1, 2, 3, 4, 5, 670_000, tzinfo=UTC)) == "2026-01-02T03:04:05.67Z"
    assert write_datetime(datetime(2026, 1, 2)) == "2026-01-02T00:00:00Z"  # noqa: DTZ001 - DuckDB's moments have no zone


@pytest.mark.parametrize(
    ("kind", "value", "written"),
    [
        ("string", None, ""),
        ("real", float("nan"), "NaN"),
        ("real", float("-inf"), "-Infinity"),
        ("dynamic", '{"a": [1, "b"]}', '{"a":[1,"b"]}'),
        ("dynamic", '"text"', "text"),
        ("dynamic", "null", None),
        ("dynamic", [datetime(2026, 1, 1, tzinfo=UTC)], '["2026-01-01T00:00:00Z"]'),
        ("bool", None, None),
    ],
)
def test_values_are_written_as_the_service_does(kind: str, value: object, written: object) -> None:
    assert writer(kind, "")(value) == written


def test_a_list_of_documents_is_one_document() -> None:
    assert writer("dynamic", "JSON[]")(['{"a":1}', None]) == '[{"a":1},null]'


def test_a_number_beyond_a_long_is_an_error_and_not_another_number() -> None:
    with pytest.raises(ValueOutOfRange):
        writer("long", "HUGEINT")(2**63)


@pytest.mark.parametrize(
    ("duckdb", "kql"),
    [("BIGINT", "long"), ("INTEGER[]", "dynamic"), ("DECIMAL(34,10)", "decimal"), ("JSON", "dynamic")],
)
def test_types_have_the_names_kql_gives_them(duckdb: str, kql: str) -> None:
    assert kql_type(duckdb) == kql
