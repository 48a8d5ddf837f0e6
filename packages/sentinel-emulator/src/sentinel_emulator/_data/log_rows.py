"""The rows that alerts and incidents leave in `SecurityAlert` and `SecurityIncident`."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from sentinel_emulator.workspace import Workspace, seeded_guid

if TYPE_CHECKING:
    from .cases import Case


def alert_row(workspace: Workspace, seed: int, case: Case, number: int) -> dict[str, Any]:
    """Return the `SecurityAlert` row of one alert of an incident."""
    alert = case.alerts[number]
    rule = seeded_guid(seed, "rule", alert.rule)
    return {
        "TimeGenerated": alert.raised,
        "DisplayName": alert.title,
        "AlertName": alert.title,
        "AlertSeverity": alert.severity,
        "Description": alert.description,
        "ProviderName": "ASI Scheduled Alerts",
        "VendorName": "Microsoft",
        "VendorOriginalId": seeded_guid(seed, "provider alert", alert.key),
        "SystemAlertId": seeded_guid(seed, "alert", alert.key),
        "AlertType": f"{workspace.workspace_id}_{rule}",
        "ConfidenceLevel": "Unknown",
        "IsIncident": False,
        "StartTime": alert.start,
        "EndTime": alert.end,
        "ProcessingEndTime": alert.raised,
        "ExtendedProperties": json.dumps({"Analytic Rule Ids": f'["{rule}"]', "Analytic Rule Name": alert.title}),
        "Entities": json.dumps([{"$id": str(2 + i), **entity.log} for i, entity in enumerate(alert.entities)]),
        "SourceSystem": "Detection",
        "WorkspaceSubscriptionId": workspace.subscription_id,
        "WorkspaceResourceGroup": workspace.resource_group,
        "ProductName": "Azure Sentinel",
        "ProductComponentName": "Scheduled Alerts",
        "Status": "New",
        "CompromisedEntity": "",
        "Tactics": ", ".join(alert.tactics),
        "Techniques": json.dumps(list(alert.techniques)),
    }


def incident_rows(workspace: Workspace, seed: int, case: Case) -> list[dict[str, Any]]:
    """Return the `SecurityIncident` rows of an incident: one as it was created, one as it stands."""
    name = seeded_guid(seed, "incident", case.key)
    started: dict[str, Any] = {
        "TimeGenerated": case.created,
        "IncidentName": name,
        "Title": case.title,
        "Description": case.description,
        "Severity": case.severity,
        "Status": "New",
        "Owner": {"objectId": None, "email": None, "assignedTo": None, "userPrincipalName": None},
        "ProviderName": "Azure Sentinel",
        "ProviderIncidentId": str(case.number),
        "FirstActivityTime": min(alert.start for alert in case.alerts),
        "LastActivityTime": case.alerts[0].end,
        "LastModifiedTime": case.created,
        "CreatedTime": case.created,
        "RelatedAnalyticRuleIds": [seeded_guid(seed, "rule", case.alerts[0].rule)],
        "AlertIds": [seeded_guid(seed, "alert", case.alerts[0].key)],
        "BookmarkIds": [],
        "Comments": [],
        "Labels": [],
        "IncidentUrl": f"https://portal.azure.com/#asset/Microsoft_Azure_Security_Insights/Incident{workspace.sentinel_id}/Incidents/{name}",
        "AdditionalData": {
            "alertsCount": 1,
            "bookmarksCount": 0,
            "commentsCount": 0,
            "alertProductNames": ["Azure Sentinel"],
            "tactics": list(case.alerts[0].tactics),
            "techniques": list(case.alerts[0].techniques),
        },
        "ModifiedBy": "Incident created from alert",
        "SourceSystem": "Azure",
        "IncidentNumber": case.number,
    }
    owner = case.owner
    now: dict[str, Any] = {
        **started,
        "TimeGenerated": case.modified,
        "LastModifiedTime": case.modified,
        "FirstModifiedTime": case.modified,
        "LastActivityTime": max(alert.end for alert in case.alerts),
        "Status": case.status,
        "RelatedAnalyticRuleIds": [seeded_guid(seed, "rule", alert.rule) for alert in case.alerts],
        "AlertIds": [seeded_guid(seed, "alert", alert.key) for alert in case.alerts],
        "Labels": [{"labelName": label, "labelType": "User"} for label in case.labels],
        "Comments": [
            {
                "message": comment.message,
                "createdTimeUtc": comment.written,
                "author": {"name": comment.author.display_name},
            }
            for comment in case.comments
        ],
        "AdditionalData": {
            "alertsCount": len(case.alerts),
            "bookmarksCount": 0,
            "commentsCount": len(case.comments),
            "alertProductNames": ["Azure Sentinel"],
            "tactics": list(case.tactics),
            "techniques": list(case.techniques),
        },
        "ModifiedBy": owner.display_name if owner else "Alert updated",
    }
    if owner is not None:
        now["Owner"] = {
            "objectId": owner.object_id,
            "email": owner.upn,
            "assignedTo": owner.display_name,
            "userPrincipalName": owner.upn,
        }
    return [started, now]
