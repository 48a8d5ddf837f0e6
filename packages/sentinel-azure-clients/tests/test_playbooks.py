import pytest

from sentinel_azure_clients import InvalidInput, NotConfigured, playbooks
from sentinel_azure_clients.testing import FakeAzure, fake_context

ID = "/subscriptions/s/resourceGroups/g/providers/Microsoft.Logic/workflows/Block"


async def test_playbooks_of_the_resource_group_are_listed() -> None:
    azure = FakeAzure()
    source = {"id": ID, "name": "Block", "location": "westeurope", "properties": {"state": "Enabled"}}
    azure.answer("GET", "/resourceGroups/rg-soc/providers/Microsoft.Logic/workflows", json={"value": [source]})
    async with fake_context(azure) as context:
        (found,) = await playbooks.list_playbooks(context)
        assert len(await playbooks.list_playbooks(context, resource_group="rg-soc")) == 1
    assert (found.name, found.state, found.raw) == ("Block", "Enabled", source)


async def test_playbooks_of_the_whole_subscription_are_listed() -> None:
    azure = FakeAzure()
    azure.answer("GET", "/subscriptions/s-1/providers/Microsoft.Logic/workflows", json={"value": []})
    async with fake_context(azure, subscription_id="s-1", resource_group=None) as context:
        assert len(await playbooks.list_playbooks(context, everywhere=True)) == 0
        with pytest.raises(NotConfigured, match="AZURE_RESOURCE_GROUP"):
            await playbooks.list_playbooks(context)


async def test_a_playbook_is_run_on_an_incident_or_an_entity() -> None:
    azure = FakeAzure()
    azure.answer("POST", "/incidents/i/runPlaybook", status=204)
    azure.answer("POST", "/entities/e/runPlaybook", status=204)
    async with fake_context(azure) as context:
        await playbooks.run_on_incident(context, "i", ID, tenant_id="t")
        await playbooks.run_on_entity(context, "e", ID, tenant_id="t", incident="i")
        with pytest.raises(InvalidInput, match="no Logic App"):
            await playbooks.run_on_incident(context, "i", "Block", tenant_id="t")
        incident_id = context.sentinel_path("incidents", "i")
    assert [request.body for request in azure.requests] == [
        {"logicAppsResourceId": ID, "tenantId": "t"},
        {"logicAppsResourceId": ID, "tenantId": "t", "incidentArmId": incident_id},
    ]
