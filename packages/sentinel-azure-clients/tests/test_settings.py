import pytest

from sentinel_azure_clients import NotFound, settings
from sentinel_azure_clients.testing import FakeAzure, fake_context


async def test_settings_are_listed_and_read_one_by_one() -> None:
    azure = FakeAzure()
    ueba = {"id": "/s", "name": "Ueba", "kind": "Ueba", "properties": {"dataSources": ["SigninLogs"]}}
    anomaly = {"id": "/a", "name": "a", "kind": "Anomaly", "properties": {"displayName": "Odd", "enabled": True}}
    azure.keep("/settings", ueba)
    azure.keep("/securityMLAnalyticsSettings", anomaly)
    azure.keep("/onboardingStates", {"id": "/o", "name": "default", "properties": {}})
    azure.keep("/sourcecontrols", {"id": "/c", "name": "c", "properties": {"repoType": "Github"}})
    async with fake_context(azure) as context:
        assert [s.kind for s in await settings.list_product_settings(context)] == ["Ueba"]
        assert (await settings.get_product_setting(context, "Ueba")).raw == ueba
        assert [a.display_name for a in await settings.list_anomaly_rules(context)] == ["Odd"]
        assert (await settings.get_anomaly_rule(context, "a")).properties["enabled"] is True
        assert [o.name for o in await settings.list_onboarding_states(context)] == ["default"]
        assert [c.properties["repoType"] for c in await settings.list_source_controls(context)] == ["Github"]
        with pytest.raises(NotFound):
            await settings.get_product_setting(context, "EyesOn")
