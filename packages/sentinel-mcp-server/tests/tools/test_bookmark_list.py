from sentinel_mcp_server.testing import Session


def test_no_bookmark_is_an_empty_list(offline: Session) -> None:
    answer = offline.answer("bookmark_list", name_contains="no such bookmark")
    assert (answer["bookmarks"], answer["matched"], answer["shown"]) == ([], 0, 0)


def test_without_a_workspace_a_call_says_which_settings_are_missing(unconfigured: Session) -> None:
    assert "AZURE_SUBSCRIPTION_ID" in unconfigured.refusal("bookmark_list")
