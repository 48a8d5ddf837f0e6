"""Automation rules: what happens by itself when an incident or alert comes or changes."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from sentinel_azure_clients import _wire, _writing
from sentinel_azure_clients._area import Area
from sentinel_azure_clients._call import arm
from sentinel_azure_clients._operation import RESPONDER
from sentinel_azure_clients._paging import Listing, collect
from sentinel_azure_clients._writing import Object

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from sentinel_azure_clients._wire import Json
    from sentinel_azure_clients.context import AzureServicesContext

_AREA = Area("automation rules", "automation rule", "automationRules", writer=RESPONDER)
_LIST = _AREA.listing()
_GET = _AREA.reading()
_CREATE = _AREA.creating()
_UPDATE = _AREA.changing("update, enable, disable")
_DELETE = _AREA.deleting()


@dataclass(frozen=True, slots=True)
class AutomationRule:
    """An automation rule. `actions` are as the service has them, in its order; `properties` holds everything."""

    name: str
    id: str
    etag: str | None
    display_name: str
    order: int | None
    enabled: bool | None
    triggers_on: str | None
    triggers_when: str | None
    expires_at: datetime | None
    actions: tuple[Json, ...] = field(repr=False)
    modified_at: datetime | None
    properties: Json = field(repr=False)
    raw: Json = field(repr=False)


async def list_rules(context: AzureServicesContext) -> Listing[AutomationRule]:
    """Every automation rule."""
    return await collect(context, _LIST, context.sentinel_path("automationRules"), from_wire)


async def get_rule(context: AzureServicesContext, name: str) -> AutomationRule:
    """The automation rule with this name. Raises `NotFound`."""
    return from_wire(await arm(context, _GET, "GET", context.sentinel_path("automationRules", name)))


async def create_rule(
    context: AzureServicesContext, properties: Mapping[str, Any], *, name: str | None = None
) -> AutomationRule:
    """Make an automation rule from its properties as the API names them (`displayName`, `order`, ...)."""
    target = Object(context.sentinel_path("automationRules", name or _writing.new_name()), _GET, _CREATE)
    body: Json = {"properties": dict(properties)}
    return from_wire(await _writing.create(context, target, body, given_name=name is not None))


async def update_rule(
    context: AzureServicesContext, name: str, changes: Mapping[str, Any], *, etag: str | None = None
) -> AutomationRule:
    """Change properties of an automation rule, named as the API names them; everything else stays as it is."""
    return await _change(context, name, {("properties", key): value for key, value in changes.items()}, etag)


async def enable_rule(context: AzureServicesContext, name: str, *, etag: str | None = None) -> AutomationRule:
    """Switch an automation rule on."""
    return await _change(context, name, {("properties", "triggeringLogic", "isEnabled"): True}, etag)


async def disable_rule(context: AzureServicesContext, name: str, *, etag: str | None = None) -> AutomationRule:
    """Switch an automation rule off."""
    return await _change(context, name, {("properties", "triggeringLogic", "isEnabled"): False}, etag)


async def delete_rule(context: AzureServicesContext, name: str) -> None:
    """Delete an automation rule."""
    await arm(context, _DELETE, "DELETE", context.sentinel_path("automationRules", name))


def from_wire(source: Json) -> AutomationRule:
    """Make an `AutomationRule` of the object that the service sends."""
    properties = _wire.section(source, "properties")
    trigger = _wire.section(properties, "triggeringLogic")
    return AutomationRule(
        name=_wire.name_of(source),
        id=_wire.needed(source, "id"),
        etag=_wire.text(source, "etag"),
        display_name=_wire.text(properties, "displayName") or "",
        order=_wire.whole(properties, "order"),
        enabled=_wire.flag(trigger, "isEnabled"),
        triggers_on=_wire.text(trigger, "triggersOn"),
        triggers_when=_wire.text(trigger, "triggersWhen"),
        expires_at=_wire.moment(trigger, "expirationTimeUtc"),
        actions=_wire.objects(properties, "actions"),
        modified_at=_wire.moment(properties, "lastModifiedTimeUtc"),
        properties=properties,
        raw=source,
    )


async def _change(
    context: AzureServicesContext, name: str, changes: Mapping[tuple[str, ...], Any], etag: str | None
) -> AutomationRule:
    target = Object(context.sentinel_path("automationRules", name), _GET, _UPDATE)
    return from_wire(await _writing.change(context, target, changes, etag=etag))
