"""What the team had done in the workspace before anybody else came: bookmarks, tasks, and playbooks behind rules."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sentinel_emulator.workspace import Workspace, seeded_guid

from .etags import new_etag
from .moments import offset, offset_seconds

if TYPE_CHECKING:
    from datetime import datetime

    from sentinel_emulator._json import Resource

    from .state import SentinelState

_BOOKMARKS: tuple[tuple[str, str, str, list[dict[str, Any]]], ...] = (
    (
        "Sign-ins from an address that sprays",
        "Ask the provider whose address this is.",
        'SigninLogs\n| where IPAddress == "203.0.113.77"\n| take 10',
        [{"entityType": "IP", "fieldMappings": [{"identifier": "Address", "value": "203.0.113.77"}]}],
    ),
    ("Machines that fell silent", "", "Heartbeat\n| summarize LastSeen = max(TimeGenerated) by Computer", []),
)
_TASKS = (
    ("Talk to the account's owner", "By telephone, not by mail.", "Completed"),
    ("Reset the password and end the sessions", "", "New"),
)


def add_work(state: SentinelState, workspace: Workspace, seed: int, now: datetime) -> None:
    """Put the team's work into a state that has incidents and rules already."""
    setup: Resource = {"objectId": seeded_guid(seed, "setup"), "email": None, "name": "Contoso setup"}
    for title, notes, query, mappings in _BOOKMARKS:
        bookmark = _bookmark(workspace, seed, now, setup, (title, notes, query), mappings)
        state.of("bookmarks")[bookmark["name"]] = bookmark
    oldest = min(state.of("incidents").values(), key=lambda item: item["properties"]["incidentNumber"], default=None)
    if oldest is not None:
        for number, (title, text, status) in enumerate(_TASKS):
            task = _task(oldest, seed, (number, title, text, status), {**setup, "userPrincipalName": None})
            state.of("incidents", oldest["name"], "tasks")[task["name"]] = task
    rule = next(item for item in state.of("alertRules").values() if item["kind"] == "Scheduled")
    action = _action(workspace, rule, seed, now)
    state.of("alertRules", rule["name"], "actions")[action["name"]] = action


def _bookmark(
    workspace: Workspace,
    seed: int,
    now: datetime,
    author: Resource,
    texts: tuple[str, str, str],
    mappings: list[Resource],
) -> Resource:
    title, notes, query = texts
    name = seeded_guid(seed, "bookmark", title)
    return {
        "id": f"{workspace.sentinel_id}/Bookmarks/{name}",
        "name": name,
        "etag": new_etag(now),
        "type": "Microsoft.SecurityInsights/Bookmarks",
        "properties": {
            "displayName": title,
            "created": offset(now),
            "updated": offset_seconds(now),
            "createdBy": author,
            "updatedBy": author,
            "eventTime": offset(now),
            "labels": ["hunt"],
            "notes": notes,
            "query": query,
            "queryResult": "",
            "incidentInfo": {"incidentId": None, "title": None, "relationName": None, "severity": None},
            "entityMappings": mappings,
            "tactics": ["CredentialAccess"] if mappings else [],
            "techniques": ["T1110"] if mappings else [],
        },
    }


def _task(incident: Resource, seed: int, task: tuple[int, str, str, str], author: Resource) -> Resource:
    number, title, text, status = task
    name = seeded_guid(seed, "task", incident["name"], number)
    moment = incident["properties"]["lastModifiedTimeUtc"]
    return {
        "id": f"{incident['id']}/tasks/{name}",
        "name": name,
        "etag": incident["etag"],
        "type": "Microsoft.SecurityInsights/Incidents/tasks",
        "properties": {
            "title": title,
            **({"description": text} if text else {}),
            "status": status,
            "createdTimeUtc": moment,
            "lastModifiedTimeUtc": moment,
            "createdBy": author,
            "lastModifiedBy": author,
        },
    }


def _action(workspace: Workspace, rule: Resource, seed: int, now: datetime) -> Resource:
    group = workspace.resource_id.partition("/providers/")[0]
    playbook = f"{group}/providers/Microsoft.Logic/workflows/Isolate-Device"
    name = seeded_guid(seed, "action", rule["name"])
    return {
        "id": f"{rule['id']}/actions/{name}",
        "name": name,
        "etag": new_etag(now),
        "type": "Microsoft.SecurityInsights/alertRules/actions",
        "properties": {
            "logicAppResourceId": playbook,
            "workflowId": seeded_guid(seed, "workflow", playbook).replace("-", ""),
        },
    }
