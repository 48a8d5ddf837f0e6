"""Saved searches of the workspace; those of the category "Hunting Queries" are Sentinel's hunting queries."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from sentinel_emulator.workspace import Workspace, seeded_guid

from .collections import properties_of, texts
from .faults import ArmFault, bad_request
from .moments import zulu
from .routing import Call, Operation, Reply, operation

if TYPE_CHECKING:
    from datetime import datetime

    from sentinel_emulator._json import Resource

    from .state import Resources

_PERMISSION = "Microsoft.OperationalInsights/workspaces/savedSearches"
_OPTIONAL = ("functionAlias", "functionParameters")


def operations() -> list[Operation]:
    """Return the operations on saved searches."""
    return [
        operation("GET", "savedSearches", f"{_PERMISSION}/read", _list),
        operation("GET", "savedSearches/{search}", f"{_PERMISSION}/read", lambda call: Reply(_found(call))),
        operation("PUT", "savedSearches/{search}", f"{_PERMISSION}/write", _put),
        operation("DELETE", "savedSearches/{search}", f"{_PERMISSION}/delete", _delete),
    ]


def _items(call: Call) -> Resources:
    return call.emulator.sentinel.of("savedSearches")


def _list(call: Call) -> Reply:
    """The service does not page this list."""
    return Reply({"value": list(_items(call).values())})


def _found(call: Call) -> Resource:
    name = call.names["search"]
    found = _items(call).get(name.lower())
    if found is None:
        raise ArmFault(404, "NotFound", f"The saved search '{name}' was not found.")
    return found


def _put(call: Call) -> Reply:
    """Write a saved search; an existing one needs its etag or `*`, or the answer is a conflict."""
    body = call.body()
    sent = properties_of(body)
    texts(sent, "category", "displayName", "query")
    name = call.names["search"]
    existing = _items(call).get(name.lower())
    if existing is not None and body.get("etag") not in {"*", existing.get("etag")}:
        raise ArmFault(409, "Conflict", f"The saved search '{name}' has changed: send its current etag, or '*'.")
    tags = sent.get("tags")
    if tags is not None and not isinstance(tags, list):
        raise bad_request("The property 'tags' must be a list of objects with a name and a value.")
    resource = _resource(call.emulator.workspace, existing["name"] if existing else name, sent, call.now)
    _items(call)[name.lower()] = resource
    return Reply(resource)


def _delete(call: Call) -> Reply:
    gone = _items(call).pop(call.names["search"].lower(), None)
    return Reply(status=200 if gone else 204)


def _resource(workspace: Workspace, name: str, sent: dict[str, Any], now: datetime) -> Resource:
    optional = {member: sent[member] for member in _OPTIONAL if sent.get(member) is not None}
    tags = {"tags": sent["tags"]} if sent.get("tags") else {}
    return {
        "id": f"{workspace.resource_id}/savedSearches/{name}",
        "etag": f"W/\"datetime'{quote(zulu(now), safe='')}'\"",
        "properties": {
            "displayName": sent["displayName"],
            "category": sent["category"],
            "query": sent["query"],
            **optional,
            **tags,
            "version": sent.get("version", 2),
        },
        "name": name,
        "type": "Microsoft.OperationalInsights/savedSearches",
    }


def _built_in(workspace: Workspace) -> Resource:
    """Return a search as it comes with every workspace: nobody wrote it, so it has no etag."""
    name = f"LogManagement({workspace.workspace_name})_LogManagement|AllEvents"
    return {
        "id": f"{workspace.resource_id}/savedSearches/{name}",
        "properties": {
            "displayName": "All Events",
            "category": "Log Management",
            "query": "Event\n| sort by TimeGenerated desc",
            "version": 2,
        },
        "name": name,
        "type": "Microsoft.OperationalInsights/savedSearches",
    }


def starting_searches(workspace: Workspace, seed: int, now: datetime) -> list[Resource]:
    """Return the hunting queries and functions the workspace starts with."""
    made: list[Resource] = [_built_in(workspace)]
    for title, tactics, techniques, query in _HUNTS:
        tags = [
            {"name": "description", "value": title},
            {"name": "tactics", "value": tactics},
            {"name": "techniques", "value": techniques},
        ]
        sent = {"category": "Hunting Queries", "displayName": title, "query": query, "tags": tags}
        made.append(_resource(workspace, seeded_guid(seed, "hunt", title), sent, now))
    function = {
        "category": "Functions",
        "displayName": "Sign-ins of one account",
        "functionAlias": "SigninsOf",
        "functionParameters": "account:string",
        "query": "SigninLogs\n| where UserPrincipalName =~ account",
    }
    made.append(_resource(workspace, seeded_guid(seed, "function", "SigninsOf"), function, now))
    return made


_HUNTS = (
    (
        "Addresses that failed for many accounts",
        "CredentialAccess",
        "T1110",
        (
            'SigninLogs\n| where ResultType != "0"\n| summarize Accounts = dcount(UserPrincipalName) by IPAddress\n'
            "| sort by Accounts desc"
        ),
    ),
    (
        "Rare parents of PowerShell",
        "Execution",
        "T1059",
        (
            'DeviceProcessEvents\n| where FileName =~ "powershell.exe"\n'
            "| summarize Times = count() by InitiatingProcessFileName"
            "\n| sort by Times asc"
        ),
    ),
    (
        "Destinations that take in the most",
        "Exfiltration",
        "T1041",
        "CommonSecurityLog\n| summarize Sent = sum(SentBytes) by DestinationIP\n| top 10 by Sent",
    ),
    (
        "Mailbox rules of the last two weeks",
        "Persistence",
        "T1564",
        'OfficeActivity\n| where Operation endswith "InboxRule"\n| project TimeGenerated, UserId, ClientIP, Parameters',
    ),
    (
        "Applications that were given consent",
        "CredentialAccess",
        "T1528",
        (
            'AuditLogs\n| where OperationName == "Consent to application"\n'
            "| project TimeGenerated, Application = tostring(TargetResources[0].displayName)"
        ),
    ),
    (
        "Machines by last heartbeat",
        "DefenseEvasion",
        "T1562",
        "Heartbeat\n| summarize LastSeen = max(TimeGenerated) by Computer\n| sort by LastSeen asc",
    ),
)
