from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from sentinel_kql_validator import Limits, Schema, VerdictCache

if TYPE_CHECKING:
    from collections.abc import Callable

    from sentinel_kql_validator import KqlValidator

ONE = Schema({"T": {"a": "string", "TimeGenerated": "datetime"}})


def test_a_query_asked_twice_is_read_once(make: Callable[..., KqlValidator]) -> None:
    validator = make(ONE)
    first, second = validator.validate("T | take 1"), validator.validate("T | take 1")
    assert first == second
    assert (validator.cache.statistics.hits, validator.cache.statistics.misses) == (1, 1)
    assert validator.cache.statistics.entries == 1
    assert validator.cache.statistics.bytes > 0


def test_times_move_on_while_the_verdict_stays(make: Callable[..., KqlValidator]) -> None:
    validator = make(ONE)
    query = "T | where TimeGenerated > ago(1d)"
    for day in (2, 3):
        facts = validator.validate(query, now=datetime(2026, 1, day, tzinfo=UTC)).facts
        assert facts.time_range.start == datetime(2026, 1, day - 1, tzinfo=UTC)
        assert facts.time_filters[0].start == facts.time_range.start
    assert validator.cache.statistics.hits == 1


def test_another_schema_empties_the_cache_and_the_same_one_does_not(make: Callable[..., KqlValidator]) -> None:
    validator = make(ONE)
    assert validator.validate("T | project b").verdict == "invalid"
    validator.use_schema(ONE.with_tables({}))
    assert validator.cache.statistics.entries == 1
    validator.use_schema(ONE.with_tables({"T": {"b": "string"}}))
    assert validator.cache.statistics.entries == 0
    assert validator.validate("T | project b").verdict == "valid"


def test_validators_that_share_a_cache_keep_their_verdicts_apart(make: Callable[..., KqlValidator]) -> None:
    cache = VerdictCache()
    left, right = make(ONE, cache=cache), make(Schema({"T": {"b": "string"}}), cache=cache)
    assert (left.validate("T | project b").verdict, right.validate("T | project b").verdict) == ("invalid", "valid")
    assert make(ONE, cache=cache, advice=False).validate("T | project b").verdict == "invalid"
    assert cache.statistics.hits == 0


def test_a_time_out_is_not_kept(make: Callable[..., KqlValidator]) -> None:
    cache = VerdictCache()
    make(ONE).validate("T")
    slow = make(ONE, cache=cache, limits=Limits(depth=100_000, seconds=0.05))
    assert slow.validate("(" * 4_000).verdict == "unknown"
    assert cache.statistics.entries == 0


def test_entries_bytes_and_time_are_bounded(make: Callable[..., KqlValidator]) -> None:
    now = [0.0]
    cache = VerdictCache(entries=5, megabytes=1, seconds=10, clock=lambda: now[0])
    validator = make(ONE, cache=cache)
    for i in range(8):
        validator.validate(f"T | take {i}")
    assert cache.statistics.entries == 5
    now[0] = 11.0
    assert cache.statistics.entries == 0
    validator.validate("print " + ", ".join(f"a{i} = {i}" for i in range(9000)))
    assert cache.statistics.entries == 0
