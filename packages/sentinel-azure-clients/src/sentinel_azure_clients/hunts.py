"""Hunts: investigations that start from a hypothesis instead of an incident."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from sentinel_azure_clients import _wire
from sentinel_azure_clients._area import Area
from sentinel_azure_clients._call import arm
from sentinel_azure_clients._paging import Listing, collect
from sentinel_azure_clients.incidents import Owner, owner_from_wire

if TYPE_CHECKING:
    from datetime import datetime

    from sentinel_azure_clients._wire import Json
    from sentinel_azure_clients.context import AzureServicesContext

# No stable version has hunts.
_AREA = Area("hunts", "hunt", "hunts", api="2025-07-01-preview")
_LIST = _AREA.listing()
_GET = _AREA.reading()


@dataclass(frozen=True, slots=True)
class Hunt:
    """A hunt. `hypothesis` is Unknown, Validated or Invalidated; `status` is New, Active, Closed, Backlog or Approved.

    `owner` is None when nobody has it.
    """

    name: str
    id: str
    etag: str | None
    display_name: str
    description: str | None
    status: str | None
    hypothesis: str | None
    owner: Owner | None
    labels: tuple[str, ...]
    tactics: tuple[str, ...]
    techniques: tuple[str, ...]
    started_at: datetime | None
    ended_at: datetime | None
    properties: Json = field(repr=False)
    raw: Json = field(repr=False)


async def list_hunts(context: AzureServicesContext) -> Listing[Hunt]:
    """Every hunt of the workspace."""
    return await collect(context, _LIST, context.sentinel_path("hunts"), from_wire)


async def get_hunt(context: AzureServicesContext, name: str) -> Hunt:
    """The hunt with this name (a GUID). Raises `NotFound`."""
    return from_wire(await arm(context, _GET, "GET", context.sentinel_path("hunts", name)))


def from_wire(source: Json) -> Hunt:
    """Make a `Hunt` of the object that the service sends."""
    properties = _wire.section(source, "properties")
    return Hunt(
        name=_wire.name_of(source),
        id=_wire.needed(source, "id"),
        etag=_wire.text(source, "etag"),
        display_name=_wire.text(properties, "displayName") or "",
        description=_wire.text(properties, "description"),
        status=_wire.text(properties, "status"),
        hypothesis=_wire.text(properties, "hypothesisStatus"),
        owner=owner_from_wire(_wire.section(properties, "owner")),
        labels=_wire.strings(properties, "labels"),
        tactics=_wire.strings(properties, "attackTactics"),
        techniques=_wire.strings(properties, "attackTechniques"),
        started_at=_wire.moment(properties, "huntStartTimeUtc"),
        ended_at=_wire.moment(properties, "huntEndTimeUtc"),
        properties=properties,
        raw=source,
    )
