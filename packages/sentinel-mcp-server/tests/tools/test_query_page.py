from sentinel_mcp_server.testing import Session


def test_the_rest_of_a_long_answer_can_be_read_page_by_page(offline: Session) -> None:
    query = "SigninLogs | order by TimeGenerated asc | project TimeGenerated, UserPrincipalName | take 25"
    answer = offline.answer("query_run", query=query, timespan="14d", max_rows=10)
    assert answer["status"] == "truncated"
    everything = offline.answer("query_run", query=query, timespan="14d")["tables"][0]["rows"]
    rows = answer["tables"][0]["rows"]
    offset: int | None = 10
    while offset is not None:
        page = offline.answer("query_page", result_id=answer["result_id"], offset=offset, limit=10)
        assert page["row_count"] == 25
        assert page["query_hash"] == answer["query_hash"]
        rows += page["table"]["rows"]
        offset = page["next_offset"]
    assert len(rows) == 25
    assert [row[1] for row in rows] == [row[1] for row in everything]


def test_a_complete_answer_has_no_result_id(offline: Session) -> None:
    assert offline.answer("query_run", query="SigninLogs | take 3", timespan="14d")["result_id"] is None


def test_an_offset_beyond_the_end_gives_no_rows(offline: Session) -> None:
    result_id = offline.answer("query_run", query="SigninLogs", timespan="14d", max_rows=1)["result_id"]
    page = offline.answer("query_page", result_id=result_id, offset=10_000_000)
    assert (page["rows_shown"], page["next_offset"]) == (0, None)


def test_an_unknown_result_says_to_run_again(offline: Session) -> None:
    assert "Run the query again" in offline.refusal("query_page", result_id="x" * 24)


def test_a_table_that_the_answer_lacks_is_named(offline: Session) -> None:
    result_id = offline.answer("query_run", query="SigninLogs", timespan="14d", max_rows=1)["result_id"]
    assert "none at place 3" in offline.refusal("query_page", result_id=result_id, table=3)
