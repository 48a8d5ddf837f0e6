from typing import Any

import pytest

from sentinel_azure_clients import NotFound, automation_rules
from sentinel_azure_clients.testing import FakeAzure, fake_context

RULE: dict[str, Any] = {
    "id": "/r",
    "name": "r1",
    "etag": '"1"',
    "properties": {
        "displayName": "Close noise",
        "order": 3,
        "triggeringLogic": {"isEnabled": True, "triggersOn": "Incidents", "triggersWhen": "Created", "conditions": []},
        "actions": [{"order": 1, "actionType": "ModifyProperties", "brandNew": True}],
        "lastModifiedTimeUtc": "2026-01-01T00:00:00Z",
    },
}


async def test_an_automation_rule_is_read() -> None:
    azure = FakeAzure()
    azure.keep("/automationRules", RULE)
    async with fake_context(azure) as context:
        (listed,) = await automation_rules.list_rules(context)
        assert await automation_rules.get_rule(context, "r1") == listed
    assert (listed.display_name, listed.order, listed.enabled) == ("Close noise", 3, True)
    assert (listed.triggers_on, listed.triggers_when, listed.expires_at) == ("Incidents", "Created", None)
    assert listed.actions == ({"order": 1, "actionType": "ModifyProperties", "brandNew": True},)


async def test_switching_one_off_touches_nothing_else() -> None:
    azure = FakeAzure()
    kept = azure.keep("/automationRules", RULE)
    async with fake_context(azure) as context:
        assert (await automation_rules.disable_rule(context, "r1")).enabled is False
        assert kept["r1"]["properties"]["triggeringLogic"]["triggersOn"] == "Incidents"
        assert (await automation_rules.enable_rule(context, "r1")).enabled is True
    assert kept["r1"]["properties"] == RULE["properties"]


async def test_one_is_made_changed_and_deleted() -> None:
    azure = FakeAzure()
    kept = azure.keep("/automationRules")
    async with fake_context(azure) as context:
        made = await automation_rules.create_rule(context, RULE["properties"])
        changed = await automation_rules.update_rule(context, made.name, {"order": 9})
        assert (changed.order, changed.display_name) == (9, "Close noise")
        await automation_rules.delete_rule(context, made.name)
        with pytest.raises(NotFound):
            await automation_rules.get_rule(context, made.name)
    assert kept == {}
