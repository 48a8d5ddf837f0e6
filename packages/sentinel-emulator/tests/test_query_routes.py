"""The query API over ASGI: what clients really send, and what the service answers."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, cast

import pytest

from sentinel_emulator import Emulator
from sentinel_emulator.testing import ARM, LOGS, Client

RECORDINGS = Path(__file__).parents[3].parent / "shared" / "payloads" / "recordings"


def recorded(name: str) -> Any:
    if not RECORDINGS.is_dir():
        pytest.skip("the recorded payloads (../shared/payloads) are not here")
    return json.loads((RECORDINGS / name).read_text())["response"]["body"]


def shape(value: Any) -> Any:
    """Reduce JSON to its members, their order and the types of their values."""
    if isinstance(value, dict):
        return {key: shape(member) for key, member in cast("dict[str, Any]", value).items()}
    if isinstance(value, list):
        return [shape(value[0])] if value else []
    if isinstance(value, bool) or value is None:
        return value if value is None else "bool"
    return "number" if isinstance(value, int | float) else "text"


def ordered(value: Any) -> str:
    return json.dumps(shape(value))


def test_the_query_of_the_tour_counts_sign_ins_by_result(client: Client) -> None:
    answer = client.query("SigninLogs | summarize n=count() by ResultType | order by n desc", "P1D")
    table = answer.json()["tables"][0]
    assert answer.status == 200
    assert table["name"] == "PrimaryResult"
    assert table["columns"] == [{"name": "ResultType", "type": "string"}, {"name": "n", "type": "long"}]
    counts = [row[1] for row in table["rows"]]
    assert counts == sorted(counts, reverse=True)
    assert len(counts) > 3


def test_an_answer_carries_statistics_and_render_only_when_preferred(client: Client) -> None:
    assert list(client.query("print 1").json()) == ["tables"]
    body = client.query("print 1", prefer="wait=10,include-statistics=true,include-render=true").json()
    assert list(body) == ["tables", "render", "statistics"]


def test_statistics_and_render_have_the_recorded_members(client: Client) -> None:
    expected = recorded("la_query_200_render_and_statistics.json")
    body = client.query("AWSCloudTrail | take 10", prefer="include-statistics=true,include-render=true").json()
    assert ordered(body["render"]) == ordered(expected["render"])
    assert ordered(body["statistics"]) == ordered(expected["statistics"])


def test_values_of_every_type_are_written_as_recorded(client: Client) -> None:
    expected = recorded("la_batch_200.json")
    kql = (
        'print "hello", true, datetime(2000-01-02 03:04:05Z), toint(100), long(101), 102.1, '
        'dynamic({ "hello": "world" }) | project stringcolumn=print_0, boolcolumn=print_1, datecolumn=print_2, '
        "intcolumn=print_3, longcolumn=print_4, realcolumn=print_5, dynamiccolumn=print_6"
    )
    assert client.query(kql).json() == expected["responses"][0]["body"]


def test_an_unknown_table_is_answered_as_recorded(client: Client) -> None:
    expected = recorded("la_query_400_semantic.json")
    answer = client.query("AppInsights |\n        where TimeGenerated > ago(12h)")
    body = answer.json()
    assert answer.status == 400
    assert body["error"].pop("correlationId") != expected["error"].pop("correlationId")
    assert json.dumps(body) == json.dumps(expected)


def test_a_syntax_error_is_answered_as_recorded(client: Client) -> None:
    expected = recorded("la_query_400_syntax.json")
    answer = client.query("union * | foobar")
    body = answer.json()
    assert answer.status == 400
    assert body["error"].pop("correlationId") != expected["error"].pop("correlationId")
    assert json.dumps(body) == json.dumps(expected)


def test_a_query_that_takes_too_long_is_answered_as_recorded(client: Client) -> None:
    expected = recorded("la_query_504_timeout.json")
    slow = "let t = range x from 1 to 90000 step 1 | extend k=1; t | join kind=inner t on k | summarize dcount(x + x1)"
    answer = client.query(slow, prefer="wait=1")
    assert answer.status == 504
    assert answer.headers["preference-applied"] == "wait=1"
    assert ordered(answer.json()) == ordered(expected)


def test_a_column_that_does_not_exist_is_named_without_a_position(client: Client) -> None:
    inner = client.query('SigninLogs | where UserPrincipalNam == "x"').json()["error"]["innererror"]
    assert inner["code"] == "SemanticError"
    assert inner["innererror"] == {
        "code": "SEM0100",
        "message": "'where' operator: Failed to resolve column or scalar expression named 'UserPrincipalNam'",
    }


def test_what_the_engine_cannot_do_is_refused_by_name_with_a_code_of_its_own(client: Client) -> None:
    answer = client.query("SigninLogs | evaluate pivot(ResultType)")
    inner = answer.json()["error"]["innererror"]
    assert answer.status == 400
    assert inner["code"] == "EmulatorUnsupportedError"
    assert "evaluate" in inner["innererror"]["message"]


@pytest.mark.parametrize(
    "query", [".show tables", ".drop table SigninLogs", "SigninLogs | take 1\n.drop table SigninLogs"]
)
def test_a_command_is_no_query(client: Client, query: str) -> None:
    answer = client.query(query)
    assert answer.status == 400
    assert answer.json()["error"]["innererror"]["code"] == "SyntaxError"
    assert client.rows("SigninLogs | count")[0][0] > 0


@pytest.mark.parametrize(
    "timespan", ["PT86400.0S", "P1D", "PT24H", "2026-03-10T15:30:12Z/PT86400.0S", "P1D/2026-03-11T15:30:12Z"]
)
def test_every_spelling_of_a_day_sees_the_same_rows(client: Client, timespan: str) -> None:
    expected = client.rows("SigninLogs | where TimeGenerated >= ago(1d) | count")
    assert client.rows("SigninLogs | count", timespan) == expected


def test_the_timespan_bounds_every_table_that_is_read(client: Client) -> None:
    joined = (
        "SigninLogs | summarize a=min(TimeGenerated) | extend b=toscalar(OfficeActivity | summarize min(TimeGenerated))"
    )
    ((first, second),) = client.rows(joined, "PT12H")
    assert first >= "2026-03-11T03:30:12"
    assert second >= "2026-03-11T03:30:12"


@pytest.mark.parametrize("timespan", ["yesterday", "P", "PT", "P1D/", "2026-03-11/2026-03-10", "P999999999D", "1d"])
def test_a_timespan_that_cannot_be_read_is_refused_with_the_formats(client: Client, timespan: str) -> None:
    answer = client.query("SigninLogs | count", timespan)
    assert answer.status == 400
    assert "timespan" in answer.json()["error"]["innererror"]["message"]


def test_ago_and_now_follow_the_emulators_clock(client: Client) -> None:
    assert client.rows("print now(), ago(1d)") == [["2026-03-11T15:30:12Z", "2026-03-10T15:30:12Z"]]


def test_a_bare_table_begins_with_tenant_and_time_and_ends_with_its_type(client: Client) -> None:
    columns = [column["name"] for column in client.query("SigninLogs | take 1").json()["tables"][0]["columns"]]
    assert columns[:2] == ["TenantId", "TimeGenerated"]
    assert columns[-3:] == ["SourceSystem", "Type", "_ResourceId"]


def test_billing_columns_show_only_when_they_are_named(client: Client) -> None:
    assert client.rows("SigninLogs | summarize count() by _IsBillable")[0][0] == "True"


def test_a_get_asks_the_same_as_a_post(client: Client, emulator: Emulator) -> None:
    url = f"{LOGS}/v1/workspaces/{emulator.workspace.workspace_id}/query?query=SigninLogs%20%7C%20count&timespan=P2D"
    assert client.send("GET", url).json() == client.query("SigninLogs | count", "P2D").json()


def test_a_batch_answers_each_request_and_keeps_faults_apart(client: Client, emulator: Emulator) -> None:
    def part(identity: str, query: str) -> dict[str, object]:
        body = {"query": query, "timespan": None, "workspaces": None}
        return {
            "id": identity,
            "body": body,
            "headers": {"Prefer": ""},
            "workspace": emulator.workspace.workspace_id,
            "path": "/query",
            "method": "POST",
        }

    answer = client.send("POST", f"{LOGS}/v1/$batch", {"requests": [part("a", "print 1"), part("b", "Nope | take 1")]})
    first, second = answer.json()["responses"]
    assert (first["id"], first["status"], first["body"]["tables"][0]["rows"]) == ("a", 200, [[1]])
    assert (second["id"], second["status"]) == ("b", 400)


def test_metadata_names_every_table_with_its_columns(client: Client, emulator: Emulator) -> None:
    answer = client.send("GET", f"{LOGS}/v1/workspaces/{emulator.workspace.workspace_id}/metadata")
    tables = {table["name"]: table for table in answer.json()["tables"]}
    assert {"SigninLogs", "DeviceNetworkEvents"} <= set(tables)
    assert {"name": "TimeGenerated", "type": "datetime"} in tables["SigninLogs"]["columns"]


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ({}, "query"),
        ({"query": ""}, "query"),
        ({"query": 7}, "query"),
        ({"query": "print 1", "timespan": 5}, "timespan"),
        ({"query": "print 1", "workspaces": {"a": 1}}, "workspaces"),
        (b"{", "JSON"),
        (b"[]", "JSON object"),
        (b"[" * 100_000, "JSON"),
    ],
)
def test_a_body_that_cannot_be_used_is_refused_in_one_sentence(
    client: Client, emulator: Emulator, body: object, words: str
) -> None:
    answer = client.send("POST", f"{LOGS}/v1/workspaces/{emulator.workspace.workspace_id}/query", body)
    assert answer.status == 400
    assert words in answer.json()["error"]["innererror"]["message"]


def test_a_query_of_a_megabyte_is_refused_and_the_next_one_answered(client: Client) -> None:
    answer = client.query("print 1 // " + "x" * 1_000_000)
    assert answer.status == 400
    assert client.rows("print 1") == [[1]]


def test_another_workspace_is_forbidden(client: Client) -> None:
    answer = client.send(
        "POST", f"{LOGS}/v1/workspaces/00000000-0000-0000-0000-000000000000/query", {"query": "print 1"}
    )
    assert (answer.status, answer.json()["error"]["code"]) == (403, "InsufficientAccessError")


def test_without_a_token_nothing_is_answered(client: Client) -> None:
    answer = client.query("print 1", token=None)
    assert (answer.status, answer.json()["error"]["code"]) == (401, "AuthenticationFailed")


def test_a_token_for_another_audience_is_refused(client: Client, emulator: Emulator) -> None:
    answer = client.query("print 1", token=emulator.issue_token(ARM)[0])
    assert (answer.status, answer.json()["error"]["code"]) == (403, "InvalidAuthenticationTokenAudience")


def test_an_expired_or_foreign_token_is_refused(client: Client, emulator: Emulator) -> None:
    for token in (emulator.tokens.issue(LOGS, lifetime=-1)[0], Emulator(seed=7).issue_token(LOGS)[0], "a.b.c"):
        answer = client.query("print 1", token=token)
        assert (answer.status, answer.json()["error"]["code"]) == (403, "InvalidAuthenticationToken")


def test_every_answer_says_what_gave_it(client: Client) -> None:
    assert "x-sentinel-emulator" in client.query("print 1").headers
    assert "x-sentinel-emulator" in client.send("GET", f"{LOGS}/v1/nowhere").headers


def test_a_query_with_several_answers_is_refused(client: Client) -> None:
    inner = client.query("print 1; print 2").json()["error"]["innererror"]
    assert inner["code"] == "EmulatorUnsupportedError"
    assert "several statements" in inner["innererror"]["message"]


def test_more_rows_than_the_service_sends_are_cut_and_said_to_be(client: Client) -> None:
    body = client.query("range x from 1 to 500001 step 1").json()
    assert len(body["tables"][0]["rows"]) == 500_000
    assert body["error"]["code"] == "PartialError"
    assert body["error"]["details"][0]["innererror"]["code"] == "-2133196797"


def test_without_a_json_content_type_the_answer_is_empty(client: Client, emulator: Emulator) -> None:
    url = f"{LOGS}/v1/workspaces/{emulator.workspace.workspace_id}/query"
    answer = client.send("POST", url, b"{}", {"Content-Type": "text/plain"})
    assert (answer.status, answer.content) == (200, b"")


@pytest.mark.parametrize("prefer", ["wait=0", "wait=601", "wait=x"])
def test_a_wait_beyond_the_services_limits_is_refused(client: Client, prefer: str) -> None:
    assert client.query("print 1", prefer=prefer).status == 400
