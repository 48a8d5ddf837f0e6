"""Which workspaces there are."""

from pydantic import BaseModel, ConfigDict, Field

from sentinel_azure_clients import Workspace
from sentinel_mcp_server._define import Answer, tool
from sentinel_mcp_server.context import Services
from sentinel_mcp_server.investigations.places import Place, configured, visible


class WorkspaceLine(BaseModel):
    """A workspace and how it is known."""

    model_config = ConfigDict(frozen=True)

    name: str | None = Field(description="What the settings call it; null for the default and for unconfigured ones")
    default: bool = Field(description="True: the one that tools use")
    configured: bool
    visible: bool | None = Field(description="Whether this identity can see it; null where that is not known")
    workspace_name: str | None
    workspace_id: str | None
    resource_group: str | None
    subscription_id: str | None
    location: str | None


class WorkspaceList(Answer):
    """Workspaces of the settings, the default first, then others that the identity can see."""

    own_words = frozenset({"note"})

    workspaces: list[WorkspaceLine]
    note: str | None = Field(description="What is not known of other workspaces")

    def summary(self) -> str:
        """Counts, and what is not known."""
        count = sum(line.configured for line in self.workspaces)
        told = f"{count} configured, {len(self.workspaces) - count} others visible"
        return f"{told}. {self.note}" if self.note else told

    def body(self) -> str:
        """One workspace a line."""
        return "\n".join(
            f"{'default' if w.default else w.name or '(not configured)'}\t{w.workspace_name or ''}\t"
            f"{w.workspace_id or ''}\t{w.subscription_id or ''}/{w.resource_group or ''}\t{w.location or ''}"
            for w in self.workspaces
        )


@tool(title="List workspaces", toolset="workspace", of_workspace=False)
async def workspace_list(services: Services) -> WorkspaceList:
    """List the workspaces of the settings and those of the subscription that this identity can see.

    For one workspace's tier, retention and cap use workspace_get.
    """
    places = configured(services.azure.config)
    found, note = await visible(services.azure)
    known = note is None
    lines = [_configured(place, next((w for w in found if place.is_at(w)), None), known=known) for place in places]
    lines += [_seen(workspace) for workspace in found if not any(place.is_at(workspace) for place in places)]
    return WorkspaceList(workspaces=lines, note=note)


def _configured(place: Place, seen: Workspace | None, *, known: bool) -> WorkspaceLine:
    return WorkspaceLine(
        name=place.name,
        default=place.name is None,
        configured=True,
        visible=True if seen else (False if known else None),
        workspace_name=place.workspace_name or (seen.name if seen else None),
        workspace_id=place.workspace_id or (seen.workspace_id if seen else None),
        resource_group=place.resource_group,
        subscription_id=place.subscription_id,
        location=seen.location if seen else None,
    )


def _seen(workspace: Workspace) -> WorkspaceLine:
    return WorkspaceLine(
        name=None,
        default=False,
        configured=False,
        visible=True,
        workspace_name=workspace.name,
        workspace_id=workspace.workspace_id,
        resource_group=workspace.resource_group,
        subscription_id=workspace.subscription_id,
        location=workspace.location,
    )
