import pytest

from sentinel_azure_clients import InvalidInput, MalformedAnswer, TableUsage, usage
from sentinel_azure_clients.testing import FakeAzure, fake_context

COLUMNS = [{"name": name, "type": "real"} for name in ("DataType", "total", "billable", "latest")]


async def test_limits_are_read() -> None:
    azure = FakeAzure()
    source = {
        "name": {"value": "DataAnalyzed", "localizedValue": "Data Analyzed"},
        "unit": "Bytes",
        "currentValue": 5,
        "limit": 1e9,
        "nextResetTime": "2026-01-02T00:00:00Z",
    }
    azure.answer("GET", "/workspaces/law-soc/usages", json={"value": [source]})
    async with fake_context(azure) as context:
        (found,) = await usage.list_limits(context)
    assert (found.name, found.unit, found.current, found.limit) == ("DataAnalyzed", "Bytes", 5.0, 1e9)
    assert found.raw == source


async def test_usage_by_table_is_asked_of_the_workspace() -> None:
    azure = FakeAzure()
    rows = [["SigninLogs", 12.5, 12.5, "2026-01-01T00:00:00Z"], ["Heartbeat", 1, None, None]]
    azure.answer("POST", "/query", json={"tables": [{"name": "t", "columns": COLUMNS, "rows": rows}]})
    async with fake_context(azure) as context:
        found = await usage.by_table(context, days=7)
        with pytest.raises(InvalidInput, match="days is 0"):
            await usage.by_table(context, days=0)
    assert found == (
        TableUsage("SigninLogs", 12.5, 12.5, "2026-01-01T00:00:00Z"),
        TableUsage("Heartbeat", 1.0, 0.0, None),
    )
    assert azure.requests[0].body["timespan"] == "P7D"


async def test_sums_that_would_be_wrong_are_not_given() -> None:
    azure = FakeAzure()
    table = {"name": "t", "columns": COLUMNS, "rows": []}
    azure.answer("POST", "/query", json={"tables": [table], "error": {"code": "PartialError"}})
    async with fake_context(azure) as context:
        with pytest.raises(MalformedAnswer, match="incomplete"):
            await usage.by_table(context)


async def test_price_plans_are_listed_with_the_days_they_can_keep() -> None:
    azure = FakeAzure()
    tier = {"serviceTier": "PerGB2018", "enabled": True, "minimumRetention": 30, "maximumRetention": 730}
    azure.answer("GET", "/workspaces/law-soc/availableServiceTiers", json=[tier])
    async with fake_context(azure) as context:
        (found,) = await usage.list_service_tiers(context)
    assert (found.name, found.enabled) == ("PerGB2018", True)
    assert (found.minimum_retention_days, found.maximum_retention_days) == (30, 730)
    assert (found.default_retention_days, found.capacity_reservation_gb_per_day) == (None, None)
    assert found.raw == tier


@pytest.mark.parametrize("answer", [{"value": []}, [1], ["x"], 3])
async def test_price_plans_that_are_no_array_of_objects_are_malformed(answer: object) -> None:
    azure = FakeAzure()
    azure.answer("GET", "/availableServiceTiers", json=answer)
    async with fake_context(azure) as context:
        with pytest.raises(MalformedAnswer, match="not an array of JSON objects"):
            await usage.list_service_tiers(context)
