"""Reading an object, changing it and writing it back loses nothing, whatever else it holds."""

import asyncio
import copy
import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sentinel_azure_clients import (
    AzureServicesContext,
    _wire,
    alert_rules,
    automation_rules,
    bookmarks,
    coverage,
    incidents,
    saved_searches,
    watchlists,
)
from sentinel_azure_clients.testing import Answer, FakeAzure, Request, fake_context

PAYLOADS = Path(__file__).parents[4] / "shared" / "payloads"
GUID = "73e01a99-5cd7-4139-a149-9f2736ff2ab5"
Json = dict[str, Any]


@dataclass(frozen=True)
class Change:
    """A call that changes an object: how it is asked for, where it changes what, and what the object is like before."""

    ask: Callable[[AzureServicesContext], Awaitable[Any]]
    places: dict[tuple[str, ...], Any]
    before: Json


# One for every row of the coverage table whose call reads and then writes.
CHANGES: dict[tuple[str, str], Change] = {
    ("incidents", "update, close, assign"): Change(
        lambda context: incidents.update(context, GUID, severity="High", title="new"),
        {("properties", "severity"): "High", ("properties", "title"): "new"},
        {"properties": {"title": "old", "severity": "Low", "labels": [{"labelName": "a", "labelType": "User"}]}},
    ),
    ("incidents", "update task"): Change(
        lambda context: incidents.update_task(context, GUID, "t", status="Completed"),
        {("properties", "status"): "Completed"},
        {"properties": {"title": "call", "status": "New", "createdBy": {"name": "n", "objectId": "o"}}},
    ),
    ("alert rules", "update, enable, disable"): Change(
        lambda context: alert_rules.update_rule(context, "r", {"enabled": False, "query": "T"}),
        {("properties", "enabled"): False, ("properties", "query"): "T"},
        {"kind": "Newer", "properties": {"enabled": True, "displayName": "d", "entityMappings": [{"entityType": "X"}]}},
    ),
    ("automation rules", "update, enable, disable"): Change(
        lambda context: automation_rules.disable_rule(context, "r"),
        {("properties", "triggeringLogic", "isEnabled"): False},
        {"properties": {"order": 1, "triggeringLogic": {"isEnabled": True, "conditions": [{"conditionType": "New"}]}}},
    ),
    ("bookmarks", "update"): Change(
        lambda context: bookmarks.update_bookmark(context, "b", notes=None, labels=["x"]),
        {("properties", "notes"): None, ("properties", "labels"): ["x"]},
        {"properties": {"displayName": "d", "query": "T", "entityMappings": [{"entityType": "Host"}]}},
    ),
    ("saved searches", "update"): Change(
        lambda context: saved_searches.update_search(context, "s", query="T | take 1"),
        {("properties", "query"): "T | take 1"},
        {"properties": {"category": "c", "displayName": "d", "query": "T", "tags": [{"name": "n", "value": "v"}]}},
    ),
    ("watchlists", "update"): Change(
        lambda context: watchlists.update_watchlist(context, "w", display_name="new"),
        {("properties", "displayName"): "new"},
        {"properties": {"watchlistAlias": "w", "displayName": "old", "provider": "p", "labels": ["l"]}},
    ),
    ("watchlist items", "update"): Change(
        lambda context: watchlists.update_item(context, "w", "i", {"owner": "me"}),
        {("properties", "itemsKeyValue", "owner"): "me"},
        {"properties": {"itemsKeyValue": {"host": "h", "owner": "you"}, "entityMapping": {}}},
    ),
}
VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**53), 2**53)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3),
    max_leaves=8,
)
# A name that no service has yet, so that a made-up member takes no known one's place.
NEW_NAMES = st.text(st.characters(categories=["L", "N"]), max_size=6).map(lambda name: f"new-{name}")


