from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from sentinel_azure_clients import Column, QueryRequest, Table, Throttled
from sentinel_mcp_server.investigations import table_freshness
from sentinel_mcp_server.investigations.table_freshness import look_at

NOW = datetime(2026, 1, 31, tzinfo=UTC)

pytestmark = pytest.mark.anyio


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


class Volume:
    """What a table ingested in a week."""

    def __init__(self, table: str, total_mb: float) -> None:
        self.table, self.total_mb = table, total_mb


def answering(monkeypatch: pytest.MonkeyPatch, newest: object, lag: object) -> list[QueryRequest]:
    asked: list[QueryRequest] = []

    async def run(_: object, request: QueryRequest) -> Any:
        asked.append(request)
        value = lag if "ingestion_time" in request.query else newest
        if isinstance(value, Exception):
            raise value

        class Answer:
            result_tables = (Table("PrimaryResult", (Column("x", "string"),), ((value,),)),)

        return Answer()

    async def by_table(_: object, *, days: int) -> list[Volume]:
        return [Volume("Odd's", 7.0 * days), Volume("Other", 1.0)]

    monkeypatch.setattr(table_freshness.logs, "run_query", run)
    monkeypatch.setattr(table_freshness.usage, "by_table", by_table)
    return asked


async def test_each_question_is_answered_over_its_own_time(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = answering(monkeypatch, "2026-01-30T23:00:00Z", 42.5)
    azure: Any = object()
    found = await look_at(azure, "Odd's", "Basic", NOW)
    assert (found.newest, found.lag_seconds, found.mb_per_day) == (NOW - timedelta(hours=1), 42.5, 7.0)
    assert found.not_seen == ()
    assert {request.plan for request in asked} == {"Basic"}
    assert {request.timespan for request in asked} == {(NOW - timedelta(days=30), NOW), (NOW - timedelta(days=1), NOW)}
    assert all(request.query.startswith(r"['Odd\'s'] | summarize") for request in asked)


async def test_no_rows_are_no_lag_and_a_refusal_leaves_the_rest(monkeypatch: pytest.MonkeyPatch) -> None:
    answering(monkeypatch, Throttled("Too many queries", retry_after=60), "NaN")
    azure: Any = object()
    found = await look_at(azure, "Unknown", "Analytics", NOW)
    assert (found.newest, found.lag_seconds, found.mb_per_day) == (None, None, 0.0)
    (why,) = found.not_seen
    assert why.startswith("The newest record could not be looked at: Too many queries")
