import pytest

from sentinel_azure_clients import Listing, Watchlist, WatchlistItem
from sentinel_mcp_server.errors import Refused
from sentinel_mcp_server.investigations.watchlist_rows import Rows

WATCHLIST = Watchlist("Assets", "/x", None, "Assets", None, None, None, "Asset", None, None, None, {}, {})


def item(name: str, asset: str) -> WatchlistItem:
    return WatchlistItem(name, f"/x/{name}", None, {"Asset": asset}, None, {}, {})


ITEMS = (item("n1", "a"), item("n2", "b"), item("n3", "b"))


def test_an_item_is_found_by_its_name_or_by_its_key() -> None:
    rows = Rows(WATCHLIST, Listing(ITEMS, complete=True))
    assert rows.find("N2") is ITEMS[1]
    assert rows.find("a") is ITEMS[0]
    assert rows.find("A") is None


def test_a_key_that_several_have_is_refused_with_their_names() -> None:
    with pytest.raises(Refused, match=r"2 items of Assets have 'b' in Asset \(n2, n3\)"):
        Rows(WATCHLIST, Listing(ITEMS, complete=True)).find("b")


def test_what_was_not_found_in_a_part_is_not_said_to_be_absent() -> None:
    rows = Rows(WATCHLIST, Listing(ITEMS, complete=False, note="only 3 were read"))
    assert rows.find("a") is ITEMS[0]
    with pytest.raises(Refused, match=r"\(only 3 were read\), so whether 'z' is among them is not known"):
        rows.find("z")
