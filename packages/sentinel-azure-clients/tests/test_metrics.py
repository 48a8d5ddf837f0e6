from contextlib import suppress
from datetime import UTC, datetime
from typing import Any

import pytest

from sentinel_azure_clients import InvalidInput, MalformedAnswer, MetricPoint, Rejected, metrics
from sentinel_azure_clients.testing import FakeAzure, fake_context


async def test_the_metrics_of_the_workspace_are_described() -> None:
    azure = FakeAzure()
    found = {
        "name": {"value": "Heartbeat", "localizedValue": "Heartbeat"},
        "unit": "Count",
        "primaryAggregationType": "Total",
        "supportedAggregationTypes": ["Total", "Average"],
        "dimensions": [{"value": "Computer"}],
    }
    azure.answer("GET", "/workspaces/law-soc/providers/Microsoft.Insights/metricDefinitions", json={"value": [found]})
    async with fake_context(azure) as context:
        (definition,) = await metrics.list_definitions(context)
    assert (definition.name, definition.unit, definition.dimensions) == ("Heartbeat", "Count", ("Computer",))
    assert definition.aggregations == ("Total", "Average")


async def test_values_come_as_series_of_points() -> None:
    azure = FakeAzure()
    point = {"timeStamp": "2026-01-01T00:00:00Z", "average": 1.5}
    series = {"metadatavalues": [{"name": {"value": "computer"}, "value": "dc1"}], "data": [point]}
    metric = {"id": "/m", "type": "t", "name": {"value": "Heartbeat"}, "unit": "Count", "timeseries": [series]}
    path = "/subscriptions/s/x/providers/Microsoft.Insights/metrics"
    azure.answer("GET", path, json={"timespan": "", "value": [metric]})
    async with fake_context(azure) as context:
        (found,) = await metrics.query(
            context,
            ["Heartbeat", "a,b"],
            timespan="P1D",
            interval="PT5M",
            aggregations=["average", "total"],
            resource_id="/subscriptions/s/x",
        )
        with pytest.raises(InvalidInput, match="at least one metric"):
            await metrics.query(context, [])
        with pytest.raises(InvalidInput, match="average, count"):
            await metrics.query(context, ["Heartbeat"], aggregations=["median"])
    assert (found.metric, found.dimensions) == ("Heartbeat", {"computer": "dc1"})
    assert found.points == (MetricPoint(datetime(2026, 1, 1, tzinfo=UTC), 1.5, None, None, None, None),)
    (request,) = azure.requests
    assert request.query["metricnames"] == "Heartbeat,a%2b"
    assert (request.query["timespan"], request.query["interval"], request.query["aggregation"]) == (
        "P1D",
        "PT5M",
        "average,total",
    )
    assert "$filter" not in request.query


async def test_values_are_split_by_dimensions() -> None:
    azure = FakeAzure()
    azure.answer("GET", "/metrics", json={"timespan": "", "value": []})
    async with fake_context(azure) as context:
        assert await metrics.query(context, ["Heartbeat"], split_by=["Computer", "Table Name"]) == ()
        for hostile in ("", "x eq 'y' or z", "a)b", "a\nb"):
            with pytest.raises(InvalidInput, match="dimension"):
                await metrics.query(context, ["Heartbeat"], split_by=[hostile])
    assert [request.query["$filter"] for request in azure.requests] == ["Computer eq '*' and Table Name eq '*'"]


async def test_an_error_without_an_object_around_it_is_read() -> None:
    azure = FakeAzure()
    azure.answer("GET", "/metrics", status=400, json={"code": "BadRequest", "message": "There is no metric of it."})
    async with fake_context(azure) as context:
        with pytest.raises(Rejected, match="There is no metric of it") as rejected:
            await metrics.query(context, ["Nonsense"])
    assert rejected.value.code == "BadRequest"


@pytest.mark.parametrize(
    "hostile", ["", "x", "/", "https://evil.example/x", "/subscriptions/../x", "/subscriptions//x"]
)
async def test_what_is_no_resource_id_is_refused(hostile: str) -> None:
    azure = FakeAzure()
    async with fake_context(azure) as context:
        with pytest.raises(InvalidInput):
            await metrics.list_definitions(context, resource_id=hostile)
        with pytest.raises(InvalidInput):
            await metrics.query(context, ["Heartbeat"], resource_id=hostile)
    assert azure.requests == []


async def test_a_resource_id_cannot_leave_the_path() -> None:
    azure = FakeAzure()
    azure.answer("GET", "/metricDefinitions", json={"value": []})
    async with fake_context(azure) as context:
        await metrics.list_definitions(context, resource_id="/subscriptions/s/x?api-version=1#")
    assert azure.requests[0].path == "/subscriptions/s/x?api-version=1#/providers/Microsoft.Insights/metricDefinitions"
    assert azure.requests[0].query == {"api-version": "2024-02-01"}


ODD: list[Any] = [{"value": [1]}, {"value": [{"name": None, "timeseries": [{}]}]}, {"value": 3}, [], {"value": None}]


@pytest.mark.parametrize("answer", ODD)
async def test_an_answer_that_the_sdk_trips_over_is_malformed(answer: object) -> None:
    azure = FakeAzure()
    for path in ("/metricDefinitions", "/metrics"):
        azure.answer("GET", path, json=answer)
    async with fake_context(azure) as context:
        with pytest.raises(MalformedAnswer, match="cannot be read while"):
            await metrics.query(context, ["Heartbeat"])
        with suppress(MalformedAnswer):
            await metrics.list_definitions(context)
