from typing import Any

import pytest

from sentinel_azure_clients import Conflict, InvalidInput, saved_searches
from sentinel_azure_clients.testing import FakeAzure, fake_context

HUNT: dict[str, Any] = {
    "id": "/s/h1",
    "name": "h1",
    "etag": '"1"',
    "properties": {
        "category": "Hunting Queries",
        "displayName": "Odd logons",
        "query": "SigninLogs",
        "tags": [{"name": "tactics", "value": "InitialAccess"}],
        "version": 2,
        "odd": 1,
    },
}


async def test_hunting_queries_are_told_from_other_searches() -> None:
    azure = FakeAzure()
    function = {"id": "/s/f", "properties": {"category": "x", "functionAlias": "F", "functionParameters": "a:int=1"}}
    azure.answer("GET", "/savedSearches", json={"value": [HUNT, function]})
    async with fake_context(azure) as context:
        (hunt,) = await saved_searches.list_hunting_queries(context)
        everything = await saved_searches.list_searches(context)
    assert (hunt.display_name, hunt.tags) == ("Odd logons", {"tactics": "InitialAccess"})
    assert [(s.name, s.function_alias) for s in everything] == [("h1", None), ("f", "F")]


async def test_names_with_a_capital_are_read_as_well() -> None:
    source = {"id": "/s/x", "properties": {"Category": "c", "DisplayName": "d", "Query": "q", "Version": 1}}
    found = saved_searches.from_wire(source)
    assert (found.category, found.display_name, found.query, found.version) == ("c", "d", "q", 1)


async def test_a_hunting_query_is_made_changed_and_deleted() -> None:
    azure = FakeAzure()
    kept = azure.keep("/savedSearches", HUNT)
    async with fake_context(azure) as context:
        made = await saved_searches.create_search(context, display_name="n", query="T", tags={"techniques": "T1110"})
        assert made.is_hunting_query
        assert made.tags == {"techniques": "T1110"}
        changed = await saved_searches.update_search(context, "h1", query="SigninLogs | take 1", tags={"a": "b"})
        assert (changed.query, changed.tags) == ("SigninLogs | take 1", {"a": "b"})
        assert kept["h1"]["properties"]["odd"] == 1
        with pytest.raises(Conflict):
            await saved_searches.update_search(context, "h1", query="x", etag='"1"')
        with pytest.raises(InvalidInput, match="display name and a query"):
            await saved_searches.create_search(context, display_name="", query="T")
        await saved_searches.delete_search(context, "h1")
        function = await saved_searches.create_search(
            context, display_name="f", query="T", category="x", function_alias="F", function_parameters="a:int"
        )
        assert (await saved_searches.get_search(context, function.name)).function_parameters == "a:int"
    assert set(kept) == {made.name, function.name}
