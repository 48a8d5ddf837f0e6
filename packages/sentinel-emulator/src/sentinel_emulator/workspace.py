"""Who the emulated workspace is: the ids every client needs to find it."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, replace

_NAMESPACE = uuid.uuid5(uuid.NAMESPACE_URL, "urn:sentinel-emulator")


@dataclass(frozen=True, slots=True)
class Workspace:
    """The address of one Log Analytics workspace with Microsoft Sentinel on it.

    `workspace_id` is what Azure calls the customer id: the GUID in the query API's path. All ids are made up and
    depend on the seed alone, so settings written down once stay right.
    """

    tenant_id: str
    subscription_id: str
    resource_group: str
    workspace_name: str
    workspace_id: str
    location: str

    @classmethod
    def seeded(cls, seed: int) -> Workspace:
        """Return the workspace that belongs to this seed."""
        return cls(
            tenant_id=seeded_guid(seed, "tenant"),
            subscription_id=seeded_guid(seed, "subscription"),
            resource_group="rg-contoso-soc",
            workspace_name="law-contoso-soc",
            workspace_id=seeded_guid(seed, "workspace"),
            location="westeurope",
        )

    def without_data(self, seed: int) -> Workspace:
        """Return a second workspace of the subscription, in a group of its own: nothing was ever sent there."""
        return replace(
            self,
            resource_group="rg-contoso-lab",
            workspace_name="law-contoso-lab",
            workspace_id=seeded_guid(seed, "second workspace"),
        )

    def is_called(self, name: str) -> bool:
        """Say whether the query API means this workspace by a name: its GUID, its name or its ARM id, in any case."""
        return name.lower() in {
            self.workspace_id,
            self.workspace_name.lower(),
            self.resource_id.lower(),
            self.resource_id.lower().lstrip("/"),
        }

    @property
    def resource_id(self) -> str:
        """The ARM id of the workspace, in the casing ARM writes."""
        return (
            f"/subscriptions/{self.subscription_id}/resourceGroups/{self.resource_group}"
            f"/providers/Microsoft.OperationalInsights/workspaces/{self.workspace_name}"
        )

    @property
    def sentinel_id(self) -> str:
        """The ARM id under which every Sentinel resource of the workspace lives."""
        return f"{self.resource_id}/providers/Microsoft.SecurityInsights"


def seeded_guid(seed: int, *parts: object) -> str:
    """Return a GUID that depends on the seed and the parts alone."""
    return str(uuid.uuid5(_NAMESPACE, "|".join(str(part) for part in (seed, *parts))))
