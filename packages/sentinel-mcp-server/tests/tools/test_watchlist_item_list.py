from sentinel_mcp_server.testing import Session, text


def test_items_come_with_their_values(offline: Session) -> None:
    answer = offline.answer("watchlist_item_list", alias="HighValueAssets")
    assert answer["shown"] == len(answer["items"]) > 1
    assert all(item["values"]["Asset"] for item in answer["items"])


def test_a_limit_is_told(offline: Session) -> None:
    answer = offline.answer("watchlist_item_list", alias="HighValueAssets", limit=1)
    assert len(answer["items"]) == 1
    assert answer["note"]


def test_items_stand_inside_the_fence(offline: Session) -> None:
    shown = text(offline.call("watchlist_item_list", alias="HighValueAssets"))
    assert shown.index("<untrusted-") < shown.index("Asset=")


def test_an_unknown_watchlist_is_named(offline: Session) -> None:
    assert "Nothing was found" in offline.refusal("watchlist_item_list", alias="NoSuchList")
