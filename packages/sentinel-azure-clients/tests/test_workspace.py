from datetime import UTC, datetime
from typing import Any

import pytest

from sentinel_azure_clients import MalformedAnswer, workspace
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
