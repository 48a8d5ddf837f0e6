from typing import Any

from sentinel_mcp_server.testing import Session, text


def zero(session: Session, query: str, timespan: str = "14d") -> dict[str, Any]:
    answer = session.answer("query_run", query=query, timespan=timespan)
    assert answer["row_count"] == 0
    return answer["zero_rows"]


def test_an_empty_table_is_named_with_its_newest_record_or_none(offline: Session) -> None:
    why = zero(offline, "AWSCloudTrail | take 5")
    assert why["reason"] == "table empty in the window"
    assert why["tables"] == [{"table": "AWSCloudTrail", "rows_in_window": 0, "newest": None}]
    assert len(why["probes"]) == 2


def test_a_window_before_the_data_names_the_newest_record(offline: Session) -> None:
    why = zero(offline, "SigninLogs | take 5", "2020-01-01/2020-01-02")
    assert why["reason"] == "table empty in the window"
    newest = offline.answer("query_run", query="SigninLogs | summarize max(TimeGenerated)", timespan="14d")
    assert why["tables"][0]["newest"][:19] == newest["tables"][0]["rows"][0][0][:19]


def test_the_filter_that_removed_the_last_rows_is_named(offline: Session) -> None:
    query = """
        let bad = "nobody@nowhere.example";
        SigninLogs
        | where ResultType == "0"
        | where UserPrincipalName == bad
        | project IPAddress"""
    why = zero(offline, query)
    assert why["reason"] == "filter removed the rows"
    assert why["removed_by"] == "where UserPrincipalName == bad"
    successes = offline.answer("query_run", query='SigninLogs | where ResultType == "0" | count', timespan="14d")
    assert str(successes["tables"][0]["rows"][0][0]) in str(why["explanation"])


def test_a_join_that_drops_everything_is_named(offline: Session) -> None:
    empty = "AWSCloudTrail | project UserPrincipalName = UserIdentityUserName"
    why = zero(offline, f"SigninLogs | join kind=inner ({empty}) on UserPrincipalName")
    assert why["reason"] == "filter removed the rows"
    assert str(why["removed_by"]).startswith("join kind=inner")


def test_a_query_without_a_table_is_not_explained(offline: Session) -> None:
    why = zero(offline, "print x = 1 | where x == 2")
    assert why["reason"] == "not explained"
    assert why["probes"] == []


def test_rows_need_no_explanation(offline: Session) -> None:
    answer = offline.answer("query_run", query="SigninLogs | count", timespan="14d")
    assert answer["zero_rows"] is None


def test_the_text_says_why(offline: Session) -> None:
    assert "no rows: table empty in the window." in text(offline.call("query_run", query="AWSCloudTrail | take 5"))
