from sentinel_mcp_server.testing import Session


def test_each_listed_one_can_be_read(offline: Session) -> None:
    for summary in offline.answer("hunting_query_list", limit=1000)["queries"]:
        answer = offline.answer("hunting_query_get", name=summary["name"])
        assert answer["display_name"] == summary["display_name"]


def test_its_query_runs(offline: Session) -> None:
    name = offline.answer("hunting_query_list")["queries"][0]["name"]
    query = offline.answer("hunting_query_get", name=name)["query"]
    assert offline.answer("query_run", query=query, timespan="14d")["status"] == "complete"


def test_an_unknown_name_is_refused_in_a_sentence(offline: Session) -> None:
    assert "Nothing was found" in offline.refusal("hunting_query_get", name="00000000-0000-4000-8000-000000000000")
    offline.refusal("hunting_query_get", name="../incidents")
    offline.refusal("hunting_query_get", name="")
