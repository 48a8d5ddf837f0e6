"""Which workspaces there are: those of the settings, and those that the identity can see."""

from collections.abc import Sequence
from dataclasses import dataclass

from sentinel_azure_clients import AzureConfig, AzureServicesContext, SentinelError, Workspace, workspace


@dataclass(frozen=True, slots=True)
class Place:
    """A workspace of the settings; `name` is what it is called there, None for the one that tools use by default."""

    name: str | None
    workspace_name: str | None
    workspace_id: str | None
    resource_group: str | None
    subscription_id: str | None

    def is_at(self, found: Workspace) -> bool:
        """Whether this is that workspace: by its GUID, else by where it is."""
        if self.workspace_id:
            return self.workspace_id.casefold() == found.workspace_id.casefold()
        here = (self.subscription_id, self.resource_group, self.workspace_name)
        there = (found.subscription_id, found.resource_group, found.name)
        return [str(part).casefold() for part in here] == [str(part).casefold() for part in there]


def configured(config: AzureConfig) -> list[Place]:
    """The workspaces of the settings, the default one first; none where nothing names one."""
    places: list[Place] = []
    if config.workspace_name or config.workspace_id:
        places.append(
            Place(None, config.workspace_name, config.workspace_id, config.resource_group, config.subscription_id)
        )
    return places + [
        Place(
            other.name,
            other.workspace_name,
            other.workspace_id,
            other.resource_group or config.resource_group,
            other.subscription_id or config.subscription_id,
        )
        for other in config.workspaces
    ]


async def visible(azure: AzureServicesContext) -> tuple[Sequence[Workspace], str | None]:
    """The workspaces of the subscription that the identity can see, and why that may not be all of them."""
    try:
        listing = await workspace.list_workspaces(azure)
    except SentinelError as error:
        return (), f"Which workspaces this identity can see is not known: {error}"
    return listing.items, None if listing.complete else listing.note
