import pytest

from sentinel_mcp_server.testing import Session


def test_volumes_are_those_of_the_usage_table(offline: Session) -> None:
    answer = offline.answer("workspace_usage", days=30)
    query = "Usage | summarize Quantity = sum(Quantity) by DataType"
    rows = offline.answer("query_run", query=query, timespan="30d")["tables"][0]["rows"]
    assert {table["table"]: pytest.approx(table["total_mb"]) for table in answer["tables"]} == dict(rows)
    assert answer["total_mb"] == pytest.approx(sum(volume for _, volume in rows))
    volumes = [table["total_mb"] for table in answer["tables"]]
    assert volumes == sorted(volumes, reverse=True)


def test_bad_input_is_named_in_a_sentence(offline: Session) -> None:
    assert "days: input should be less than or equal to 90" in offline.refusal("workspace_usage", days=365)


def test_a_price_gives_the_cost_of_what_is_billed(offline: Session) -> None:
    answer = offline.answer("workspace_usage", days=30, price_per_gb=4.5)
    assert answer["cost"] == pytest.approx(answer["billable_mb"] / 1000 * 4.5)
    assert answer["cost"] == pytest.approx(sum(table["cost"] for table in answer["tables"]))
    assert offline.answer("workspace_usage")["cost"] is None
