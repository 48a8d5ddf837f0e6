"""One data connector."""

from typing import Annotated, Any

from pydantic import Field

from sentinel_azure_clients import data_connectors
from sentinel_mcp_server._define import Answer, tool
from sentinel_mcp_server.context import Services


class DataConnectorDetails(Answer):
    """A connector as the API gives it."""

    name: str
    kind: str
    etag: str | None
    data_types: dict[str, str] = Field(description="What it collects, with its state: enabled or disabled")
    properties: dict[str, Any] = Field(description="Everything else that the API gives of it")


@tool(title="Get a data connector", toolset="data_connector")
async def data_connector_get(
    services: Services,
    name: Annotated[str, Field(min_length=1, max_length=200, description="Name from data_connector_list")],
) -> DataConnectorDetails:
    """Get one data connector with its kind, state and settings. For what its tables received use table_get."""
    connector = await data_connectors.get_connector(services.azure, name)
    return DataConnectorDetails(
        name=connector.name,
        kind=connector.kind,
        etag=connector.etag,
        data_types=dict(connector.data_types),
        properties=dict(connector.properties),
    )
