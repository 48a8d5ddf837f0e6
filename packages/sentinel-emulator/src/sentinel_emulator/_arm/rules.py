"""Analytics rules of every kind, their templates and their actions."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from sentinel_emulator._data.rules import rules_of
from sentinel_emulator._query.analysis import fault_of
from sentinel_emulator.workspace import Workspace, seeded_guid

from .collections import Kind, one_of, operations_of, properties_of, texts
from .etags import new_etag
from .faults import ArmFault, bad_request
from .moments import zulu

if TYPE_CHECKING:
    from datetime import datetime

    from sentinel_emulator._data.rules import Rule
    from sentinel_emulator._json import Resource

    from .routing import Call, Operation

_SEVERITIES = ("High", "Medium", "Low", "Informational")
_OPERATORS = ("GreaterThan", "LessThan", "Equal", "NotEqual")
_DURATION = re.compile(r"P(?!$)(\d+D)?(T(?!$)(\d+H)?(\d+M)?(\d+S)?)?")
_KINDS = (
    "Scheduled",
    "NRT",
    "Fusion",
    "MicrosoftSecurityIncidentCreation",
    "MLBehaviorAnalytics",
    "ThreatIntelligence",
)

# Members of a kind in the order of the wire; what is not set comes back as null (recorded for rules, unlike incidents).
_GROUPING = {
    "enabled": False,
    "reopenClosedIncident": False,
    "lookbackDuration": "PT5H",
    "matchingMethod": "AllEntities",
    "groupByEntities": None,
    "groupByAlertDetails": None,
    "groupByCustomDetails": None,
}
_SCHEDULE = ("queryFrequency", "queryPeriod", "triggerOperator", "triggerThreshold")
_QUERIED = ("severity", "query", "suppressionDuration", "suppressionEnabled", "tactics")
_DESCRIBED = ("displayName", "enabled", "description", "alertRuleTemplateName")
_PLAIN = ("displayName", "description", "alertRuleTemplateName", "tactics", "severity", "enabled")
_CREATION = (
    "displayNamesFilter",
    "displayNamesExcludeFilter",
    "productFilter",
    "severitiesFilter",
    "displayName",
    "enabled",
)
_ORDER = {
    "Scheduled": (*_SCHEDULE, *_QUERIED, *_DESCRIBED),
    "NRT": (*_QUERIED, *_DESCRIBED),
    "MicrosoftSecurityIncidentCreation": (*_CREATION, "description", "alertRuleTemplateName"),
}
_MEASURED = {"lastModifiedUtc", "incidentConfiguration"}
# Members that are absent where nothing is set, and the members that they stand before on the wire.
_BEFORE = {
    "queryFrequency": ("entityMappings", "customDetails", "alertDetailsOverride"),
    "severity": ("eventGroupingSettings",),
    "displayName": ("techniques",),
}


def _rule(call: Call, body: Resource, existing: Resource | None) -> Resource:
    kind = body.get("kind") or (existing or {}).get("kind")
    if kind not in _KINDS:
        raise bad_request(f"The member 'kind' must be one of {', '.join(_KINDS)}.")
    sent = properties_of(body)
    if not isinstance(sent.get("enabled"), bool):
        raise bad_request("The property 'enabled' is required and must be true or false.")
    if kind in {"Scheduled", "NRT"}:
        _check_query(call, sent)
    if kind == "Scheduled":
        _check_schedule(sent)
    if kind == "Fusion":
        texts(sent, "alertRuleTemplateName")
        template = TEMPLATES.items(call).get(str(sent["alertRuleTemplateName"]).lower(), {})
        sent = {**{name: template.get("properties", {}).get(name) for name in _PLAIN}, **sent}
    return {"kind": kind, "properties": {**_ordered(str(kind), sent), "lastModifiedUtc": zulu(call.now)}}


def _ordered(kind: str, sent: Resource) -> Resource:
    """Put a rule's members in the wire's order, nulls where nothing is set, and keep what nobody knows."""
    properties: Resource = {}
    if kind in {"Scheduled", "NRT"}:
        given: Resource = sent.get("incidentConfiguration") or {}
        grouping: Resource = {**_GROUPING, **(given.get("groupingConfiguration") or {})}
        properties["incidentConfiguration"] = {
            "createIncident": given.get("createIncident", True),
            "groupingConfiguration": grouping,
        }
    for name in _ORDER.get(kind, _PLAIN):
        if kind in {"Scheduled", "NRT"}:
            properties |= {before: sent[before] for before in _BEFORE.get(name, ()) if sent.get(before) is not None}
        properties[name] = sent.get(name)
    return properties | {
        name: value for name, value in sent.items() if name not in properties and name not in _MEASURED
    }


def _check_query(call: Call, sent: Resource) -> None:
    texts(sent, "displayName", "query", "suppressionDuration")
    one_of(sent, "severity", _SEVERITIES)
    if not isinstance(sent.get("suppressionEnabled"), bool):
        raise bad_request("The property 'suppressionEnabled' is required and must be true or false.")
    query = str(sent["query"])
    result = call.emulator.validator.validate(query)
    fault = fault_of(query, result)
    if fault is None:
        return
    if any(item.code == "KS204" for item in result.diagnostics):
        raise bad_request("Failed to run the analytics rule query. One of the tables does not exist.")
    raise ArmFault(400, "BadRequest", f"FailedToResolveScalarExpression; Message: {fault.json()}")


def _check_schedule(sent: Resource) -> None:
    texts(sent, "queryFrequency", "queryPeriod")
    one_of(sent, "triggerOperator", _OPERATORS)
    for name in ("queryFrequency", "queryPeriod", "suppressionDuration"):
        if not _DURATION.fullmatch(str(sent[name])):
            raise bad_request(f"The property '{name}' must be an ISO 8601 duration such as PT5H.")
    threshold = sent.get("triggerThreshold")
    if not isinstance(threshold, int) or isinstance(threshold, bool) or not 0 <= threshold <= 10_000:
        raise bad_request("The property 'triggerThreshold' must be a number from 0 to 10000.")


def _action(call: Call, body: Resource, _existing: Resource | None) -> Resource:
    """Keep which playbook runs; the address that starts it is secret and never comes back."""
    sent = properties_of(body)
    texts(sent, "logicAppResourceId", "triggerUri")
    playbook = str(sent["logicAppResourceId"])
    workflow = seeded_guid(call.emulator.seed, "workflow", playbook).replace("-", "")
    return {"properties": {"logicAppResourceId": playbook, "workflowId": workflow}}


RULES = Kind("alertRules", "alertRules", "Alert rule", _rule)
TEMPLATES = Kind("alertRuleTemplates", "AlertRuleTemplates", "Alert rule template")
ACTIONS = Kind("actions", "actions", "Action", _action, parent=RULES)


def operations() -> list[Operation]:
    """Return the operations on rules, templates and actions."""
    return [*operations_of(RULES), *operations_of(ACTIONS), *operations_of(TEMPLATES, write=False)]


def starting_rules(workspace: Workspace, seed: int, now: datetime) -> list[Resource]:
    """Return the rules the workspace starts with."""
    return [_starting_rule(workspace, seed, rule, now) for rule in rules_of() if rule.active]


def starting_templates(workspace: Workspace, seed: int, now: datetime) -> list[Resource]:
    """Return the templates that rules are made from: one for every rule, and some that nobody uses yet."""
    return [_template(workspace, seed, rule, now) for rule in rules_of()]


def _starting_rule(workspace: Workspace, seed: int, rule: Rule, now: datetime) -> Resource:
    name = rule.name or seeded_guid(seed, "rule", rule.key)
    template = seeded_guid(seed, "template", rule.key)
    properties = {**rule.properties, "alertRuleTemplateName": template, "enabled": rule.enabled}
    return {
        "id": f"{workspace.sentinel_id}/alertRules/{name}",
        "name": name,
        "etag": new_etag(now),
        "type": "Microsoft.SecurityInsights/alertRules",
        "kind": rule.kind,
        "properties": {**_ordered(rule.kind, properties), "lastModifiedUtc": zulu(now)},
    }


def _template(workspace: Workspace, seed: int, rule: Rule, now: datetime) -> Resource:
    name = seeded_guid(seed, "template", rule.key)
    moment = zulu(now.replace(hour=0, minute=0, second=0, microsecond=0))
    described = {name: value for name, value in rule.properties.items() if name not in _NOT_OF_TEMPLATES}
    connectors = [{"connectorId": rule.connector, "dataTypes": list(rule.tables)}] if rule.connector else []
    return {
        "id": f"{workspace.sentinel_id}/AlertRuleTemplates/{name}",
        "name": name,
        "type": "Microsoft.SecurityInsights/AlertRuleTemplates",
        "kind": rule.kind,
        "properties": {
            **described,
            "status": "Installed" if rule.active else "Available",
            "requiredDataConnectors": connectors,
            "alertRulesCreatedByTemplateCount": int(rule.active),
            "createdDateUTC": moment,
            "lastUpdatedDateUTC": moment,
            "version": "1.0.0",
        },
    }


_NOT_OF_TEMPLATES = {"suppressionDuration", "suppressionEnabled", "incidentConfiguration"}
