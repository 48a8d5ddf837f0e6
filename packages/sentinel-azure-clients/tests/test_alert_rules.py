from typing import Any

import pytest

from sentinel_azure_clients import Conflict, InvalidInput, NotFound, alert_rules
from sentinel_azure_clients.testing import FakeAzure, fake_context

RULE: dict[str, Any] = {
    "id": "/r",
    "name": "r1",
    "etag": '"1"',
    "kind": "NRT",
    "properties": {
        "displayName": "Spray",
        "enabled": True,
        "query": "SigninLogs",
        "tactics": ["CredentialAccess"],
        "lastModifiedUtc": "2026-01-01T00:00:00Z",
        "newSetting": {"kept": [1]},
    },
}


async def test_rules_of_every_kind_are_listed_at_a_version_that_knows_them() -> None:
    azure = FakeAzure()
    future = {"id": "/x", "name": "x", "kind": "BrandNew", "properties": {"odd": 1}}
    azure.answer("GET", "/alertRules", json={"value": [RULE, future]})
    async with fake_context(azure) as context:
        found = await alert_rules.list_rules(context)
    assert [(rule.kind, rule.display_name, rule.enabled) for rule in found] == [
        ("NRT", "Spray", True),
        ("BrandNew", "", None),
    ]
    assert found[1].raw == future
    assert azure.requests[0].query["api-version"] == "2025-07-01-preview"


async def test_a_rule_is_switched_off_and_on_and_keeps_what_is_unknown_here() -> None:
    azure = FakeAzure()
    kept = azure.keep("/alertRules", RULE)
    async with fake_context(azure) as context:
        off = await alert_rules.disable_rule(context, "r1")
        assert off.enabled is False
        on = await alert_rules.enable_rule(context, "r1", etag=off.etag)
        with pytest.raises(Conflict):
            await alert_rules.disable_rule(context, "r1", etag=off.etag)
    assert on.enabled is True
    assert kept["r1"]["kind"] == "NRT"
    assert kept["r1"]["properties"] == RULE["properties"]


async def test_a_rule_is_made_changed_and_deleted() -> None:
    azure = FakeAzure()
    kept = azure.keep("/alertRules")
    async with fake_context(azure) as context:
        made = await alert_rules.create_rule(context, "Scheduled", {"displayName": "New", "triggerThreshold": 0})
        changed = await alert_rules.update_rule(context, made.name, {"severity": "High"})
        assert (changed.kind, changed.display_name, changed.severity) == ("Scheduled", "New", "High")
        assert changed.trigger_threshold == 0
        with pytest.raises(Conflict):
            await alert_rules.create_rule(context, "Scheduled", {}, name=made.name)
        with pytest.raises(InvalidInput, match="needs a kind"):
            await alert_rules.create_rule(context, "", {})
        await alert_rules.delete_rule(context, made.name)
        with pytest.raises(NotFound):
            await alert_rules.get_rule(context, made.name)
    assert kept == {}


async def test_actions_and_templates_are_read() -> None:
    azure = FakeAzure()
    action = {"id": "/a", "name": "a", "properties": {"logicAppResourceId": "/logic"}}
    needs = [
        {"connectorId": "Office365", "dataTypes": ["OfficeActivity"]},
        {"connectorId": "X", "dataTypes": ["OfficeActivity"]},
    ]
    template = {
        "id": "/t",
        "name": "t",
        "kind": "Scheduled",
        "properties": {"displayName": "T", "requiredDataConnectors": needs, "alertRulesCreatedByTemplateCount": 2},
    }
    azure.answer("GET", "/alertRules/r1/actions", json={"value": [action]})
    azure.answer("GET", "/alertRuleTemplates", json={"value": [template]})
    azure.answer("GET", "/alertRuleTemplates/t", json=template)
    async with fake_context(azure) as context:
        (acts,) = await alert_rules.list_actions(context, "r1")
        (listed,) = await alert_rules.list_templates(context)
        assert await alert_rules.get_template(context, "t") == listed
    assert acts.properties == {"logicAppResourceId": "/logic"}
    assert (listed.connectors, listed.tables, listed.rules_made) == (("Office365", "X"), ("OfficeActivity",), 2)
