from sentinel_mcp_server.testing import Session


def test_a_watchlist_has_its_search_key_among_the_columns_of_its_items(offline: Session) -> None:
    for listed in offline.answer("watchlist_list")["watchlists"]:
        answer = offline.answer("watchlist_get", alias=listed["alias"])
        items = offline.answer("watchlist_item_list", alias=listed["alias"])["items"]
        assert answer["search_key"] in items[0]["values"]


def test_an_unknown_watchlist_is_named(offline: Session) -> None:
    assert "Nothing was found" in offline.refusal("watchlist_get", alias="Unknown")
