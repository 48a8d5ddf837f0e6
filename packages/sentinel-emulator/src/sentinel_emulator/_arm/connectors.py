"""Data connectors: which sources feed the workspace."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sentinel_emulator.workspace import Workspace, seeded_guid

from .collections import Kind, operations_of

if TYPE_CHECKING:
    from sentinel_emulator._json import Resource

    from .routing import Operation

CONNECTORS = Kind("dataConnectors", "dataConnectors", "Data connector")


def operations() -> list[Operation]:
    """Return the operations on data connectors; one is written as it is sent."""
    return operations_of(CONNECTORS)


def starting_connectors(workspace: Workspace, seed: int) -> list[Resource]:
    """Return the connectors the workspace starts with: those whose tables have rows, and one that is switched off."""
    tenant = {"tenantId": workspace.tenant_id}
    kinds: tuple[tuple[str, dict[str, Any], dict[str, str]], ...] = (
        ("AzureActiveDirectory", tenant, {"alerts": "enabled"}),
        ("Office365", tenant, {"exchange": "enabled", "sharePoint": "enabled", "teams": "enabled"}),
        ("MicrosoftDefenderAdvancedThreatProtection", tenant, {"alerts": "enabled"}),
        ("ThreatIntelligence", tenant, {"indicators": "enabled"}),
        ("AzureSecurityCenter", {"subscriptionId": workspace.subscription_id}, {"alerts": "disabled"}),
    )
    return [
        _connector(
            workspace, seed, kind, {**owner, "dataTypes": {name: {"state": state} for name, state in types.items()}}
        )
        for kind, owner, types in kinds
    ]


def _connector(workspace: Workspace, seed: int, kind: str, properties: Resource) -> Resource:
    name = seeded_guid(seed, "connector", kind)
    return {
        "id": f"{workspace.sentinel_id}/dataConnectors/{name}",
        "name": name,
        # The etag of a connector is a bare GUID, as recorded.
        "etag": seeded_guid(seed, "connector etag", kind),
        "type": "Microsoft.SecurityInsights/dataConnectors",
        "kind": kind,
        "properties": properties,
    }
