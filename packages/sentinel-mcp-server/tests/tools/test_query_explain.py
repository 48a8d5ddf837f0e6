import pytest

from sentinel_mcp_server.testing import Session, text


def test_the_estimate_is_the_usage_of_a_week_scaled_to_the_window(offline: Session) -> None:
    answer = offline.answer("query_explain", query="SigninLogs | count", timespan="2d")
    usage = offline.answer(
        "query_run", query='Usage | where DataType == "SigninLogs" | summarize sum(Quantity)', timespan="7d"
    )
    megabytes = usage["tables"][0]["rows"][0][0]
    assert megabytes > 0
    assert answer["estimated_gb"] == pytest.approx(megabytes / 1000 / 7 * 2)
    assert [table["table"] for table in answer["tables"]] == ["SigninLogs"]
    assert answer["output_columns"] == {"Count": "long"}


def test_the_window_of_the_query_itself_is_resolved(offline: Session) -> None:
    answer = offline.answer("query_explain", query="SigninLogs | where TimeGenerated between (ago(3d) .. ago(1d))")
    assert answer["window_source"] == "query"
    assert answer["start"] < answer["end"]
    assert answer["tables"][0]["gb_in_window"] == pytest.approx(answer["tables"][0]["gb_per_day"] * 2, rel=1e-4)


def test_what_is_slow_is_said_with_a_rewrite(offline: Session) -> None:
    answer = offline.answer(
        "query_explain",
        query="SigninLogs | where TimeGenerated > ago(1d) and Identity contains 'willow' | sort by TimeGenerated",
    )
    codes = {remark["code"] for remark in answer["remarks"]}
    assert {"KS500", "SKV106"} <= codes
    (rewrite,) = answer["rewrites"]
    assert rewrite["code"] == "KS500"
    assert "Identity has 'willow'" in rewrite["query"]
    assert rewrite["safety"] == "changes meaning"


def test_a_query_that_reads_everything_costs_every_table(offline: Session) -> None:
    answer = offline.answer("query_explain", query='search "willow"', timespan="1d")
    total = offline.answer("workspace_usage", days=7)["total_mb"]
    assert answer["estimated_gb"] == pytest.approx(total / 1000 / 7)


def test_an_invalid_query_and_a_forbidden_one_are_explained_rather_than_run(offline: Session) -> None:
    answer = offline.answer("query_explain", query="SigninLogs | where Nope == 1")
    assert answer["verdict"] == "invalid"
    assert answer["remarks"][0]["code"] == "KS142"
    assert all("Nope" not in rewrite["query"] for rewrite in answer["rewrites"])
    outside = offline.answer("query_explain", query="externaldata(a:string)['https://example.com/x'] | take 1")
    assert "externaldata" in outside["refusals"][0]
    assert "query_run would refuse it" in text(
        offline.call("query_explain", query="externaldata(a:string)['https://example.com/x'] | take 1")
    )


def test_an_empty_query_and_a_wrong_timespan_are_refused(offline: Session) -> None:
    assert "The query is empty" in offline.refusal("query_explain", query=" ")
    assert "is no timespan" in offline.refusal("query_explain", query="SigninLogs", timespan="soon")
