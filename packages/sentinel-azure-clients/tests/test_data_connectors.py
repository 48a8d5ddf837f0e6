from typing import Any

import pytest

from sentinel_azure_clients import NotFound, data_connectors
from sentinel_azure_clients.testing import FakeAzure, fake_context

SOURCE: dict[str, Any] = {
    "id": "/c/1",
    "name": "1",
    "etag": "e",
    "kind": "Office365",
    "properties": {
        "tenantId": "t",
        "dataTypes": {"exchange": {"state": "enabled"}, "teams": {"state": "disabled"}, "x": {}},
    },
}


async def test_the_list_of_connectors_says_that_it_is_not_all() -> None:
    azure = FakeAzure()
    azure.answer("GET", "/dataConnectors", json={"value": [SOURCE]})
    async with fake_context(azure) as context:
        found = await data_connectors.list_connectors(context)
    assert [(c.name, c.kind, c.data_types) for c in found] == [
        ("1", "Office365", {"exchange": "enabled", "teams": "disabled"})
    ]
    assert not found.complete
    assert found.note == data_connectors.INCOMPLETE


async def test_one_connector_is_read_whole() -> None:
    azure = FakeAzure()
    azure.answer("GET", "/dataConnectors/1", json=SOURCE)
    async with fake_context(azure) as context:
        found = await data_connectors.get_connector(context, "1")
        with pytest.raises(NotFound):
            await data_connectors.get_connector(context, "2")
    assert (found.etag, found.properties["tenantId"], found.raw) == ("e", "t", SOURCE)


def test_data_types_in_a_list_have_no_state() -> None:
    assert data_connectors.from_wire({**SOURCE, "properties": {"dataTypes": [{"name": "x"}]}}).data_types == {}


async def test_definitions_of_codeless_connectors_are_listed_and_read() -> None:
    shown = {
        "title": "Audit log",
        "publisher": "Contoso",
        "descriptionMarkdown": "What it is.",
        "dataTypes": [{"name": "Audit_CL", "lastDataReceivedQuery": "Audit_CL | take 1"}],
        "connectivityCriteria": [
            {"type": "IsConnectedQuery", "value": ["Audit_CL | count"]},
            {"type": "HasDataConnectors"},
        ],
    }
    source = {"id": "/d/1", "name": "1", "kind": "Customizable", "properties": {"connectorUiConfig": shown}}
    azure = FakeAzure()
    azure.answer("GET", "/dataConnectorDefinitions", json={"value": [source]})
    azure.answer("GET", "/dataConnectorDefinitions/1", json=source)
    async with fake_context(azure) as context:
        (listed,) = await data_connectors.list_definitions(context)
        assert await data_connectors.get_definition(context, "1") == listed
    assert (listed.title, listed.publisher, listed.description) == ("Audit log", "Contoso", "What it is.")
    assert (listed.tables, listed.connectivity_queries) == (("Audit_CL",), ("Audit_CL | count",))
    assert listed.raw == source
