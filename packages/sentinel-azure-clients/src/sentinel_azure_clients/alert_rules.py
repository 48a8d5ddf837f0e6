"""Analytics rules of every kind, their automated actions, and the templates they are made from.

The API version is a preview one, because the stable one leaves near-real-time (NRT) rules out.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from sentinel_azure_clients import _wire, _writing, resource
from sentinel_azure_clients._area import Area
from sentinel_azure_clients._call import arm
from sentinel_azure_clients._paging import Listing, collect
from sentinel_azure_clients._writing import Object
from sentinel_azure_clients.errors import InvalidInput

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from sentinel_azure_clients._wire import Json
    from sentinel_azure_clients.context import AzureServicesContext
    from sentinel_azure_clients.resource import Resource

_RULES = Area("alert rules", "analytics rule", "alertRules", api="2025-07-01-preview")
_LIST = _RULES.listing()
_GET = _RULES.reading()
_CREATE = _RULES.creating()
_UPDATE = _RULES.changing("update, enable, disable")
_DELETE = _RULES.deleting()
_ACTIONS = _RULES.listing("list actions", where="alertRules/{id}/actions")
_TEMPLATES_AREA = Area("alert rule templates", "rule template", "alertRuleTemplates")
_TEMPLATES = _TEMPLATES_AREA.listing()
_TEMPLATE = _TEMPLATES_AREA.reading()


@dataclass(frozen=True, slots=True)
class AlertRule:
    """An analytics rule. `kind` is Scheduled, NRT, Fusion, MicrosoftSecurityIncidentCreation or one that is newer.

    What a kind does not have is None or empty; `properties` holds everything the service sent.
    """

    name: str
    id: str
    etag: str | None
    kind: str
    display_name: str
    description: str | None
    enabled: bool | None
    severity: str | None
    query: str | None
    query_frequency: str | None
    query_period: str | None
    trigger_operator: str | None
    trigger_threshold: int | None
    tactics: tuple[str, ...]
    techniques: tuple[str, ...]
    template_name: str | None
    modified_at: datetime | None
    properties: Json = field(repr=False)
    raw: Json = field(repr=False)


@dataclass(frozen=True, slots=True)
class RuleTemplate:
    """A template of analytics rules. `connectors` are the data connectors it needs, `tables` what they have to fill."""

    name: str
    id: str
    kind: str
    display_name: str
    description: str | None
    severity: str | None
    status: str | None
    version: str | None
    query: str | None
    tactics: tuple[str, ...]
    techniques: tuple[str, ...]
    connectors: tuple[str, ...]
    tables: tuple[str, ...]
    rules_made: int | None
    properties: Json = field(repr=False)
    raw: Json = field(repr=False)


async def list_rules(context: AzureServicesContext) -> Listing[AlertRule]:
    """Every analytics rule of the workspace, whatever its kind."""
    return await collect(context, _LIST, context.sentinel_path("alertRules"), from_wire)


async def get_rule(context: AzureServicesContext, name: str) -> AlertRule:
    """The rule with this name (usually a GUID). Raises `NotFound`."""
    return from_wire(await arm(context, _GET, "GET", context.sentinel_path("alertRules", name)))


async def create_rule(
    context: AzureServicesContext, kind: str, properties: Mapping[str, Any], *, name: str | None = None
) -> AlertRule:
    """Make a rule of a kind from its properties as the API names them (`displayName`, `query`, `queryFrequency`, ...).

    With a `name` chosen by the caller a repetition is a `Conflict` instead of a second rule.
    """
    if not kind.strip():
        raise InvalidInput("A rule needs a kind, such as Scheduled or NRT.")
    target = Object(context.sentinel_path("alertRules", name or _writing.new_name()), _GET, _CREATE)
    body: Json = {"kind": kind, "properties": dict(properties)}
    return from_wire(await _writing.create(context, target, body, given_name=name is not None))


async def update_rule(
    context: AzureServicesContext, name: str, changes: Mapping[str, Any], *, etag: str | None = None
) -> AlertRule:
    """Change properties of a rule, named as the API names them; everything else stays as it is.

    With the `etag` of a rule read earlier, any change since then is a `Conflict`; without it, only one of the same
    properties is.
    """
    target = Object(context.sentinel_path("alertRules", name), _GET, _UPDATE)
    places = {("properties", key): value for key, value in changes.items()}
    return from_wire(await _writing.change(context, target, places, etag=etag))


async def enable_rule(context: AzureServicesContext, name: str, *, etag: str | None = None) -> AlertRule:
    """Switch a rule on."""
    return await update_rule(context, name, {"enabled": True}, etag=etag)


async def disable_rule(context: AzureServicesContext, name: str, *, etag: str | None = None) -> AlertRule:
    """Switch a rule off."""
    return await update_rule(context, name, {"enabled": False}, etag=etag)


async def delete_rule(context: AzureServicesContext, name: str) -> None:
    """Delete a rule."""
    await arm(context, _DELETE, "DELETE", context.sentinel_path("alertRules", name))


async def list_actions(context: AzureServicesContext, name: str) -> Listing[Resource]:
    """The playbooks that a rule runs (`properties["logicAppResourceId"]`)."""
    path = context.sentinel_path("alertRules", name, "actions")
    return await collect(context, _ACTIONS, path, resource.from_wire)


async def list_templates(context: AzureServicesContext) -> Listing[RuleTemplate]:
    """The templates that the workspace offers."""
    return await collect(context, _TEMPLATES, context.sentinel_path("alertRuleTemplates"), template_from_wire)


async def get_template(context: AzureServicesContext, name: str) -> RuleTemplate:
    """The template with this name (a GUID). Raises `NotFound`."""
    path = context.sentinel_path("alertRuleTemplates", name)
    return template_from_wire(await arm(context, _TEMPLATE, "GET", path))


def from_wire(source: Json) -> AlertRule:
    """Make an `AlertRule` of the object that the service sends."""
    properties = _wire.section(source, "properties")
    return AlertRule(
        name=_wire.name_of(source),
        id=_wire.needed(source, "id"),
        etag=_wire.text(source, "etag"),
        kind=_wire.text(source, "kind") or "",
        display_name=_wire.text(properties, "displayName") or "",
        description=_wire.text(properties, "description"),
        enabled=_wire.flag(properties, "enabled"),
        severity=_wire.text(properties, "severity"),
        query=_wire.text(properties, "query"),
        query_frequency=_wire.text(properties, "queryFrequency"),
        query_period=_wire.text(properties, "queryPeriod"),
        trigger_operator=_wire.text(properties, "triggerOperator"),
        trigger_threshold=_wire.whole(properties, "triggerThreshold"),
        tactics=_wire.strings(properties, "tactics"),
        techniques=_wire.strings(properties, "techniques"),
        template_name=_wire.text(properties, "alertRuleTemplateName"),
        modified_at=_wire.moment(properties, "lastModifiedUtc"),
        properties=properties,
        raw=source,
    )


def template_from_wire(source: Json) -> RuleTemplate:
    """Make a `RuleTemplate` of the object that the service sends."""
    properties = _wire.section(source, "properties")
    needs = _wire.objects(properties, "requiredDataConnectors")
    return RuleTemplate(
        name=_wire.name_of(source),
        id=_wire.needed(source, "id"),
        kind=_wire.text(source, "kind") or "",
        display_name=_wire.text(properties, "displayName") or "",
        description=_wire.text(properties, "description"),
        severity=_wire.text(properties, "severity"),
        status=_wire.text(properties, "status"),
        version=_wire.text(properties, "version"),
        query=_wire.text(properties, "query"),
        tactics=_wire.strings(properties, "tactics"),
        techniques=_wire.strings(properties, "techniques"),
        connectors=tuple(_wire.needed(need, "connectorId") for need in needs),
        tables=tuple(dict.fromkeys(table for need in needs for table in _wire.strings(need, "dataTypes"))),
        rules_made=_wire.whole(properties, "alertRulesCreatedByTemplateCount"),
        properties=properties,
        raw=source,
    )
