"""What came from the content hub, and how the workspace is set up: mostly read, written as sent."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sentinel_emulator.workspace import Workspace, seeded_guid

from .collections import Kind, operations_of, properties_of, written
from .etags import new_etag, require_current
from .moments import zulu
from .routing import Call, Operation, Reply, operation

if TYPE_CHECKING:
    from datetime import datetime

    from sentinel_emulator._json import Resource

    from .state import SentinelState


def _onboarded(_call: Call, _body: Resource, _existing: Resource | None) -> Resource:
    """Whatever is sent: on the wire the properties are empty, as recorded."""
    return {"properties": {}, "systemData": {}}


METADATA = Kind("metadata", "metadata", "Metadata")
PACKAGES = Kind("contentPackages", "contentpackages", "Content package")
PRODUCT_PACKAGES = Kind("contentProductPackages", "contentproductpackages", "Content product package")
PRODUCT_TEMPLATES = Kind("contentProductTemplates", "contentproducttemplates", "Content product template")
CONTENT_TEMPLATES = Kind("contentTemplates", "contenttemplates", "Content template")
ML_SETTINGS = Kind("securityMLAnalyticsSettings", "securityMLAnalyticsSettings", "ML analytics setting")
SETTINGS = Kind("settings", "settings", "Setting", created=200)
ONBOARDING = Kind("onboardingStates", "onboardingStates", "Onboarding state", _onboarded, created=200, bodyless=True)
DEFINITIONS = Kind("dataConnectorDefinitions", "dataConnectorDefinitions", "Data connector definition")

_WRITABLE = (METADATA, PACKAGES, CONTENT_TEMPLATES, ML_SETTINGS, SETTINGS, DEFINITIONS, ONBOARDING)
_READABLE = (PRODUCT_PACKAGES, PRODUCT_TEMPLATES)

_OFFERED = ("password-spray", "oauth-consent", "aws-root-sign-in")
_INSTALLED = ("password-spray", "new-country", "inbox-rule", "oauth-consent")
_SOLUTIONS = (
    ("azure-active-directory", "Microsoft Entra ID", "3.3.0"),
    ("office-365", "Microsoft 365", "3.0.3"),
    ("palo-alto-pan-os", "Palo Alto PAN-OS", "3.0.7"),
)


def operations() -> list[Operation]:
    """Return the operations on content and settings."""
    writable = [item for kind in _WRITABLE for item in operations_of(kind)]
    patch = operation("PATCH", METADATA.pattern, f"{METADATA.permission}/write", _patch_metadata)
    return [*writable, patch, *(item for kind in _READABLE for item in operations_of(kind, write=False))]


def _patch_metadata(call: Call) -> Reply:
    """Change the members that were sent, and leave the others."""
    existing, body = METADATA.found(call), call.body()
    if body.get("etag"):
        require_current(body["etag"], existing.get("etag", ""), existing["name"])
    properties = {**existing["properties"], **properties_of(body)}
    changed = written(METADATA, call, existing["name"], {"properties": properties}, existing)
    METADATA.items(call)[existing["name"].lower()] = changed
    return Reply(changed)


def add_content(state: SentinelState, workspace: Workspace, seed: int, now: datetime) -> None:
    """Put the content and settings into a state that the workspace starts with."""
    for kind, resources in (
        (METADATA, _metadata(workspace, seed)),
        (PACKAGES, _packages(workspace, seed, now, installed=True)),
        (PRODUCT_PACKAGES, _packages(workspace, seed, now, installed=False)),
        (CONTENT_TEMPLATES, _content(workspace, seed, CONTENT_TEMPLATES, _INSTALLED, {"etag": new_etag(now)})),
        (PRODUCT_TEMPLATES, _content(workspace, seed, PRODUCT_TEMPLATES, _OFFERED, {})),
        (ML_SETTINGS, _ml_settings(workspace, seed, now)),
        (SETTINGS, _settings(workspace, now)),
        (DEFINITIONS, _definitions(workspace, now)),
        (ONBOARDING, _onboarding(workspace)),
    ):
        state.of(kind.segment).update({item["name"].lower(): item for item in resources})


def _of(workspace: Workspace, kind: Kind, name: str, members: Resource) -> Resource:
    return {
        "id": f"{workspace.sentinel_id}/{kind.segment}/{name}",
        "name": name,
        "type": f"Microsoft.SecurityInsights/{kind.wire}",
        **members,
    }


def _metadata(workspace: Workspace, seed: int) -> list[Resource]:
    made: list[Resource] = []
    for key in ("password-spray", "new-country", "inbox-rule"):
        rule = seeded_guid(seed, "rule", key)
        properties = {
            "contentId": seeded_guid(seed, "template", key),
            "parentId": f"{workspace.sentinel_id}/alertRules/{rule}",
            "kind": "AnalyticsRule",
            "version": "1.0.0",
            "source": {"kind": "Solution", "name": "Microsoft Entra ID", "sourceId": "azure-active-directory"},
        }
        made.append(_of(workspace, METADATA, f"analyticsrule-{rule}", {"properties": properties}))
    return made


def _packages(workspace: Workspace, seed: int, now: datetime, *, installed: bool) -> list[Resource]:
    kind = PACKAGES if installed else PRODUCT_PACKAGES
    offered = (*_SOLUTIONS, ("aws", "Amazon Web Services", "3.0.5"))
    made: list[Resource] = []
    for content, title, version in _SOLUTIONS if installed else offered:
        name = f"azuresentinel.azure-sentinel-solution-{content}"
        held = {"installedVersion": version} if not installed and content != "aws" else {}
        properties = {
            "contentId": name,
            "contentKind": "Solution",
            "contentProductId": f"{name}-sl-{seeded_guid(seed, content)[:13].replace('-', '')}",
            "contentSchemaVersion": "3.0.0",
            "displayName": title,
            "version": version,
            **held,
        }
        made.append(_of(workspace, kind, name, {"etag": new_etag(now), "properties": properties}))
    return made


def _content(workspace: Workspace, seed: int, kind: Kind, keys: tuple[str, ...], etag: Resource) -> list[Resource]:
    """Return templates of rules, as the content hub has them or as they are installed."""
    made: list[Resource] = []
    for key in keys:
        properties = {
            "contentId": seeded_guid(seed, "template", key),
            "contentKind": "AnalyticsRule",
            "displayName": key.replace("-", " ").capitalize(),
            "packageId": "azuresentinel.azure-sentinel-solution-azure-active-directory",
            "packageVersion": "3.3.0",
            "source": {"kind": "Solution", "name": "Microsoft Entra ID"},
            "version": "1.0.0",
        }
        name = seeded_guid(seed, kind.segment, key)
        made.append(_of(workspace, kind, name, {**etag, "properties": properties}))
    return made


def _ml_settings(workspace: Workspace, seed: int, now: datetime) -> list[Resource]:
    made: list[Resource] = []
    for title, enabled in (("Login from unusual region", True), ("Unusual mass download", False)):
        name = seeded_guid(seed, "anomaly", title)
        properties: Resource = {
            "displayName": title,
            "description": f"Learns what is usual and reports the rest: {title.lower()}.",
            "enabled": enabled,
            "anomalyVersion": "1.0.5",
            "anomalySettingsVersion": 0,
            "frequency": "PT1H",
            "isDefaultSettings": True,
            "settingsDefinitionId": seeded_guid(seed, "anomaly definition", title),
            "settingsStatus": "Production",
            "tactics": ["InitialAccess"],
            "techniques": ["T1078"],
            "lastModifiedUtc": zulu(now),
            "requiredDataConnectors": [{"connectorId": "AzureActiveDirectory", "dataTypes": ["SigninLogs"]}],
            "customizableObservations": {},
        }
        made.append(
            _of(workspace, ML_SETTINGS, name, {"etag": new_etag(now), "kind": "Anomaly", "properties": properties})
        )
    return made


def _settings(workspace: Workspace, now: datetime) -> list[Resource]:
    values: tuple[tuple[str, Resource], ...] = (
        ("EyesOn", {"isEnabled": True}),
        ("IPSyncer", {"isEnabled": True}),
        ("EntityAnalytics", {"entityProviders": ["AzureActiveDirectory"]}),
        ("Ueba", {"dataSources": ["AuditLogs", "SigninLogs", "SecurityEvent"]}),
        ("Anomalies", {"isEnabled": True}),
    )
    made: list[Resource] = []
    for name, properties in values:
        whole = _of(workspace, SETTINGS, name, {"kind": name, "systemData": {}, "properties": properties})
        # The etag stands after the name, as recorded.
        made.append({"id": whole.pop("id"), "name": whole.pop("name"), "etag": new_etag(now), **whole})
    return made


def _definitions(workspace: Workspace, now: datetime) -> list[Resource]:
    """Return the page of the connector that the team wrote for its firewall's flows."""
    table = "FirewallFlows_CL"
    newest = f"{table}\n| summarize Time = max(TimeGenerated)\n| where isnotempty(Time)"
    permission = {"action": False, "delete": False, "read": False, "write": True}
    page: Resource = {
        "id": "FirewallFlows",
        "title": "Firewall flows",
        "publisher": "Contoso",
        "descriptionMarkdown": "Every flow that the firewalls in the offices let pass or not.",
        "graphQueries": [{"metricName": "Flows received", "legend": "Flows", "baseQuery": table}],
        "dataTypes": [{"name": table, "lastDataReceivedQuery": newest}],
        "connectivityCriteria": [{"type": "IsConnectedQuery", "value": [newest]}],
        "availability": {"isPreview": False, "status": 1},
        "permissions": {
            "resourceProvider": [
                {
                    "provider": "Microsoft.OperationalInsights/workspaces",
                    "permissionsDisplayText": "Write permission on the workspace.",
                    "providerDisplayName": "Workspace",
                    "scope": "Workspace",
                    "requiredPermissions": permission,
                }
            ],
            "customs": [{"name": "Firewall", "description": "An account on each firewall."}],
        },
        "instructionSteps": [
            {
                "title": "Point the firewalls at the collector",
                "description": "Each office has one.",
                "instructions": [{"type": "CopyableLabel", "parameters": {"label": "Collector"}}],
            }
        ],
    }
    members: Resource = {
        "etag": new_etag(now),
        "kind": "Customizable",
        "properties": {"connectorUiConfig": page, "createdTimeUtc": zulu(now), "lastModifiedUtc": zulu(now)},
    }
    return [_of(workspace, DEFINITIONS, "FirewallFlows", members)]


def _onboarding(workspace: Workspace) -> list[Resource]:
    # On the wire the properties are empty and stand first, as recorded.
    whole = _of(workspace, ONBOARDING, "default", {"systemData": {}})
    return [{"properties": {}, **whole}]
