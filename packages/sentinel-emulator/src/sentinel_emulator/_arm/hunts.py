"""Hunts, what hunters say about them, and what they found (preview operations of the service)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sentinel_emulator.workspace import Workspace, seeded_guid

from .collections import Kind, one_of, operations_of, properties_of, texts
from .etags import new_etag
from .faults import bad_request
from .incident_shapes import no_owner
from .incident_writes import owner_as_sent
from .people import author

if TYPE_CHECKING:
    from datetime import datetime

    from sentinel_emulator._json import Resource

    from .routing import Call, Operation

_STATUSES = ("New", "Active", "Closed", "Backlog", "Approved", "Succeeded", "Failed", "InProgress")
_HYPOTHESES = ("Unknown", "Invalidated", "Validated")


def _hunt(_call: Call, body: Resource, _existing: Resource | None) -> Resource:
    sent = properties_of(body)
    texts(sent, "displayName", "description")
    one_of(sent, "status", _STATUSES, required=False)
    one_of(sent, "hypothesisStatus", _HYPOTHESES, required=False)
    return {
        "properties": {
            "displayName": sent["displayName"],
            "description": sent["description"],
            "status": sent.get("status") or "New",
            "hypothesisStatus": sent.get("hypothesisStatus") or "Unknown",
            "attackTactics": sent.get("attackTactics") or [],
            "attackTechniques": sent.get("attackTechniques") or [],
            "labels": sent.get("labels") or [],
            "owner": owner_as_sent(sent.get("owner")),
        }
    }


def _comment(call: Call, body: Resource, existing: Resource | None) -> Resource:
    sent = properties_of(body)
    texts(sent, "message")
    before: Resource = existing["properties"] if existing else {}
    return {"properties": {"message": sent["message"], "author": before.get("author") or author(call)}}


def _relation(_call: Call, body: Resource, _existing: Resource | None) -> Resource:
    sent = properties_of(body)
    texts(sent, "relatedResourceId")
    related = str(sent["relatedResourceId"])
    above, _, name = related.rpartition("/")
    if not name or not above:
        raise bad_request("The property 'relatedResourceId' must be the id of a resource.")
    return {
        "properties": {
            "relatedResourceId": related,
            "relatedResourceName": name,
            "relationType": above.rpartition("/")[2],
            "relatedResourceKind": sent.get("relatedResourceKind"),
            "labels": sent.get("labels") or [],
        }
    }


HUNTS = Kind("hunts", "hunts", "Hunt", _hunt)
COMMENTS = Kind("comments", "comments", "Hunt comment", _comment, parent=HUNTS)
RELATIONS = Kind("relations", "relations", "Hunt relation", _relation, parent=HUNTS)


def operations() -> list[Operation]:
    """Return the operations on hunts."""
    return [item for kind in (HUNTS, COMMENTS, RELATIONS) for item in operations_of(kind)]


def starting_hunts(workspace: Workspace, seed: int, now: datetime) -> list[Resource]:
    """Return the hunt that the team has begun."""
    name = seeded_guid(seed, "hunt")
    return [
        {
            "id": f"{workspace.sentinel_id}/hunts/{name}",
            "name": name,
            "etag": new_etag(now),
            "type": "Microsoft.SecurityInsights/hunts",
            "properties": {
                "displayName": "Mail that nobody was meant to read",
                "description": "Inbox rules that hide messages about payments come before fraud.",
                "status": "Active",
                "hypothesisStatus": "Unknown",
                "attackTactics": ["DefenseEvasion"],
                "attackTechniques": ["T1564"],
                "labels": ["mail"],
                "owner": no_owner(),
            },
        }
    ]
