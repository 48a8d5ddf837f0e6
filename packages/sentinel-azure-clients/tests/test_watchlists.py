import csv
import io
from typing import Any

import pytest

from sentinel_azure_clients import Conflict, InvalidInput, watchlists
from sentinel_azure_clients.testing import FakeAzure, fake_context


async def test_a_watchlist_is_made_with_its_rows_as_csv() -> None:
    azure = FakeAzure()
    kept = azure.keep("/watchlists")
    rows = [{"host": 'a,"b"', "owner": "Ann"}, {"host": "c\nd", "note": "=1+1"}]
    async with fake_context(azure) as context:
        made = await watchlists.create_watchlist(
            context, "assets", display_name="Assets", search_key="host", rows=rows, description="d"
        )
        with pytest.raises(Conflict):
            await watchlists.create_watchlist(context, "assets", display_name="Assets", search_key="host")
        with pytest.raises(InvalidInput, match="no column of the rows"):
            await watchlists.create_watchlist(context, "x", display_name="x", search_key="y", rows=rows)
    assert (made.alias, made.display_name, made.search_key) == ("assets", "Assets", "host")
    sent = kept["assets"]["properties"]
    assert list(csv.DictReader(io.StringIO(sent["rawContent"], newline=""))) == [
        {"host": 'a,"b"', "owner": "Ann", "note": ""},
        {"host": "c\nd", "owner": "", "note": "=1+1"},
    ]
    assert sent["contentType"] == "text/csv"


async def test_items_are_added_changed_by_column_and_deleted() -> None:
    azure = FakeAzure()
    kept = azure.keep("/watchlists/assets/watchlistItems")
    async with fake_context(azure) as context:
        made = await watchlists.add_item(context, "assets", {"host": "a", "owner": "Ann"})
        changed = await watchlists.update_item(context, "assets", made.name, {"owner": "Bob"})
        assert changed.values == {"host": "a", "owner": "Bob"}
        assert [item.values for item in await watchlists.list_items(context, "assets")] == [changed.values]
        assert await watchlists.get_item(context, "assets", made.name) == changed
        with pytest.raises(InvalidInput, match="at least one value"):
            await watchlists.add_item(context, "assets", {})
        await watchlists.delete_item(context, "assets", made.name)
    assert kept == {}


async def test_a_long_list_of_items_is_cut_where_asked_and_says_so() -> None:
    azure = FakeAzure()
    items = [{"id": f"/{n}", "name": str(n), "properties": {"itemsKeyValue": {"n": n}}} for n in range(5)]
    azure.keep("/watchlists/assets/watchlistItems", *items)
    async with fake_context(azure) as context:
        some = await watchlists.list_items(context, "assets", most=3)
        exactly = await watchlists.list_items(context, "assets", most=5)
    assert (len(some), some.complete, some.note) == (3, False, "Only the first 3 were asked for.")
    assert (len(exactly), exactly.complete, exactly.note) == (5, True, None)


async def test_watchlists_are_listed_read_and_deleted() -> None:
    azure = FakeAzure()
    source = {"id": "/w", "name": "assets", "properties": {"watchlistAlias": "assets", "itemsSearchKey": "host"}}
    kept = azure.keep("/watchlists", source)
    async with fake_context(azure) as context:
        (listed,) = await watchlists.list_watchlists(context)
        assert await watchlists.get_watchlist(context, "assets") == listed
        await watchlists.delete_watchlist(context, "assets")
    assert listed.raw == source
    assert kept == {}


def with_items(*items: dict[str, Any]) -> tuple[FakeAzure, dict[str, dict[str, Any]]]:
    """A watchlist with the search key host, and its items by name."""
    azure = FakeAzure()
    properties = {"watchlistAlias": "w", "displayName": "W", "itemsSearchKey": "host"}
    azure.answer("GET", "/watchlists/w", json={"id": "/w", "name": "w", "properties": properties})
    made = [
        {"id": f"/{n}", "name": str(n), "etag": "e", "properties": {"itemsKeyValue": item}}
        for n, item in enumerate(items)
    ]
    return azure, azure.keep("/watchlists/w/watchlistItems", *made)


async def test_a_row_is_changed_where_its_key_is_there_and_added_where_it_is_not() -> None:
    azure, kept = with_items({"host": "a", "owner": "x", "note": "n"}, {"host": "b", "owner": "y"})
    async with fake_context(azure) as context:
        changed = await watchlists.upsert_item(context, "w", {"host": "a", "owner": "z"})
        added = await watchlists.upsert_item(context, "w", {"host": "c", "owner": "w"})
    assert (changed.name, changed.values) == ("0", {"host": "a", "owner": "z", "note": "n"})
    assert added.values == {"host": "c", "owner": "w"}
    assert len(kept) == 3


async def test_rows_that_cannot_be_told_apart_are_not_changed() -> None:
    azure, _ = with_items({"host": "a"}, {"host": "a"})
    async with fake_context(azure) as context:
        with pytest.raises(Conflict, match="2 rows with this 'host'"):
            await watchlists.upsert_item(context, "w", {"host": "a", "owner": "z"})
        with pytest.raises(InvalidInput, match="no 'host', which is the search key"):
            await watchlists.upsert_item(context, "w", {"owner": "z"})
    assert {request.method for request in azure.requests} == {"GET"}


async def test_a_row_is_not_added_where_not_every_row_could_be_looked_at() -> None:
    azure, _ = with_items()
    more = "https://management.azure.com/watchlists/w/watchlistItems"
    azure.answer("GET", "/watchlistItems", json={"value": [], "nextLink": more})
    async with fake_context(azure, page_limit=1) as context:
        with pytest.raises(InvalidInput, match="cannot be told: Stopped after 1 pages"):
            await watchlists.upsert_item(context, "w", {"host": "a"})
    assert {request.method for request in azure.requests} == {"GET"}
