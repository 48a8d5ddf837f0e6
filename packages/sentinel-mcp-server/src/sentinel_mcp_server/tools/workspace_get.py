"""The workspace itself."""

from datetime import datetime
from typing import Any

from pydantic import Field

from sentinel_azure_clients import workspace
from sentinel_mcp_server._define import Answer, tool
from sentinel_mcp_server.context import Services
from sentinel_mcp_server.portal_links import resource_link


class WorkspaceDetails(Answer):
    """Where the workspace is and how it is configured."""

    name: str
    workspace_id: str | None = Field(description="Customer id, which queries name")
    resource_id: str
    portal_url: str | None = Field(description="Its page in the Azure portal; null for the embedded workspace")
    location: str | None
    sku: str | None
    retention_days: int | None
    daily_quota_gb: float | None = Field(description="Ingestion cap per day; null where there is none")
    provisioning_state: str | None
    created_at: datetime | None
    modified_at: datetime | None
    features: dict[str, Any]


@tool(title="Get the workspace", toolset="workspace")
async def workspace_get(services: Services) -> WorkspaceDetails:
    """Get the workspace's location, price tier, retention, daily cap and features. For faults use workspace_health."""
    found = await workspace.get_workspace(services.azure)
    return WorkspaceDetails(
        name=found.name,
        workspace_id=found.workspace_id,
        resource_id=found.id,
        portal_url=resource_link(services, found.id),
        location=found.location,
        sku=found.sku,
        retention_days=found.retention_days,
        daily_quota_gb=found.daily_quota_gb,
        provisioning_state=found.provisioning_state,
        created_at=found.created_at,
        modified_at=found.modified_at,
        features=dict(found.features),
    )
