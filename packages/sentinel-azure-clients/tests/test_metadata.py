from typing import Any

from sentinel_azure_clients import metadata
from sentinel_azure_clients.testing import FakeAzure, fake_context


async def test_the_metadata_is_read_with_the_workspace_id_alone() -> None:
    table: dict[str, Any] = {"id": "T", "name": "T", "timespanColumn": "TimeGenerated", "columns": []}
    answer: dict[str, Any] = {
        "tables": [table],
        "queries": [{"id": "q", "body": "T | take 1"}],
        "permissions": [{"workspaceId": "w"}],
    }
    azure = FakeAzure()
    azure.answer("GET", "/v1/workspaces/22222222-2222-2222-2222-222222222222/metadata", json=answer)
    async with fake_context(azure, subscription_id=None) as context:
        found = await metadata.get_metadata(context)
    assert found.tables == (table,)
    assert [query["body"] for query in found.queries] == ["T | take 1"]
    assert (found.functions, found.solutions) == ((), ())
    assert found.raw == answer
