"""Data connectors: which sources feed the workspace."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sentinel_emulator.workspace import Workspace, seeded_guid

from .collections import Kind, one_of, operations_of, texts
from .faults import bad_request
from .routing import Call, Operation, Reply, operation

if TYPE_CHECKING:
    from sentinel_emulator._json import Resource

_POLLING = ("APIPolling", "GenericUI", "RestApiPoller")

CONNECTORS = Kind("dataConnectors", "dataConnectors", "Data connector")


def operations() -> list[Operation]:
    """Return the operations on data connectors; one is written as it is sent."""
    one, permission = CONNECTORS.pattern, CONNECTORS.permission
    check = f"{permission}CheckRequirements"
    return [
        *operations_of(CONNECTORS),
        operation("POST", f"{one}/connect", f"{permission}/write", lambda call: _switch(call, connected=True)),
        operation("POST", f"{one}/disconnect", f"{permission}/write", lambda call: _switch(call, connected=False)),
        operation("POST", "dataConnectorsCheckRequirements", f"{check}/action", _check_requirements),
    ]


def _switch(call: Call, *, connected: bool) -> Reply:
    """Connect or disconnect a connector that polls; what it signs in with is never kept."""
    connector = CONNECTORS.found(call)
    if connector["kind"] not in _POLLING:
        raise bad_request(f"Data connectors of the kind {connector['kind']} cannot be connected by this operation.")
    if connected:
        one_of(call.body(), "kind", ("Basic", "OAuth2", "APIKey"))
    connector["properties"]["isActive"] = connected
    return Reply({})


def _check_requirements(call: Call) -> Reply:
    """Answer whether a kind of connector may be connected: whoever asks is allowed to, with the licence there is."""
    body = call.body()
    texts(body, "kind")
    return Reply({"authorizationState": "Valid", "licenseState": "Valid"})


def starting_connectors(workspace: Workspace, seed: int) -> list[Resource]:
    """Return the connectors the workspace starts with: healthy ones, silent ones, a broken and a switched-off one."""
    tenant = {"tenantId": workspace.tenant_id}
    kinds: tuple[tuple[str, dict[str, Any], dict[str, str]], ...] = (
        ("AzureActiveDirectory", tenant, {"alerts": "enabled"}),
        ("Office365", tenant, {"exchange": "enabled", "sharePoint": "enabled", "teams": "enabled"}),
        ("MicrosoftDefenderAdvancedThreatProtection", tenant, {"alerts": "enabled"}),
        ("ThreatIntelligence", tenant, {"indicators": "enabled"}),
        ("MicrosoftCloudAppSecurity", tenant, {"alerts": "enabled", "discoveryLogs": "disabled"}),
        ("AzureAdvancedThreatProtection", tenant, {"alerts": "enabled"}),
        # Its role is gone, so it is enabled and brings nothing: AWSCloudTrail is empty.
        ("AmazonWebServicesCloudTrail", {"awsRoleArn": "arn:aws:iam::000000000000:role/gone"}, {"logs": "enabled"}),
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
