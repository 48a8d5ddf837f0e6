"""Data connectors that the Sentinel API knows of."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from sentinel_azure_clients import _wire
from sentinel_azure_clients._call import arm
from sentinel_azure_clients._operation import operation
from sentinel_azure_clients._paging import Listing, collect

if TYPE_CHECKING:
    from sentinel_azure_clients._wire import Json
    from sentinel_azure_clients.context import AzureServicesContext

_SENT = "LogAnalyticsManagementClient.send_request"
_LIST = operation("data connectors", "list", "listing data connectors", way=f"{_SENT} GET dataConnectors")
_GET = operation("data connectors", "get", "reading the data connector", way=f"{_SENT} GET dataConnectors/{{id}}")

INCOMPLETE = (
    "The API lists only connectors that are kept as resources of Sentinel. Connectors made of diagnostic settings, "
    "agents, data collection rules or functions are missing; look at the tables for what arrives."
)


@dataclass(frozen=True, slots=True)
class DataConnector:
    """A data connector. `data_types` gives the state of each kind of data that it has (`enabled`, `disabled`)."""

    name: str
    id: str
    etag: str | None
    kind: str
    data_types: dict[str, str]
    properties: Json = field(repr=False)
    raw: Json = field(repr=False)


async def list_connectors(context: AzureServicesContext) -> Listing[DataConnector]:
    """The connectors that the API knows of. It never knows all of them, so `complete` is False and `note` says why."""
    found = await collect(context, _LIST, context.sentinel_path("dataConnectors"), from_wire)
    return Listing(found.items, complete=False, note=f"{found.note} {INCOMPLETE}" if found.note else INCOMPLETE)


async def get_connector(context: AzureServicesContext, name: str) -> DataConnector:
    """The connector with this name, which is usually a GUID. Raises `NotFound`."""
    return from_wire(await arm(context, _GET, "GET", context.sentinel_path("dataConnectors", name)))


def from_wire(source: Json) -> DataConnector:
    """Make a `DataConnector` of the object that the service sends."""
    properties = _wire.section(source, "properties")
    return DataConnector(
        name=_wire.name_of(source),
        id=_wire.needed(source, "id"),
        etag=_wire.text(source, "etag"),
        kind=_wire.text(source, "kind") or "",
        data_types=_states(properties.get("dataTypes")),
        properties=properties,
        raw=source,
    )


def _states(data_types: object) -> dict[str, str]:
    # Most kinds have an object of states here; some of the newer kinds have a list, which has none.
    if not _wire.is_object(data_types):
        return {}
    return {
        name: str(value["state"])
        for name, value in data_types.items()
        if _wire.is_object(value) and value.get("state") is not None
    }
