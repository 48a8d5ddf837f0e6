"""Playbooks, which are Logic Apps: list those of the resource group, and run one on an incident or an entity."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from sentinel_azure_clients import _wire
from sentinel_azure_clients._address import join
from sentinel_azure_clients._area import Area
from sentinel_azure_clients._call import arm
from sentinel_azure_clients._operation import PLAYBOOK_OPERATOR, RESPONDER
from sentinel_azure_clients._paging import Listing, collect
from sentinel_azure_clients.errors import InvalidInput

if TYPE_CHECKING:
    from datetime import datetime

    from sentinel_azure_clients._wire import Json
    from sentinel_azure_clients.context import AzureServicesContext

_LOGIC = Area("playbooks", "playbook", "Microsoft.Logic/workflows", api="2019-05-01", reader=PLAYBOOK_OPERATOR)
_LIST = _LOGIC.listing()
_AREA = Area("playbooks", "playbook", "", writer=f"{RESPONDER} and {PLAYBOOK_OPERATOR}")
_ON_INCIDENT = _AREA.acting(
    "run on incident",
    "running the playbook",
    "POST incidents/{id}/runPlaybook",
    permission="incidents/runPlaybook/action",
)
_ON_ENTITY = _AREA.acting(
    "run on entity",
    "running the playbook",
    "POST entities/{id}/runPlaybook",
    permission="entities/runPlaybook/action",
)


@dataclass(frozen=True, slots=True)
class Playbook:
    """A Logic App. Its `id` is what running it takes. Not every Logic App begins with a Sentinel trigger."""

    name: str
    id: str
    location: str | None
    state: str | None
    modified_at: datetime | None
    properties: Json = field(repr=False)
    raw: Json = field(repr=False)


async def list_playbooks(
    context: AzureServicesContext, *, resource_group: str | None = None, everywhere: bool = False
) -> Listing[Playbook]:
    """The Logic Apps of a resource group, by default the workspace's own, or `everywhere` in the subscription."""
    if everywhere:
        place = ("subscriptions", *context.required("subscription_id"))
    else:
        subscription, group = context.required("subscription_id", "resource_group")
        place = ("subscriptions", subscription, "resourceGroups", resource_group or group)
    return await collect(context, _LIST, join(*place, "providers", "Microsoft.Logic", "workflows"), from_wire)


async def run_on_incident(context: AzureServicesContext, incident: str, playbook_id: str, *, tenant_id: str) -> None:
    """Run a playbook, by its resource id, on an incident, by its GUID name. The service starts it and does not wait."""
    body: Json = {"logicAppsResourceId": _checked(playbook_id), "tenantId": tenant_id}
    await arm(context, _ON_INCIDENT, "POST", context.sentinel_path("incidents", incident, "runPlaybook"), body=body)


async def run_on_entity(
    context: AzureServicesContext,
    entity: str,
    playbook_id: str,
    *,
    tenant_id: str,
    incident: str | None = None,
) -> None:
    """Run a playbook, by its resource id, on an entity, by its name, in the light of an incident if one is given."""
    body: Json = {"logicAppsResourceId": _checked(playbook_id), "tenantId": tenant_id}
    if incident is not None:
        body["incidentArmId"] = context.sentinel_path("incidents", incident)
    await arm(context, _ON_ENTITY, "POST", context.sentinel_path("entities", entity, "runPlaybook"), body=body)


def from_wire(source: Json) -> Playbook:
    """Make a `Playbook` of the object that the service sends."""
    properties = _wire.section(source, "properties")
    return Playbook(
        name=_wire.name_of(source),
        id=_wire.needed(source, "id"),
        location=_wire.text(source, "location"),
        state=_wire.text(properties, "state"),
        modified_at=_wire.moment(properties, "changedTime"),
        properties=properties,
        raw=source,
    )


def _checked(playbook_id: str) -> str:
    if (
        not playbook_id.lower().startswith("/subscriptions/")
        or "/microsoft.logic/workflows/" not in playbook_id.lower()
    ):
        raise InvalidInput(f"{playbook_id[:80]!r} is no Logic App's resource id.")
    return playbook_id
