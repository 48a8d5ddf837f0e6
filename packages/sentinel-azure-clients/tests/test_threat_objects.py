from typing import Any

import pytest

from sentinel_azure_clients import InvalidInput, MalformedAnswer, threat_objects
from sentinel_azure_clients.testing import FakeAzure, fake_context
from sentinel_azure_clients.threat_objects import Clause

RECENT = Clause("lastUpdatedTimeUtc", "OnOrAfterAbsolute", ("2026-01-01T00:00:00Z",))


def actor(name: str) -> dict[str, Any]:
    data = {"type": "threat-actor", "id": f"threat-actor--{name}", "name": name, "labels": None, "revoked": False}
    properties = {"data": data, "source": "s", "lastUpdatedDateTimeUtc": "2026-01-02T00:00:00.1234567Z"}
    return {"id": f"/ti/{name}", "name": name, "kind": "ThreatActor", "properties": properties}


async def test_objects_are_asked_by_type_and_condition_page_by_page() -> None:
    azure = FakeAzure()
    second = "https://management.azure.com/next/query"
    azure.answer("POST", "/threatIntelligence/main/query", json={"value": [actor("a")], "nextLink": second})
    azure.answer("POST", "/next/query", json={"value": [actor("b")]})
    async with fake_context(azure) as context:
        found = await threat_objects.query_objects(context, stix_type="threat-actor", clauses=[RECENT], page_size=5)
    assert [request.body for request in azure.requests] == [
        {
            "condition": {
                "stixObjectType": "threat-actor",
                "clauses": [
                    {
                        "field": "lastUpdatedTimeUtc",
                        "operator": "OnOrAfterAbsolute",
                        "values": ["2026-01-01T00:00:00Z"],
                    }
                ],
                "conditionConnective": "And",
            },
            "sortBy": {"field": "lastUpdatedTimeUtc", "direction": "DESC"},
            "maxPageSize": 5,
        }
    ] * 2
    assert [(one.stix_type, one.display_name, one.kind) for one in found] == [
        ("threat-actor", "a", "ThreatActor"),
        ("threat-actor", "b", "ThreatActor"),
    ]
    assert found[0].updated_at is not None
    assert found[0].labels == ()


async def test_objects_are_counted() -> None:
    azure = FakeAzure()
    azure.answer("POST", "/threatIntelligence/main/count", json={"count": 3})
    async with fake_context(azure) as context:
        assert await threat_objects.count_objects(context) == 3
    assert azure.requests[0].body == {"condition": {"clauses": [], "conditionConnective": "And"}}


def test_a_count_without_a_number_is_malformed() -> None:
    with pytest.raises(MalformedAnswer, match="count"):
        threat_objects.count_from_wire({})


async def test_what_the_service_does_not_have_is_refused_before_anything_is_sent() -> None:
    with pytest.raises(InvalidInput, match="no operator 'Like'; use one of AfterAbsolute"):
        Clause("name", "Like", ("x",))
    with pytest.raises(InvalidInput, match="needs a field"):
        Clause(" ", "Equals", ("x",))
    azure = FakeAzure()
    async with fake_context(azure) as context:
        with pytest.raises(InvalidInput, match="no STIX type 'malware' here; use attack-pattern"):
            await threat_objects.query_objects(context, stix_type="malware")
        with pytest.raises(InvalidInput, match="1 to 1000"):
            await threat_objects.query_objects(context, page_size=0)
    assert azure.requests == []
