import json
from typing import Any

import pytest

from sentinel_mcp_server.testing import Session, text

SPRAY = "Password spray from one address"
AT = "2026-01-31T08:00:00Z"


def sign_ins(accounts: int, moment: str = "2026-01-31T07:30:00Z") -> str:
    return json.dumps([
        {
            "TimeGenerated": moment,
            "UserPrincipalName": f"user{number}@contoso.com",
            "IPAddress": "192.0.2.1",
            "ResultType": "50126",
        }
        for number in range(accounts)
    ])  # fmt: skip


def rule(session: Session, display_name: str = SPRAY) -> str:
    (found,) = [r["name"] for r in session.answer("rule_list")["rules"] if r["display_name"] == display_name]
    return found


@pytest.mark.parametrize(("accounts", "expected"), [(20, "no alert"), (21, "alert")])
def test_a_rule_of_the_workspace_alerts_on_the_rows_that_it_was_written_for(
    offline: Session, accounts: int, expected: str
) -> None:
    answer = offline.answer(
        "rule_test", name=rule(offline), rows={"SigninLogs": sign_ins(accounts)}, at=AT, expect=expected
    )
    assert answer["passed"] is True
    assert answer["would_alert"] is (expected == "alert")
    assert (answer["looked_from"], answer["looked_to"]) == ("2026-01-31T07:00:00Z", AT)
    if expected == "alert":
        (row,) = answer["rows"]["rows"]
        columns = [column["name"] for column in answer["rows"]["columns"]]
        assert dict(zip(columns, row, strict=True))["Accounts"] == accounts


def test_what_was_not_expected_fails_and_says_so_first(offline: Session) -> None:
    result = offline.call("rule_test", name=rule(offline), rows={"SigninLogs": sign_ins(1)}, expect="alert")
    assert not result.is_error
    assert text(result).startswith("FAILED: no alert; 0 rows")


def test_rows_before_the_period_are_not_seen(offline: Session) -> None:
    rows = {"SigninLogs": sign_ins(30, "2026-01-31T06:59:00Z")}
    assert offline.answer("rule_test", name=rule(offline), rows=rows, at=AT)["row_count"] == 0
    assert offline.answer("rule_test", name=rule(offline), rows=rows, at=AT, period="2h")["row_count"] == 1


def test_no_row_of_the_workspace_is_seen(offline: Session) -> None:
    real = offline.answer("query_run", query="OfficeActivity | count", timespan="14d")["tables"][0]["rows"][0][0]
    assert real > 0
    answer = offline.answer(
        "rule_test",
        query="union SigninLogs, OfficeActivity | summarize Seen = count() by Type",
        rows={"SigninLogs": "TimeGenerated,UserPrincipalName\n2026-01-31T07:30:00Z,a@contoso.com\n"},
    )
    assert answer["rows"]["rows"] == [["SigninLogs", 1]]
    assert "Without rows: OfficeActivity." in answer["notes"]


def test_ago_counts_from_the_moment_of_the_run(offline: Session) -> None:
    rows = "TimeGenerated,Computer\n2026-01-31T04:00:00Z,OLD\n2026-01-31T07:00:00Z,NEW\n"
    answer = offline.answer(
        "rule_test",
        name=rule(offline, "Machine stopped reporting"),
        rows={"Heartbeat": rows},
        at=AT,
    )
    assert [row[0] for row in answer["rows"]["rows"]] == ["OLD"]


def test_json_csv_and_json_lines_are_the_same_rows(offline: Session) -> None:
    row = {"TimeGenerated": AT, "Computer": "DC01", "EventID": 4625, "EventData": 'a "quoted", text'}
    csv = 'TimeGenerated,Computer,EventID,EventData\n2026-01-31T08:00:00Z,DC01,4625,"a ""quoted"", text"\n'
    query = "SecurityEvent | project TimeGenerated, Computer, EventID, EventData"
    answers = [
        offline.answer("rule_test", query=query, rows={"SecurityEvent": written})["rows"]["rows"]
        for written in (json.dumps([row]), json.dumps(row), csv)
    ]
    assert answers == [[["2026-01-31T08:00:00Z", "DC01", 4625, 'a "quoted", text']]] * 3


