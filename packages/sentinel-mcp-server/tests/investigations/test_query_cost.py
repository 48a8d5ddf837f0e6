from datetime import timedelta

import pytest

from sentinel_mcp_server.investigations.query_cost import table_costs

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
