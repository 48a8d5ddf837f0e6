import re
from datetime import datetime, timedelta

import pytest

from sentinel_mcp_server import Settings
from sentinel_mcp_server.testing import Session, connected, text

FAILURES = "SigninLogs | summarize n=count() by ResultType | order by n desc"


def test_rows_come_with_their_window_status_counts_and_hash(offline: Session) -> None:
    answer = offline.answer("query_run", query=FAILURES, timespan="P14D")
    assert answer["status"] == "complete"
    assert answer["status_reason"] is None
    assert answer["window"]["source"] == "argument"
    span = datetime.fromisoformat(answer["window"]["end"]) - datetime.fromisoformat(answer["window"]["start"])
    assert span == timedelta(days=14)
    (table,) = answer["tables"]
    assert [(column["name"], column["type"]) for column in table["columns"]] == [
        ("ResultType", "string"),
        ("n", "long"),
    ]
    assert answer["row_count"] == answer["rows_shown"] == len(table["rows"]) > 1
    counts = [row[1] for row in table["rows"]]
    assert counts == sorted(counts, reverse=True)
    assert re.fullmatch(r"[0-9a-f]{16}", answer["query_hash"])
    assert answer["elapsed_ms"] >= 0
    assert answer["statistics"] is None


def test_the_querys_own_bounds_are_the_window_when_there_is_no_argument(offline: Session) -> None:
    answer = offline.answer("query_run", query="SigninLogs | where TimeGenerated > ago(2d) | count")
    assert answer["window"]["source"] == "query"
    assert answer["window"]["end"] is None
    assert answer["warnings"] == []


def test_without_any_bound_the_default_window_is_searched_and_said(offline: Session) -> None:
    answer = offline.answer("query_run", query="SigninLogs | count")
    assert answer["window"]["source"] == "default"
    assert "only the default window P1D was searched" in answer["warnings"][0]
    longer = offline.answer("query_run", query="SigninLogs | count", timespan="14d")
    assert longer["tables"][0]["rows"][0][0] > answer["tables"][0]["rows"][0][0]


def test_rows_beyond_max_rows_are_counted_and_the_way_to_them_is_named(offline: Session) -> None:
    answer = offline.answer("query_run", query="SigninLogs", timespan="14d", max_rows=3)
    assert answer["status"] == "truncated"
    assert answer["rows_shown"] == len(answer["tables"][0]["rows"]) == 3
    assert answer["row_count"] > 3
    assert (
        f"{answer['row_count'] - 3} rows are not shown: query_page with result_id {answer['result_id']}"
        in answer["status_reason"]
    )


def test_no_rows_is_an_answer_with_its_window(offline: Session) -> None:
    answer = offline.answer("query_run", query='SigninLogs | where UserPrincipalName == "nobody@nowhere.example"')
    assert (answer["status"], answer["row_count"], answer["tables"][0]["rows"]) == ("complete", 0, [])
    assert answer["window"]["start"] < answer["window"]["end"]


def test_the_same_query_has_the_same_hash_and_another_has_not(offline: Session) -> None:
    first, again, other = (
        offline.answer("query_run", query=query)["query_hash"] for query in (FAILURES, FAILURES, "SigninLogs | count")
    )
    assert first == again != other


def test_statistics_and_visualization_come_when_asked_for(offline: Session) -> None:
    answer = offline.answer(
        "query_run",
        query="SigninLogs | summarize count() by ResultType | render piechart",
        include_statistics=True,
        include_visualization=True,
    )
    assert answer["statistics"]
    assert answer["visualization"]["visualization"] == "piechart"


def test_rows_stand_inside_the_fence_and_the_servers_words_outside(offline: Session) -> None:
    shown = text(offline.call("query_run", query="SigninLogs | project UserAgent | take 5", timespan="14d"))
    head, _, rest = shown.partition("<untrusted-")
    nonce = rest.partition(" ")[0]
    assert head.startswith("status: complete; rows: 5, shown: 5; query ")
    assert "UserAgent" not in head
    assert rest.index("UserAgent\n") < rest.index(f"</untrusted-{nonce}>")


def test_a_misspelt_column_is_refused_with_its_place_and_the_right_name(offline: Session) -> None:
    refusal = offline.refusal("query_run", query='SigninLogs | where UserPrincipalNam == "x"')
    assert refusal.startswith("The query was not sent, because it is invalid:\nline 1, column 20: error KS142:")
    assert refusal.endswith("Did you mean UserPrincipalName?")


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ({"query": ""}, "The query is empty: write KQL"),
        ({"query": " \n"}, "The query is empty: write KQL"),
        (
            {"query": "SigninLogs | take 1 //" + "x" * 1_000_000},
            "The query has 1,000,022 characters and the server accepts",
        ),
        ({"query": "T | take 1\n.drop table T"}, "It contains a control command"),
        ({"query": "SigninLogs | take 1\n.drop table SigninLogs"}, "It contains a control command"),
        ({"query": "SigninLogs | take 1\n\n.drop table SigninLogs"}, "It contains a control command"),
        ({"query": "SigninLogs", "timespan": "yesterday"}, "'yesterday' is no timespan: use a duration (1d, 12h"),
        ({"query": "SigninLogs", "timespan": "2026-02-01/2026-01-01"}, "ends before it starts"),
        (
            {"query": 'externaldata(a:string)["https://x.example/y.csv"]'},
            "SENTINEL_MCP_ALLOW_QUERY=externaldata would allow it",
        ),
        ({"query": "SigninLogs | take 1; AuditLogs | take 1"}, "several statements"),
        (
            {"query": "SigninLogs", "max_rows": "many"},
            "query_run was not called: max_rows: input should be a valid integer",
        ),
        ({"query": "SigninLogs", "max_rows": 0}, "max_rows: input should be greater than or equal to 1"),
        ({"query": 3}, "query: input should be a valid string"),
        ({}, "the argument 'query' is missing"),
        (
            {"query": "SigninLogs", "limit": 3},
            "there is no argument 'limit'; query_run takes query, timespan, max_rows",
        ),
    ],
)
def test_bad_input_is_named_in_a_sentence(offline: Session, arguments: dict[str, object], says: str) -> None:
    assert says in offline.refusal("query_run", **arguments)


def test_a_refusal_echoes_neither_the_arguments_nor_a_librarys_pages(offline: Session) -> None:
    refusal = offline.refusal("query_run", query="SigninLogs", max_rows="secret-value")
    assert "secret-value" not in refusal
    assert "pydantic" not in refusal


def test_without_a_workspace_a_call_says_which_settings_are_missing(unconfigured: Session) -> None:
    refusal = unconfigured.refusal("query_run", query="SigninLogs | take 1")
    assert "AZURE_WORKSPACE_ID" in refusal
    assert "--offline" in refusal


def test_a_query_over_the_cost_limit_is_not_sent_and_a_cheap_one_is() -> None:
    with connected(Settings(offline=True, max_query_cost=1e-6)) as session:
        refusal = session.refusal("query_run", query="SigninLogs", timespan="14d")
        assert "The query was not sent: it may read" in refusal
        assert "SENTINEL_MCP_MAX_QUERY_COST is 1e-06 GB" in refusal
        assert session.answer("query_run", query="print 1", timespan="14d")["status"] == "complete"
