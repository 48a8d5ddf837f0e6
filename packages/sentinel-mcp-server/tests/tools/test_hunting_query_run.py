from sentinel_mcp_server.testing import Session


def test_a_hunting_query_gives_the_rows_of_its_text(offline: Session) -> None:
    for listed in offline.answer("hunting_query_list")["queries"]:
        query = offline.answer("hunting_query_get", name=listed["name"])["query"]
        window = "2026-01-01T00:00Z/2030-01-01T00:00Z"
        ran = offline.answer("hunting_query_run", name=listed["name"], timespan=window, max_rows=10_000)
        typed = offline.answer("query_run", query=query, timespan=window, max_rows=10_000)
        assert ran["query_hash"] == typed["query_hash"]
        assert ran["row_count"] == typed["row_count"]
        assert ran["window"] == typed["window"]


def test_an_unknown_query_is_named(offline: Session) -> None:
    assert "Nothing was found" in offline.refusal("hunting_query_run", name="unknown")


def test_a_wrong_timespan_is_named(offline: Session) -> None:
    name = offline.answer("hunting_query_list")["queries"][0]["name"]
    assert "is no timespan" in offline.refusal("hunting_query_run", name=name, timespan="soon")
