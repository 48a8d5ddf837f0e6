from sentinel_mcp_server.testing import Session


def test_watchlists_are_listed_with_the_column_to_join_on(offline: Session) -> None:
    answer = offline.answer("watchlist_list")
    keys = {watchlist["alias"]: watchlist["search_key"] for watchlist in answer["watchlists"]}
    assert keys["HighValueAssets"] == "Asset"
    assert answer["matched"] == len(keys)


def test_a_part_of_the_alias_narrows_the_list(offline: Session) -> None:
    aliases = [w["alias"] for w in offline.answer("watchlist_list", name_contains="highvalue")["watchlists"]]
    assert aliases == ["HighValueAssets"]


def test_without_a_workspace_a_call_says_which_settings_are_missing(unconfigured: Session) -> None:
    assert "AZURE_SUBSCRIPTION_ID" in unconfigured.refusal("watchlist_list")
