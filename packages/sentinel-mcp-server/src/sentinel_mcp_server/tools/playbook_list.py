"""Playbooks."""

from datetime import datetime

from pydantic import BaseModel, ConfigDict, Field

from sentinel_azure_clients import playbooks
from sentinel_mcp_server._define import tool
from sentinel_mcp_server.context import Services
from sentinel_mcp_server.listing import Limit, ListAnswer, NameContains, narrow
from sentinel_mcp_server.portal_links import resource_link


class PlaybookSummary(BaseModel):
    """A playbook in one line."""

    model_config = ConfigDict(frozen=True)

    name: str
    id: str = Field(description="Resource id of the Logic App")
    portal_url: str | None = Field(description="Its page in the Azure portal; null for the embedded workspace")
    state: str | None
    location: str | None
    modified_at: datetime | None


class PlaybookList(ListAnswer):
    """Logic Apps, by their names."""

    playbooks: list[PlaybookSummary]

    def body(self) -> str:
        """One playbook a line."""
        return "\n".join(f"{p.name}\t{p.state}\t{p.id}" for p in self.playbooks)


@tool(title="List playbooks", toolset="automation")
async def playbook_list(services: Services, name_contains: NameContains = None, limit: Limit = 100) -> PlaybookList:
    """List the Logic Apps of the workspace's resource group; not all begin with a Sentinel trigger.

    For what runs them use automation_rule_list.
    """
    listing = await playbooks.list_playbooks(services.azure)
    found = narrow(listing, lambda playbook: playbook.name, name_contains, limit)
    return PlaybookList(
        playbooks=[
            PlaybookSummary(
                name=p.name,
                id=p.id,
                portal_url=resource_link(services, p.id),
                state=p.state,
                location=p.location,
                modified_at=p.modified_at,
            )
            for p in found.items
        ],
        matched=found.matched,
        shown=len(found.items),
        note=found.note,
    )
