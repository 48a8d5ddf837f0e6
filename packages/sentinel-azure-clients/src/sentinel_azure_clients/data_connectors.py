"""Data connectors that the Sentinel API knows of, and the definitions that codeless ones are made from."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from sentinel_azure_clients import _wire
from sentinel_azure_clients._area import Area
from sentinel_azure_clients._call import arm
from sentinel_azure_clients._operation import operation
from sentinel_azure_clients._paging import Listing, collect

if TYPE_CHECKING:
    from sentinel_azure_clients._wire import Json
    from sentinel_azure_clients.context import AzureServicesContext

_SENT = "LogAnalyticsManagementClient.send_request"
_LIST = operation("data connectors", "list", "listing data connectors", way=f"{_SENT} GET dataConnectors")
_GET = operation("data connectors", "get", "reading the data connector", way=f"{_SENT} GET dataConnectors/{{id}}")
_DEFINITIONS_AREA = Area("data connector definitions", "data connector definition", "dataConnectorDefinitions")
_DEFINITIONS = _DEFINITIONS_AREA.listing()
_DEFINITION = _DEFINITIONS_AREA.reading()

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


@dataclass(frozen=True, slots=True)
class ConnectorDefinition:
    """How a connector is shown and what it brings: `tables` are the names of its data types.

    `connectivity_queries` are the KQL texts by which the portal tells whether it is connected.
    """

    name: str
    id: str
    etag: str | None
    kind: str
    title: str
    publisher: str | None
    description: str | None
    tables: tuple[str, ...]
    connectivity_queries: tuple[str, ...] = field(repr=False)
    properties: Json = field(repr=False)
    raw: Json = field(repr=False)


async def list_connectors(context: AzureServicesContext) -> Listing[DataConnector]:
    """The connectors that the API knows of. It never knows all of them, so `complete` is False and `note` says why."""
    found = await collect(context, _LIST, context.sentinel_path("dataConnectors"), from_wire)
    return replace(found, complete=False, note=f"{found.note} {INCOMPLETE}" if found.note else INCOMPLETE)


async def get_connector(context: AzureServicesContext, name: str) -> DataConnector:
    """The connector with this name, which is usually a GUID. Raises `NotFound`."""
    return from_wire(await arm(context, _GET, "GET", context.sentinel_path("dataConnectors", name)))


async def list_definitions(context: AzureServicesContext) -> Listing[ConnectorDefinition]:
    """Every definition of a codeless connector that the workspace has."""
    path = context.sentinel_path("dataConnectorDefinitions")
    return await collect(context, _DEFINITIONS, path, definition_from_wire)


async def get_definition(context: AzureServicesContext, name: str) -> ConnectorDefinition:
    """The definition with this name. Raises `NotFound`."""
    path = context.sentinel_path("dataConnectorDefinitions", name)
    return definition_from_wire(await arm(context, _DEFINITION, "GET", path))


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


def definition_from_wire(source: Json) -> ConnectorDefinition:
    """Make a `ConnectorDefinition` of the object that the service sends."""
    properties = _wire.section(source, "properties")
    shown = _wire.section(properties, "connectorUiConfig")
    criteria = _wire.objects(shown, "connectivityCriteria")
    return ConnectorDefinition(
        name=_wire.name_of(source),
        id=_wire.needed(source, "id"),
        etag=_wire.text(source, "etag"),
        kind=_wire.text(source, "kind") or "",
        title=_wire.text(shown, "title") or "",
        publisher=_wire.text(shown, "publisher"),
        description=_wire.text(shown, "descriptionMarkdown"),
        tables=tuple(_wire.needed(found, "name") for found in _wire.objects(shown, "dataTypes")),
        connectivity_queries=tuple(query for found in criteria for query in _wire.strings(found, "value")),
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
