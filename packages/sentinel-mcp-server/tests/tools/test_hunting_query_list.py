from sentinel_mcp_server.testing import Session


def test_they_are_listed_by_name_and_counted(offline: Session) -> None:
    answer = offline.answer("hunting_query_list", limit=1000)
    names = [item["display_name"].casefold() for item in answer["queries"]]
    assert names == sorted(names)
    assert answer["matched"] == answer["shown"] == len(names) > 1


def test_a_part_of_the_name_and_a_limit_narrow_the_list(offline: Session) -> None:
    first = offline.answer("hunting_query_list", limit=1)
    assert first["shown"] == 1 < first["matched"]
    name = first["queries"][0]["display_name"]
    found = offline.answer("hunting_query_list", name_contains=name.upper())
    assert name in [item["display_name"] for item in found["queries"]]
    assert offline.answer("hunting_query_list", name_contains="no such thing")["queries"] == []


def test_bad_input_is_named_in_a_sentence(offline: Session) -> None:
    assert "limit: input should be greater than or equal to 1" in offline.refusal("hunting_query_list", limit=0)


def test_without_a_workspace_a_call_says_which_settings_are_missing(unconfigured: Session) -> None:
    assert "AZURE_SUBSCRIPTION_ID" in unconfigured.refusal("hunting_query_list")
