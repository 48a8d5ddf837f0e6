"""Incidents, comments, alerts and entities: members, their order, casing and nulls as recorded on the wire."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sentinel_emulator._query.values import write_datetime
from sentinel_emulator.workspace import Workspace, seeded_guid

from .etags import new_etag

if TYPE_CHECKING:
    from datetime import datetime

    from sentinel_emulator._data.cases import Alert, Case, Comment, Entity
    from sentinel_emulator._json import Resource

OWNER_MEMBERS = ("objectId", "email", "assignedTo", "userPrincipalName", "ownerType")

#: What `$filter` and `$orderby` of the incident list may name.
INCIDENT_PROPERTIES = frozenset(
    {
        "id",
        "name",
        "etag",
        "type",
        *(
            f"properties/{name}"
            for name in (
                "title",
                "description",
                "severity",
                "status",
                "classification",
                "classificationComment",
                "classificationReason",
                "owner",
                *(f"owner/{member}" for member in OWNER_MEMBERS),
                "labels",
                "firstActivityTimeUtc",
                "lastActivityTimeUtc",
                "lastModifiedTimeUtc",
                "createdTimeUtc",
                "incidentNumber",
                "additionalData",
                "additionalData/alertsCount",
                "additionalData/bookmarksCount",
                "additionalData/commentsCount",
                "additionalData/alertProductNames",
                "additionalData/tactics",
                "relatedAnalyticRuleIds",
                "incidentUrl",
                "providerName",
                "providerIncidentId",
            )
        ),
    }
)


def no_owner() -> Resource:
    """Return the owner of an incident that nobody owns: every member is there and null."""
    return dict.fromkeys(OWNER_MEMBERS)


def incident_url(workspace: Workspace, name: str) -> str:
    """Return the portal's address of an incident."""
    return (
        "https://portal.azure.com/#asset/Microsoft_Azure_Security_Insights/Incident"
        f"{workspace.sentinel_id}/Incidents/{name}"
    )


def incident_resource(workspace: Workspace, seed: int, case: Case) -> Resource:
    """Return the incident resource of a case."""
    name = seeded_guid(seed, "incident", case.key)
    owner = no_owner()
    if case.owner is not None:
        owner = {
            "objectId": case.owner.object_id,
            "email": case.owner.upn,
            "assignedTo": case.owner.display_name,
            "userPrincipalName": case.owner.upn,
            "ownerType": "User",
        }
    rules = dict.fromkeys(seeded_guid(seed, "rule", alert.rule) for alert in case.alerts)
    return {
        "id": f"{workspace.sentinel_id}/Incidents/{name}",
        "name": name,
        "etag": new_etag(case.modified),
        "type": "Microsoft.SecurityInsights/Incidents",
        "properties": {
            "title": case.title,
            "description": case.description,
            "severity": case.severity,
            "status": case.status,
            "owner": owner,
            "labels": [{"labelName": label, "labelType": "User"} for label in case.labels],
            "firstActivityTimeUtc": write_datetime(min(alert.start for alert in case.alerts)),
            "lastActivityTimeUtc": write_datetime(max(alert.end for alert in case.alerts)),
            "lastModifiedTimeUtc": write_datetime(case.modified),
            "createdTimeUtc": write_datetime(case.created),
            "incidentNumber": case.number,
            "additionalData": {
                "alertsCount": len(case.alerts),
                "bookmarksCount": 0,
                "commentsCount": len(case.comments),
                "alertProductNames": ["Azure Sentinel"],
                "tactics": list(case.tactics),
                "techniques": list(case.techniques),
            },
            "relatedAnalyticRuleIds": [f"{workspace.sentinel_id}/alertRules/{rule}" for rule in rules],
            "incidentUrl": incident_url(workspace, name),
            "providerName": "Azure Sentinel",
            "providerIncidentId": str(case.number),
        },
    }


def comment_resource(workspace: Workspace, seed: int, incident: str, number: int, comment: Comment) -> Resource:
    """Return a comment that was there from the start."""
    author = comment.author
    name = seeded_guid(seed, "comment", incident, number)
    return new_comment(
        workspace,
        incident,
        name,
        comment.message,
        comment.written,
        {
            "objectId": author.object_id,
            "email": author.upn,
            "name": author.display_name,
            "userPrincipalName": author.upn,
        },
    )


def new_comment(
    workspace: Workspace, incident: str, name: str, message: str, written: datetime, author: Resource
) -> Resource:
    """Return a comment resource as it is when written."""
    moment = write_datetime(written)
    return {
        "id": f"{workspace.sentinel_id}/Incidents/{incident}/Comments/{name}",
        "name": name,
        "etag": new_etag(written),
        "type": "Microsoft.SecurityInsights/Incidents/Comments",
        "properties": {"message": message, "createdTimeUtc": moment, "lastModifiedTimeUtc": moment, "author": author},
    }


def alert_resource(workspace: Workspace, seed: int, alert: Alert) -> Resource:
    """Return an alert as an incident's list of alerts shows it: an entity of kind SecurityAlert."""
    name = seeded_guid(seed, "alert", alert.key)
    raised = write_datetime(alert.raised)
    return {
        "id": f"{workspace.sentinel_id}/Entities/{name}",
        "name": name,
        "type": "Microsoft.SecurityInsights/Entities",
        "kind": "SecurityAlert",
        "properties": {
            "systemAlertId": name,
            "tactics": list(alert.tactics),
            "alertDisplayName": alert.title,
            "description": alert.description,
            "confidenceLevel": "Unknown",
            "severity": alert.severity,
            "vendorName": "Microsoft",
            "productName": "Azure Sentinel",
            "productComponentName": "Scheduled Alerts",
            "alertType": f"{workspace.workspace_id}_{seeded_guid(seed, 'rule', alert.rule)}",
            "processingEndTime": raised,
            "status": "New",
            "endTimeUtc": write_datetime(alert.end),
            "startTimeUtc": write_datetime(alert.start),
            "timeGenerated": raised,
            "providerAlertId": seeded_guid(seed, "provider alert", alert.key),
            "resourceIdentifiers": [
                {
                    "type": "LogAnalytics",
                    "workspaceId": workspace.workspace_id,
                    "subscriptionId": workspace.subscription_id,
                    "resourceGroup": workspace.resource_group,
                }
            ],
            "additionalData": {
                "AlertMessageEnqueueTime": raised,
                "Search Query Results Overall Count": str(len(alert.entities)),
                "OriginalProductName": "Azure Sentinel",
                "OriginalProductComponentName": "Scheduled Alerts",
            },
            "friendlyName": alert.title,
        },
    }


def entity_resource(workspace: Workspace, seed: int, entity: Entity) -> Resource:
    """Return an entity; its id depends on its value alone, as in the service."""
    name = seeded_guid(seed, "entity", entity.key)
    return {
        "id": f"{workspace.sentinel_id}/Entities/{name}",
        "name": name,
        "type": "Microsoft.SecurityInsights/Entities",
        "kind": entity.kind,
        "properties": dict(entity.properties),
    }
