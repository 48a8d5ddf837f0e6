from datetime import UTC, datetime
from typing import Any

import pytest

from sentinel_azure_clients import MalformedAnswer, NotConfigured, workspace
from sentinel_azure_clients.testing import FakeAzure, fake_context

SOURCE: dict[str, Any] = {
    "id": "/subscriptions/s/law",
    "name": "law",
    "location": "westeurope",
    "tags": {"team": "soc"},
    "properties": {
        "customerId": "guid-1",
        "sku": {"name": "PerGB2018"},
        "retentionInDays": 90,
        "workspaceCapping": {"dailyQuotaGb": -1.0, "dataIngestionStatus": "RespectQuota"},
        "features": {"enableLogAccessUsingOnlyResourcePermissions": True},
        "createdDate": "2026-01-01T00:00:00Z",
    },
}


async def test_the_workspace_is_read() -> None:
    azure = FakeAzure()
    azure.answer("GET", "/workspaces/law-soc", json=SOURCE)
    async with fake_context(azure) as context:
        found = await workspace.get_workspace(context)
    assert (found.name, found.workspace_id, found.sku, found.retention_days) == ("law", "guid-1", "PerGB2018", 90)
    assert found.daily_quota_gb is None
    assert found.created_at == datetime(2026, 1, 1, tzinfo=UTC)
    assert found.features == {"enableLogAccessUsingOnlyResourcePermissions": True}
    assert found.tags == {"team": "soc"}
    assert found.raw == SOURCE
    assert azure.requests[0].query == {"api-version": "2025-07-01"}


def test_a_cap_is_told() -> None:
    capped = {**SOURCE, "properties": {"customerId": "g", "workspaceCapping": {"dailyQuotaGb": 5}}}
    assert workspace.from_wire(capped).daily_quota_gb == 5.0


def test_a_workspace_without_its_guid_is_malformed() -> None:
    with pytest.raises(MalformedAnswer, match="customerId"):
        workspace.from_wire({**SOURCE, "properties": {}})


ID = "/subscriptions/s-1/resourcegroups/RG-Soc/providers/microsoft.operationalinsights/workspaces/law"


async def test_the_workspaces_of_the_subscription_are_listed_page_by_page() -> None:
    azure = FakeAzure()
    second = "https://management.azure.com/subscriptions/s-1/more/workspaces?page=2"
    azure.answer("GET", "/workspaces", json={"value": [{**SOURCE, "id": ID}], "nextLink": second})
    azure.answer("GET", "/more/workspaces", json={"value": [{**SOURCE, "name": "other"}]})
    bare = {"resource_group": None, "workspace_name": None, "workspace_id": None}
    async with fake_context(azure, subscription_id="s-1", **bare) as context:
        found = await workspace.list_workspaces(context)
    assert azure.requests[0].path == "/subscriptions/s-1/providers/Microsoft.OperationalInsights/workspaces"
    assert [one.name for one in found] == ["law", "other"]
    assert found.complete
    assert (found[0].subscription_id, found[0].resource_group) == ("s-1", "RG-Soc")
    assert (found[1].subscription_id, found[1].resource_group) == ("s", None)


async def test_a_workspace_that_is_still_being_made_is_named_and_left_out() -> None:
    azure = FakeAzure()
    unfinished = {"id": f"{ID}-new", "name": "law-new", "properties": {"provisioningState": "Creating"}}
    azure.answer("GET", "/workspaces", json={"value": [unfinished, SOURCE]})
    async with fake_context(azure) as context:
        found = await workspace.list_workspaces(context)
    assert [one.name for one in found] == ["law"]
    assert not found.complete
    assert found.note == "Left out, because they have no id for queries yet: law-new."


async def test_without_a_subscription_no_workspace_is_listed() -> None:
    async with fake_context(FakeAzure(), subscription_id=None) as context:
        with pytest.raises(NotConfigured, match="AZURE_SUBSCRIPTION_ID"):
            await workspace.list_workspaces(context)


async def test_what_is_linked_to_the_workspace_is_listed() -> None:
    azure = FakeAzure()
    cluster = {"id": "/l", "name": "law/Cluster", "properties": {"writeAccessResourceId": "/clusters/c"}}
    azure.answer("GET", "/workspaces/law-soc/linkedServices", json={"value": [cluster]})
    async with fake_context(azure) as context:
        (found,) = await workspace.list_linked_services(context)
    assert (found.name, found.properties) == ("law/Cluster", {"writeAccessResourceId": "/clusters/c"})