def test_dynamic_values_are_values_and_rows_without_time_are_as_of_the_run(offline: Session) -> None:
    answer = offline.answer(
        "rule_test",
        query="AuditLogs | where InitiatedBy.user.userPrincipalName == 'a@contoso.com' | project OperationName",
        rows={"AuditLogs": json.dumps([
            {"OperationName": "One", "InitiatedBy": {"user": {"userPrincipalName": "a@contoso.com"}}},
            {"OperationName": "Two", "InitiatedBy": {"user": {"userPrincipalName": "b@contoso.com"}}},
        ])},
    )  # fmt: skip
    assert answer["rows"]["rows"] == [["One"]]
    assert "2 rows of AuditLogs have no TimeGenerated" in answer["notes"][0]


def test_the_threshold_of_the_call_stands_over_that_of_the_rule(offline: Session) -> None:
    rows = {"SigninLogs": sign_ins(3)}
    call: dict[str, Any] = {"query": "SigninLogs | where ResultType == '50126'", "rows": rows}
    assert offline.answer("rule_test", **call, threshold=2)["alerts"] == 1
    assert offline.answer("rule_test", **call, threshold=3)["alerts"] == 0
    assert offline.answer("rule_test", **call, operator="LessThan", threshold=3)["alerts"] == 0
    assert offline.answer("rule_test", **call, operator="Equal", threshold=3)["trigger"] == "Equal 3 rows"


def test_what_the_embedded_engine_cannot_run_is_refused_by_name(offline: Session) -> None:
    query = "SigninLogs | make-series Count = count() on TimeGenerated step 1h"
    refusal = offline.refusal("rule_test", query=query, rows={"SigninLogs": "[]"})
    assert "make-series" in refusal
    assert "the embedded workspace cannot run it, an Azure workspace can" in refusal


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ({"rows": {"SigninLogs": "[]"}}, "Give a query, or the name of a rule"),
        ({"rows": {"SigninLogs": "[]"}, "name": "BuiltInFusion"}, "has no query"),
        ({"rows": {"SigninLogs": "[]"}, "name": "no-such"}, "Nothing was found"),
        ({"rows": {}, "query": "SigninLogs"}, "rows: dictionary should have at least 1 item"),
        ({"rows": {"NoSuch": "[]"}, "query": "SigninLogs"}, "no table 'NoSuch'"),
        ({"rows": {"SigninLogs": "[]"}, "query": "SigninLogs | where Nope == 1"}, "it is invalid"),
        ({"rows": {"SigninLogs": '[{"Nope": 1}]'}, "query": "SigninLogs"}, "Row 1 of SigninLogs: the table has no"),
        ({"rows": {"SigninLogs": "[1"}, "query": "SigninLogs"}, "The rows of SigninLogs are no JSON"),
        ({"rows": {"SigninLogs": "[]"}, "query": "_GetWatchlist('HighValueAssets')"}, "calls _GetWatchlist"),
        ({"rows": {"SigninLogs": "[]"}, "query": "search 'x'"}, "every table there is"),
        ({"rows": {"SigninLogs": "[]"}, "query": "SigninLogs", "at": "soon"}, "is no moment"),
        ({"rows": {"SigninLogs": "[]"}, "query": "SigninLogs", "period": "long"}, "is no timespan"),
        ({"rows": {"SigninLogs": "[]"}, "query": "SigninLogs", "expect": "maybe"}, "expect: input should be 'alert'"),
    ],
)
def test_bad_input_is_named_in_a_sentence(offline: Session, arguments: dict[str, Any], says: str) -> None:
    assert says in offline.refusal("rule_test", **arguments)