@st.composite
def with_new_members(draw: st.DrawFn, source: Json) -> Json:
    """The object with members of made-up names and values added to objects within it, at any depth."""
    result = copy.deepcopy(source)
    objects: list[Json] = []

    def gather(value: object) -> None:
        if _wire.is_object(value):
            objects.append(value)
            for inner in value.values():
                gather(inner)
        elif _wire.is_array(value):
            for inner in value:
                gather(inner)

    gather(result)
    for holder in draw(st.lists(st.sampled_from(objects), min_size=1, max_size=4)):
        holder[draw(NEW_NAMES)] = draw(VALUES)
    return result


async def written_by(change: Change, before: Json) -> Json:
    """What a change puts, when the object is as given before it."""
    azure = FakeAzure()
    azure.answer("GET", "/{}", json=before)

    def put(request: Request) -> Answer:
        return Answer(json=request.body)

    azure.answer("PUT", "/{}", put)
    async with fake_context(azure) as context:
        found = await change.ask(context)
    asked = [request.method for request in azure.requests]
    assert asked == ["GET", "PUT"]
    assert found.raw == azure.requests[1].body
    return azure.requests[1].body


def expected_of(change: Change, before: Json) -> Json:
    """The object with the change's values at their places, and nothing else different."""
    after = copy.deepcopy(before)
    for place, value in change.places.items():
        inner = after
        for name in place[:-1]:
            inner = inner[name]
        inner[place[-1]] = value
    return after


def test_every_call_that_reads_and_writes_is_tried_here() -> None:
    assert set(CHANGES) == {(call.area, call.name) for call in coverage.operations() if " GET, PUT " in call.way}


@pytest.mark.parametrize("where", CHANGES, ids=" ".join)
@settings(max_examples=25, deadline=None)
@given(data=st.data())
def test_new_members_at_any_depth_are_written_back_as_they_were(where: tuple[str, str], data: st.DataObject) -> None:
    change = CHANGES[where]
    known = {"id": "/x/y", "name": "y", "etag": '"1"', "type": "T", **change.before}
    before = data.draw(with_new_members(known))
    assert asyncio.run(written_by(change, before)) == expected_of(change, before)


COLLECTED = [
    (("incidents", "update, close, assign"), "recordings/arm_incident_get_200.json"),
    (("incidents", "update, close, assign"), "recordings/arm_incident_list_200_excerpt.json"),
    (("incidents", "update, close, assign"), "securityinsights/incidents/GetIncidents.json"),
    (("incidents", "update task"), "securityinsights/incidents/tasks/IncidentTasks_List.json"),
    (("alert rules", "update, enable, disable"), "recordings/arm_alertrules_list_200_excerpt.json"),
    (("alert rules", "update, enable, disable"), "securityinsights/alertRules/GetAllAlertRules.json"),
    (
        ("alert rules", "update, enable, disable"),
        "securityinsights-2025-07-01-preview/alertRules/GetNrtAlertRule.json",
    ),
    (("automation rules", "update, enable, disable"), "recordings/arm_automationrules_list_200.json"),
    (
        ("automation rules", "update, enable, disable"),
        "securityinsights/automationRules/AutomationRules_List.json",
    ),
    (("bookmarks", "update"), "recordings/arm_bookmark_create_200.json"),
    (("bookmarks", "update"), "securityinsights/bookmarks/GetBookmarks.json"),
    (("saved searches", "update"), "recordings/arm_savedsearches_list_200_excerpt.json"),
    (("watchlists", "update"), "securityinsights/watchlists/GetWatchlists.json"),
    (("watchlist items", "update"), "securityinsights/watchlists/GetWatchlistItems.json"),
]


@pytest.mark.skipif(not PAYLOADS.is_dir(), reason="the collection of real bodies is not beside this checkout")
@pytest.mark.parametrize(("where", "name"), COLLECTED)
async def test_a_collected_object_is_written_back_whole(where: tuple[str, str], name: str) -> None:
    content = json.loads((PAYLOADS / name).read_text())
    body = content["response"]["body"] if "response" in content else content["responses"]["200"]["body"]
    for before in body.get("value", [body]):
        assert await written_by(CHANGES[where], before) == expected_of(CHANGES[where], before)
