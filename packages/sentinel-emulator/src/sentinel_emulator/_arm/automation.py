"""Automation rules: what happens by itself when an incident or an alert appears."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sentinel_emulator.workspace import Workspace, seeded_guid

from .collections import Kind, delete, one_of, operations_of, properties_of, texts
from .etags import new_etag
from .faults import bad_request
from .moments import zulu_seconds
from .people import author
from .routing import Call, Operation, Reply, operation

if TYPE_CHECKING:
    from datetime import datetime

    from sentinel_emulator._json import Resource


def _rule(call: Call, body: Resource, existing: Resource | None) -> Resource:
    sent = properties_of(body)
    texts(sent, "displayName")
    order, logic, actions = sent.get("order"), sent.get("triggeringLogic"), sent.get("actions")
    if not isinstance(order, int) or not 1 <= order <= 1000:
        raise bad_request("The property 'order' must be a number from 1 to 1000.")
    if not isinstance(logic, dict) or not isinstance(actions, list):
        raise bad_request("The properties 'triggeringLogic' (an object) and 'actions' (a list) are required.")
    one_of(logic, "triggersOn", ("Incidents", "Alerts"))  # pyright: ignore[reportUnknownArgumentType] - JSON
    before: Resource = existing["properties"] if existing else {}
    moment = zulu_seconds(call.now)
    return {
        "properties": {
            "displayName": sent["displayName"],
            "order": order,
            "triggeringLogic": logic,
            "actions": actions,
            "lastModifiedTimeUtc": moment,
            "createdTimeUtc": before.get("createdTimeUtc", moment),
            "lastModifiedBy": author(call),
            "createdBy": before.get("createdBy") or author(call),
        }
    }


AUTOMATION_RULES = Kind("automationRules", "AutomationRules", "Automation rule", _rule)


def operations() -> list[Operation]:
    """Return the operations on automation rules."""
    kept = [item for item in operations_of(AUTOMATION_RULES) if item.method != "DELETE"]
    return [*kept, operation("DELETE", AUTOMATION_RULES.pattern, f"{AUTOMATION_RULES.permission}/delete", _delete)]


def _delete(call: Call) -> Reply:
    """A deleted rule answers 200 with an empty object, which the beta SDK reads."""
    reply = delete(AUTOMATION_RULES, call)
    return Reply({}) if reply.status == 200 else reply


def starting_automation(workspace: Workspace, seed: int, now: datetime) -> list[Resource]:
    """Return the automation rules the workspace starts with."""
    moment = zulu_seconds(now)
    setup = {"objectId": seeded_guid(seed, "setup"), "email": None, "name": "Contoso setup", "userPrincipalName": None}
    group = workspace.resource_id.partition("/providers/")[0]
    playbook = {
        "logicAppResourceId": f"{group}/providers/Microsoft.Logic/workflows/Revoke-Sessions",
        "tenantId": workspace.tenant_id,
    }
    rules = (
        ("End sessions after a risky sign-in", "sign-in", "RunPlaybook", playbook),
        ("Tag what concerns a finance laptop", "lt-004", "ModifyProperties", {"labels": [{"labelName": "finance"}]}),
        ("Lower the severity of findings", "scanner", "ModifyProperties", {"severity": "Informational"}),
    )
    made: list[Resource] = []
    for number, (title, word, action, change) in enumerate(rules, start=1):
        name = seeded_guid(seed, "automation rule", title)
        condition = {"propertyName": "IncidentTitle", "operator": "Contains", "propertyValues": [word]}
        made.append(
            {
                "id": f"{workspace.sentinel_id}/AutomationRules/{name}",
                "name": name,
                "etag": new_etag(now),
                "type": "Microsoft.SecurityInsights/AutomationRules",
                "properties": {
                    "displayName": title,
                    "order": number,
                    "triggeringLogic": {
                        "isEnabled": True,
                        "triggersOn": "Incidents",
                        "triggersWhen": "Created",
                        "conditions": [{"conditionType": "Property", "conditionProperties": condition}],
                    },
                    "actions": [{"order": 1, "actionType": action, "actionConfiguration": change}],
                    "lastModifiedTimeUtc": moment,
                    "createdTimeUtc": moment,
                    "lastModifiedBy": setup,
                    "createdBy": setup,
                },
            }
        )
    return made
