from datetime import UTC, datetime
from typing import Any

import pytest

from sentinel_azure_clients import InvalidInput, MalformedAnswer, entities
from sentinel_azure_clients.testing import FakeAzure, fake_context

START = datetime(2026, 3, 1, tzinfo=UTC)
END = datetime(2026, 3, 2, tzinfo=UTC)
ENTITY: dict[str, Any] = {
    "id": "/e/1",
    "name": "1",
    "kind": "Ip",
    "properties": {"address": "192.0.2.1", "friendlyName": "192.0.2.1"},
}


async def test_entities_are_listed_and_read() -> None:
    azure = FakeAzure()
    azure.answer("GET", "/entities", json={"value": [ENTITY]})
    azure.answer("GET", "/entities/1", json=ENTITY)
    async with fake_context(azure) as context:
        (listed,) = await entities.list_entities(context)
        assert await entities.get_entity(context, "1") == listed
    assert (listed.kind, listed.friendly_name) == ("Ip", "192.0.2.1")


async def test_insights_have_a_table_and_charts() -> None:
    azure = FakeAzure()
    columns = [{"name": "Time", "type": "datetime"}, {"name": "n", "type": "long"}]
    table = {"columns": columns, "rows": [["2026-03-01T00:00:00Z", 3]]}
    span = {"startTime": "2026-03-01T00:00:00+00:00", "endTime": "2026-03-02T00:00:00+00:00"}
    item = {"queryId": "q", "queryTimeInterval": span, "tableQueryResults": table, "chartQueryResults": [table]}
    azure.answer("POST", "/entities/1/getInsights", json={"value": [item], "metaData": {"totalCount": 1, "errors": []}})
    async with fake_context(azure) as context:
        found = await entities.get_insights(context, "1", start=START, end=END, queries=["q"])
    assert azure.requests[0].body == {
        "startTime": "2026-03-01T00:00:00Z",
        "endTime": "2026-03-02T00:00:00Z",
        "insightQueryIds": ["q"],
    }
    (insight,) = found.items
    assert (insight.query_id, insight.start, insight.end) == ("q", START, END)
    assert insight.table.rows == (("2026-03-01T00:00:00Z", 3),)
    assert insight.charts == (insight.table,)
    assert found.complete


async def test_insights_and_timelines_with_errors_are_not_complete() -> None:
    azure = FakeAzure()
    failed = [{"kind": "Insight", "queryId": "q", "errorMessage": "no"}]
    answer: dict[str, Any] = {"value": [], "metaData": {"totalCount": 0, "errors": failed, "aggregations": []}}
    azure.answer("POST", "/getInsights", json=answer)
    azure.answer("POST", "/getTimeline", json=answer)
    async with fake_context(azure) as context:
        insights = await entities.get_insights(context, "1", start=START, end=END)
        timeline = await entities.get_timeline(context, "1", start=START, end=END)
    assert (insights.complete, insights.errors) == (False, tuple(failed))
    assert (timeline.complete, timeline.errors) == (False, tuple(failed))


async def test_a_timeline_has_items_of_every_kind_and_counts() -> None:
    azure = FakeAzure()
    alert = {"kind": "SecurityAlert", "displayName": "A", "startTimeUtc": "2026-03-01T01:00:00Z", "severity": "High"}
    activity = {"kind": "Activity", "title": "B", "content": "did", "firstActivityTimeUtc": "2026-03-01T02:00:00Z"}
    counts = [{"kind": "SecurityAlert", "count": 4}, {"kind": "Activity", "count": 1}]
    more = {"totalCount": 5, "aggregations": counts}
    azure.answer("POST", "/entities/1/getTimeline", json={"value": [alert, activity], "metaData": more})
    async with fake_context(azure) as context:
        found = await entities.get_timeline(context, "1", start=START, end=END, kinds=["SecurityAlert", "Activity"])
    assert azure.requests[0].body["kinds"] == ["SecurityAlert", "Activity"]
    assert [(item.kind, item.title, item.severity, item.description) for item in found.items] == [
        ("SecurityAlert", "A", "High", None),
        ("Activity", "B", None, "did"),
    ]
    assert [item.start and item.start.hour for item in found.items] == [1, 2]
    assert found.counts == {"SecurityAlert": 4, "Activity": 1}


async def test_a_time_without_a_zone_or_backwards_or_an_unknown_kind_is_refused() -> None:
    async with fake_context(FakeAzure()) as context:
        with pytest.raises(InvalidInput, match="time zone"):
            await entities.get_insights(context, "1", start=datetime(2026, 3, 1), end=END)  # noqa: DTZ001 - the fault
        with pytest.raises(InvalidInput, match="ends before"):
            await entities.get_timeline(context, "1", start=END, end=START)
        with pytest.raises(InvalidInput, match="'Gossip'; it has Activity"):
            await entities.get_timeline(context, "1", start=START, end=END, kinds=["Gossip"])


def test_a_row_that_does_not_fit_its_columns_is_malformed() -> None:
    table = {"columns": [{"name": "n", "type": "long"}], "rows": [[1, 2]]}
    with pytest.raises(MalformedAnswer, match="has not 1 values"):
        entities.insights_from_wire({"value": [{"tableQueryResults": table}]})
