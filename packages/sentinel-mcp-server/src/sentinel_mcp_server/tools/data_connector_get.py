"""One data connector."""

from datetime import datetime
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field

from sentinel_azure_clients import DataConnector, data_connectors
from sentinel_mcp_server._define import Answer, tool
from sentinel_mcp_server.context import Services
from sentinel_mcp_server.investigations.ingestion_health import newest_records, table_of


class FilledTable(BaseModel):
    """A table that the connector fills."""

    model_config = ConfigDict(frozen=True)

    data_type: str
    table: str
    exists: bool | None = Field(description="The workspace has the table; null where that is not known")
    newest: datetime | None = Field(description="Its newest record; null where the last 30 days have none")


class DataConnectorDetails(Answer):
    """A connector as the API gives it, with what its tables last received."""

    own_words = frozenset({"note"})

    name: str
    kind: str
    etag: str | None
    data_types: dict[str, str] = Field(description="What it collects, with its state: enabled or disabled")
    tables: list[FilledTable] = Field(description="Tables of its logs; another source may fill them too")
    note: str | None = Field(description="Why no table is named, or what is not known of them")
    properties: dict[str, Any] = Field(description="Everything else that the API gives of it")


@tool(title="Get a data connector", toolset="data_connector")
async def data_connector_get(
    services: Services,
    name: Annotated[str, Field(min_length=1, max_length=200, description="Name from data_connector_list")],
) -> DataConnectorDetails:
    """Get one data connector: kind, state, settings, and the newest record of each table that it fills.

    For all that has stopped use workspace_health.
    """
    connector = await data_connectors.get_connector(services.azure, name)
    tables = await _tables(services, connector)
    return DataConnectorDetails(
        name=connector.name,
        kind=connector.kind,
        etag=connector.etag,
        data_types=dict(connector.data_types),
        tables=tables,
        note=None
        if tables
        else "It brings alerts, which stand in SecurityAlert, or which tables it fills is not known here.",
        properties=dict(connector.properties),
    )


async def _tables(services: Services, connector: DataConnector) -> list[FilledTable]:
    fills = {data_type: table_of(connector.kind, data_type) for data_type in connector.data_types}
    named = {data_type: table for data_type, table in fills.items() if table is not None}
    if not named:
        return []
    schema = await services.schema.current()
    known = schema.validator.schema.tables
    there = {table for table in named.values() if table in known}
    newest = await newest_records(services.azure, there, services.now(), services.settings.query_timeout)
    return [
        FilledTable(
            data_type=data_type,
            table=table,
            exists=None if schema.why_not_live else table in known,
            newest=newest.get(table),
        )
        for data_type, table in named.items()
    ]
