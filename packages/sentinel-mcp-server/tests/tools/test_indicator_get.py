from sentinel_mcp_server.testing import Session


def test_an_indicator_is_the_one_that_the_search_found(offline: Session) -> None:
    listed = offline.answer("indicator_search", limit=1)["indicators"][0]
    answer = offline.answer("indicator_get", name=listed["name"])
    assert {key: answer[key] for key in listed} == listed


def test_an_unknown_indicator_is_named(offline: Session) -> None:
    assert "Nothing was found" in offline.refusal("indicator_get", name="unknown")
