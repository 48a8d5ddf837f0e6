from datetime import UTC, datetime, timedelta
from typing import Literal

import pytest

from sentinel_mcp_server.errors import Refused
from sentinel_mcp_server.investigations.query_cost import Estimate, refuse_costly, table_costs
from sentinel_mcp_server.window import Window

WEEK = {"Big": 7_000.0, "Small": 70.0}


def test_a_table_costs_its_volume_per_day_times_the_window() -> None:
    (cost,) = table_costs(["Big"], WEEK, timedelta(days=2))
    assert (cost.gb_per_day, cost.gb_in_window) == (1.0, 2.0)


def test_reading_everything_costs_every_table_the_largest_first() -> None:
    costs = table_costs(["*"], WEEK, timedelta(hours=12))
    assert [cost.table for cost in costs] == ["Big", "Small"]
    assert sum(cost.gb_in_window or 0 for cost in costs) == pytest.approx(0.505)


def test_a_table_that_ingested_nothing_costs_nothing_and_no_window_costs_nobody_knows() -> None:
    (cost,) = table_costs(["Empty"], WEEK, None)
    assert (cost.gb_per_day, cost.gb_in_window) == (0.0, None)


NOW = datetime(2026, 1, 31, tzinfo=UTC)


def window(hours: int | None, source: Literal["argument", "query", "default"] = "argument") -> Window:
    return Window(None if hours is None else NOW - timedelta(hours=hours), NOW, source)


def found(gb: float | None) -> Estimate:
    return Estimate(table_costs(["Big"], WEEK, timedelta(days=1)), gb, "Because.")


def test_a_query_within_the_limit_is_let_through() -> None:
    refuse_costly(found(1.0), 1.0, window(24), now=NOW)


@pytest.mark.parametrize(
    ("gb", "hours", "source", "says"),
    [
        (4.0, 24, "argument", "a window of 6h would fit (timespan 6h)"),
        (48.0, 24, "query", "a window of 30m would fit (the same query with `where TimeGenerated > ago(30m)`)"),
        (9e9, 24, "default", "no window of a minute would fit"),
        (None, 24, "argument", "cannot be estimated. Because."),
        (4.0, None, "query", "cannot be estimated"),
    ],
)
def test_a_costly_query_is_refused_with_the_setting_and_a_cheaper_way(
    gb: float | None, hours: int | None, source: Literal["argument", "query", "default"], says: str
) -> None:
    with pytest.raises(Refused) as refused:
        refuse_costly(found(gb), 1.0, window(hours, source), now=NOW)
    assert "SENTINEL_MCP_MAX_QUERY_COST is 1 GB" in str(refused.value)
    assert says in str(refused.value)
