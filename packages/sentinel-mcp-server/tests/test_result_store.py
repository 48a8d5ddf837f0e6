from datetime import UTC, datetime

import pytest

from sentinel_azure_clients import Column, Table
from sentinel_mcp_server.errors import Refused
from sentinel_mcp_server.result_store import ResultStore

NOW = datetime(2026, 1, 31, tzinfo=UTC)


def table(rows: int, width: int = 10) -> Table:
    return Table("PrimaryResult", (Column("a", "string"),), tuple(("x" * width,) for _ in range(rows)))


def test_an_answer_is_found_by_its_owner() -> None:
    store = ResultStore()
    result_id = store.keep("me", "hash", (table(3),), NOW)
    assert result_id is not None
    assert len(store.get("me", result_id).tables[0].rows) == 3


def test_somebody_elses_answer_reads_like_none_at_all() -> None:
    store = ResultStore()
    result_id = store.keep("me", "hash", (table(3),), NOW)
    assert result_id is not None
    with pytest.raises(Refused) as theirs:
        store.get("you", result_id)
    with pytest.raises(Refused) as missing:
        store.get("me", "no-such-id")
    assert str(theirs.value) == str(missing.value)


def test_the_oldest_goes_when_there_are_too_many() -> None:
    store = ResultStore(most_entries=2)
    first, second, third = (store.keep("me", "hash", (table(1),), NOW) for _ in range(3))
    assert len(store) == 2
    assert first is not None and second is not None and third is not None  # noqa: PT018 - all three were kept once
    with pytest.raises(Refused):
        store.get("me", first)
    store.get("me", second)
    store.get("me", third)


def test_the_oldest_goes_when_they_are_too_large() -> None:
    store = ResultStore(most_bytes=100_000)
    ids = [store.keep("me", "hash", (table(500, 50),), NOW) for _ in range(3)]
    assert all(ids)
    assert len(store) < 3


def test_an_answer_larger_than_everything_is_not_kept_and_drops_nothing() -> None:
    store = ResultStore(most_bytes=10_000)
    small = store.keep("me", "hash", (table(1),), NOW)
    assert store.keep("me", "hash", (table(1000),), NOW) is None
    assert small is not None
    store.get("me", small)


def test_ids_cannot_be_guessed_from_one_another() -> None:
    store = ResultStore()
    ids = {store.keep("me", "same", (table(1),), NOW) for _ in range(10)}
    assert len(ids) == 10
    assert all(result_id and len(result_id) >= 24 for result_id in ids)
