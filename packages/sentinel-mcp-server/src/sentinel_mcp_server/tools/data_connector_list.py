"""Which data connectors the workspace reports."""

from pydantic import BaseModel, ConfigDict, Field

from sentinel_azure_clients import data_connectors
from sentinel_mcp_server._define import Answer, tool
from sentinel_mcp_server.context import Services


class ConnectorSummary(BaseModel):
    """A connector in one line."""

    model_config = ConfigDict(frozen=True)

    name: str = Field(description="Name to give to data_connector_get")
    kind: str
    data_types: dict[str, str] = Field(description="What it collects, with its state: enabled or disabled")


class DataConnectorList(Answer):
    """Connectors that the API knows."""

    connectors: list[ConnectorSummary]
    note: str = Field(description="What this list cannot show")


@tool(title="List data connectors", toolset="data_connector")
async def data_connector_list(services: Services) -> DataConnectorList:
    """List the data connectors that the API reports, with what each collects.

    The API leaves out connectors that work through diagnostic settings or agents: for whether data arrive use
    workspace_health or workspace_usage.
    """
    connectors = await data_connectors.list_connectors(services.azure)
    return DataConnectorList(
        connectors=[
            ConnectorSummary(name=connector.name, kind=connector.kind, data_types=dict(connector.data_types))
            for connector in connectors
        ],
        note=(
            "The API lists only some kinds of connectors: one that is missing here may still be delivering. "
            "The tables show what arrives."
        ),
    )
