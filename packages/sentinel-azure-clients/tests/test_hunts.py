from typing import Any

from sentinel_azure_clients import hunts
from sentinel_azure_clients.testing import FakeAzure, fake_context


async def test_hunts_are_listed_and_read() -> None:
    source: dict[str, Any] = {
        "id": "/hunts/h",
        "name": "h",
        "properties": {
            "displayName": "Odd sign-ins",
            "status": "Active",
            "hypothesisStatus": "Unknown",
            "attackTactics": ["InitialAccess"],
            "attackTechniques": ["T1078"],
            "labels": ["x"],
            "owner": {"objectId": None, "userPrincipalName": None},
        },
    }
    azure = FakeAzure()
    azure.answer("GET", "/hunts", json={"value": [source]})
    azure.answer("GET", "/hunts/h", json=source)
    async with fake_context(azure) as context:
        (listed,) = await hunts.list_hunts(context)
        assert await hunts.get_hunt(context, "h") == listed
    assert (listed.display_name, listed.status, listed.hypothesis) == ("Odd sign-ins", "Active", "Unknown")
    assert (listed.tactics, listed.techniques, listed.labels) == (("InitialAccess",), ("T1078",), ("x",))
    assert listed.owner is None
    assert azure.requests[0].query == {"api-version": "2025-07-01-preview"}
