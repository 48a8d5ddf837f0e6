"""Tables on Basic and Auxiliary are asked the way that the service wants, and the answer says what that means."""

import pytest

from sentinel_mcp_server.testing import Session

BASIC, AUXILIARY = "ContainerLogV2", "FirewallFlows_CL"


@pytest.mark.parametrize(("table", "plan"), [(BASIC, "Basic"), (AUXILIARY, "Auxiliary")])
def test_a_query_of_such_a_table_gives_its_rows_and_says_what_they_cost(
    offline: Session, table: str, plan: str
) -> None:
    answer = offline.answer("query_run", query=f"{table} | take 3", timespan="7d")
    assert answer["row_count"] == 3
    assert any(f"a table of the plan {plan}" in warning and "billed" in warning for warning in answer["warnings"])
    ordinary = offline.answer("query_run", query="SigninLogs | take 3", timespan="7d")
    assert not any("plan" in warning for warning in ordinary["warnings"])


def test_beside_an_ordinary_table_the_cheapest_plan_decides(offline: Session) -> None:
    query = f"union ({BASIC} | project TimeGenerated), (SigninLogs | project TimeGenerated) | count"
    both = offline.answer("query_run", query=query, timespan="7d")["tables"][0]["rows"][0][0]
    alone = offline.answer("query_run", query="SigninLogs | count", timespan="7d")["tables"][0]["rows"][0][0]
    assert both > alone > 0


def test_the_query_bounds_its_own_window_all_the_same(offline: Session) -> None:
    answer = offline.answer("query_run", query=f"{BASIC} | where TimeGenerated > ago(1d) | take 3")
    assert answer["window"]["source"] == "query"
    assert answer["row_count"] == 3


def test_no_rows_of_such_a_table_are_explained(offline: Session) -> None:
    answer = offline.answer("query_run", query=f"{BASIC} | where PodName == 'none of them'", timespan="7d")
    assert answer["zero_rows"]["reason"] == "filter removed the rows"


def test_such_a_table_is_profiled(offline: Session) -> None:
    assert offline.answer("table_profile", name=BASIC, timespan="7d", columns=["PodName"])["rows"] > 0
