"""Writing incidents and what hangs on them: comments, tasks, relations, and running a playbook.

An update is a whole PUT that carries the etag it is based on; one that is no longer current is a conflict and changes
nothing. Every write leaves a row in `SecurityIncident`, so that queries and the API tell the same story.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from sentinel_emulator.workspace import seeded_guid

from .bookmarks import BOOKMARKS
from .collections import Kind, delete, one_of, operations_of, properties_of, put, texts
from .etags import new_etag
from .faults import bad_request
from .incident_shapes import OWNER_MEMBERS, incident_url, no_owner
from .moments import zulu
from .people import author
from .routing import Call, Operation, Reply, operation

if TYPE_CHECKING:
    from sentinel_emulator._json import Resource

_STATUSES = ("New", "Active", "Closed")
_SEVERITIES = ("High", "Medium", "Low", "Informational")
_CLASSIFICATIONS = ("Undetermined", "TruePositive", "BenignPositive", "FalsePositive")
_REASONS = ("SuspiciousActivity", "SuspiciousButExpected", "IncorrectAlertLogic", "InaccurateData")
_OPTIONAL = ("classification", "classificationReason", "classificationComment")
_LONGEST_COMMENT = 30_000


def _incident(call: Call, body: Resource, existing: Resource | None) -> Resource:
    sent = properties_of(body)
    texts(sent, "title")
    one_of(sent, "severity", _SEVERITIES)
    one_of(sent, "status", _STATUSES)
    one_of(sent, "classification", _CLASSIFICATIONS, required=False)
    one_of(sent, "classificationReason", _REASONS, required=False)
    before: Resource = existing["properties"] if existing else {}
    number = before.get("incidentNumber") or 1 + max(
        (item["properties"]["incidentNumber"] for item in call.emulator.sentinel.of("incidents").values()), default=0
    )
    moment = zulu(call.now)
    written: Resource = {"title": sent["title"]}
    if sent.get("description") is not None:
        written["description"] = sent["description"]
    written |= {"severity": sent["severity"], "status": sent["status"]}
    written |= {name: sent[name] for name in _OPTIONAL if sent.get(name) is not None}
    written |= {"owner": owner_as_sent(sent.get("owner")), "labels": _labels(sent.get("labels"))}
    for name in ("firstActivityTimeUtc", "lastActivityTimeUtc"):
        value = sent.get(name) or before.get(name)
        if value is not None:
            written[name] = value
    nothing: Resource = {
        "alertsCount": 0,
        "bookmarksCount": 0,
        "commentsCount": 0,
        "alertProductNames": [],
        "tactics": [],
    }
    return {
        "properties": {
            **written,
            "lastModifiedTimeUtc": moment,
            "createdTimeUtc": before.get("createdTimeUtc", moment),
            "incidentNumber": number,
            "additionalData": before.get("additionalData", nothing),
            "relatedAnalyticRuleIds": before.get("relatedAnalyticRuleIds", []),
            "incidentUrl": incident_url(call.emulator.workspace, call.names["incidents"].lower()),
            "providerName": before.get("providerName", "Azure Sentinel"),
            "providerIncidentId": before.get("providerIncidentId", str(number)),
        }
    }


def owner_as_sent(sent: object) -> Resource:
    """Return an owner with all its members, nulls where nothing was sent; raises a 400 for what is no object."""
    if sent is None:
        return no_owner()
    if not isinstance(sent, dict):
        raise bad_request("The property 'owner' must be an object.")
    given = cast("Resource", sent)
    owner = {name: given.get(name) for name in OWNER_MEMBERS}
    if any(owner.values()) and not owner["ownerType"]:
        owner["ownerType"] = "User"
    return owner


def _labels(sent: object) -> list[Resource]:
    if sent is None:
        return []
    if not isinstance(sent, list):
        raise bad_request("The property 'labels' must be a list.")
    labels: list[Resource] = []
    for label in cast("list[object]", sent):
        name = cast("Resource", label).get("labelName") if isinstance(label, dict) else None
        if not isinstance(name, str) or not name:
            raise bad_request("Every label needs a 'labelName'.")
        labels.append({"labelName": name, "labelType": cast("Resource", label).get("labelType") or "User"})
    return labels


def _comment(call: Call, body: Resource, existing: Resource | None) -> Resource:
    sent = properties_of(body)
    texts(sent, "message")
    if len(sent["message"]) > _LONGEST_COMMENT:
        raise bad_request(f"A comment may have at most {_LONGEST_COMMENT} characters.")
    before: Resource = existing["properties"] if existing else {}
    moment = zulu(call.now)
    return {
        "properties": {
            "message": sent["message"],
            "createdTimeUtc": before.get("createdTimeUtc", moment),
            "lastModifiedTimeUtc": moment,
            "author": before.get("author") or author(call),
        }
    }


def _task(call: Call, body: Resource, existing: Resource | None) -> Resource:
    sent = properties_of(body)
    texts(sent, "title")
    one_of(sent, "status", ("New", "Completed"))
    before: Resource = existing["properties"] if existing else {}
    moment = zulu(call.now)
    described = {"description": sent["description"]} if sent.get("description") is not None else {}
    return {
        "properties": {
            "title": sent["title"],
            **described,
            "status": sent["status"],
            "createdTimeUtc": before.get("createdTimeUtc", moment),
            "lastModifiedTimeUtc": moment,
            "createdBy": before.get("createdBy") or author(call),
            "lastModifiedBy": author(call),
        }
    }


def _relation(call: Call, body: Resource, _existing: Resource | None) -> Resource:
    sent = properties_of(body)
    texts(sent, "relatedResourceId")
    related = str(sent["relatedResourceId"])
    above, _, name = related.rpartition("/")
    below = above.lower().rpartition("/providers/microsoft.securityinsights/")[2]
    kinds = _RELATED_TO_BOOKMARKS if BOOKMARKS.segment in call.names else _RELATED_TO_INCIDENTS
    if below not in kinds or not name:
        raise bad_request(f"The property 'relatedResourceId' must be the id of one of the {' or '.join(kinds)}.")
    if below == "bookmarks" and name.lower() not in call.emulator.sentinel.of("bookmarks"):
        raise bad_request(f"The bookmark '{name}' does not exist.")
    return {
        "properties": {
            "relatedResourceId": related,
            "relatedResourceName": name,
            "relatedResourceType": f"Microsoft.SecurityInsights/{kinds[below]}",
        }
    }


_RELATED_TO_INCIDENTS = {"bookmarks": "Bookmarks", "entities": "Entities"}
_RELATED_TO_BOOKMARKS = {"incidents": "Incidents", "entities": "Entities"}

INCIDENTS = Kind("incidents", "Incidents", "Incident", _incident, guarded=True)
COMMENTS = Kind("comments", "Comments", "Incident comment", _comment, parent=INCIDENTS)
TASKS = Kind("tasks", "tasks", "Incident task", _task, parent=INCIDENTS)
RELATIONS = Kind("relations", "relations", "Incident relation", _relation, created=200, parent=INCIDENTS)
BOOKMARK_RELATIONS = Kind("relations", "relations", "Bookmark relation", _relation, created=200, parent=BOOKMARKS)


def operations() -> list[Operation]:
    """Return the operations that write incidents and their children."""
    children = [item for kind in (TASKS, RELATIONS) for item in operations_of(kind) if item.method in {"GET", "DELETE"}]
    return [
        operation("PUT", INCIDENTS.pattern, f"{INCIDENTS.permission}/write", _put_incident),
        operation("DELETE", INCIDENTS.pattern, f"{INCIDENTS.permission}/delete", _delete_incident),
        operation("PUT", COMMENTS.pattern, f"{COMMENTS.permission}/write", lambda call: _put_child(COMMENTS, call)),
        operation(
            "DELETE", COMMENTS.pattern, f"{COMMENTS.permission}/delete", lambda call: _delete_child(COMMENTS, call)
        ),
        operation("PUT", TASKS.pattern, f"{TASKS.permission}/write", lambda call: put(TASKS, call)),
        operation("PUT", RELATIONS.pattern, f"{RELATIONS.permission}/write", lambda call: _put_child(RELATIONS, call)),
        *children,
        *operations_of(BOOKMARK_RELATIONS),
        operation(
            "POST",
            f"{INCIDENTS.pattern}/runPlaybook",
            f"{INCIDENTS.permission}/runPlaybook/action",
            lambda call: _run_playbook(call, INCIDENTS.found(call)),
        ),
        operation(
            "POST",
            "entities/{entity}/runPlaybook",
            "Microsoft.SecurityInsights/entities/runPlaybook/action",
            lambda call: _run_playbook(call, {}),
        ),
    ]


def _put_incident(call: Call) -> Reply:
    reply = put(INCIDENTS, call)
    _record(call, reply.body)
    return reply


def _delete_incident(call: Call) -> Reply:
    """A deleted incident answers 200 with an empty object, as recorded."""
    reply = delete(INCIDENTS, call)
    return Reply({}) if reply.status == 200 else reply


def _put_child(kind: Kind, call: Call) -> Reply:
    reply = put(kind, call)
    _touch(call)
    return reply


def _delete_child(kind: Kind, call: Call) -> Reply:
    reply = delete(kind, call)
    if reply.status == 200:
        _touch(call)
    return reply


def _touch(call: Call) -> None:
    """Count an incident's children anew, and move on its etag and its time."""
    incident = INCIDENTS.found(call)
    name, state = incident["name"], call.emulator.sentinel
    properties: Resource = incident["properties"]
    relations = state.of("incidents", name, "relations").values()
    bookmarks = [item for item in relations if item["properties"]["relatedResourceType"].endswith("/Bookmarks")]
    counts = {"bookmarksCount": len(bookmarks), "commentsCount": len(state.of("incidents", name, "comments"))}
    changed = {
        **incident,
        "etag": new_etag(call.now),
        "properties": {
            **properties,
            "lastModifiedTimeUtc": zulu(call.now),
            "additionalData": {**properties["additionalData"], **counts},
        },
    }
    state.of("incidents")[name.lower()] = changed
    _record(call, changed)


def _run_playbook(call: Call, _resource: Resource) -> Reply:
    body = call.body()
    texts(body, "logicAppsResourceId")
    return Reply(status=204)


def _record(call: Call, incident: Resource) -> None:
    """Leave a row in `SecurityIncident`, as the service does for every change."""
    properties: Resource = incident["properties"]
    owner = {name: value for name, value in properties["owner"].items() if name != "ownerType"}
    comments = call.emulator.sentinel.of("incidents", incident["name"], "comments").values()
    row: Resource = {
        "TimeGenerated": call.now,
        "IncidentName": incident["name"],
        "Title": properties["title"],
        "Description": properties.get("description", ""),
        "Severity": properties["severity"],
        "Status": properties["status"],
        "Classification": properties.get("classification", ""),
        "ClassificationReason": properties.get("classificationReason", ""),
        "ClassificationComment": properties.get("classificationComment", ""),
        "Owner": owner,
        "ProviderName": properties["providerName"],
        "ProviderIncidentId": properties["providerIncidentId"],
        "FirstActivityTime": _without_zone(properties.get("firstActivityTimeUtc")),
        "LastActivityTime": _without_zone(properties.get("lastActivityTimeUtc")),
        "LastModifiedTime": call.now,
        "CreatedTime": _without_zone(properties["createdTimeUtc"]),
        "ClosedTime": call.now if properties["status"] == "Closed" else None,
        "RelatedAnalyticRuleIds": [rule.rpartition("/")[2] for rule in properties["relatedAnalyticRuleIds"]],
        "AlertIds": _alert_ids(call, incident["name"]),
        "BookmarkIds": [],
        "Comments": [item["properties"] for item in comments],
        "Labels": properties["labels"],
        "IncidentUrl": properties["incidentUrl"],
        "AdditionalData": properties["additionalData"],
        "ModifiedBy": call.claims.name,
        "SourceSystem": "Azure",
        "IncidentNumber": properties["incidentNumber"],
    }
    call.emulator.log("SecurityIncident", row)


def _alert_ids(call: Call, name: str) -> list[str]:
    seed = call.emulator.seed
    cases = (case for case in call.emulator.cases if seeded_guid(seed, "incident", case.key) == name)
    return [seeded_guid(seed, "alert", alert.key) for case in cases for alert in case.alerts]


def _without_zone(text: str | None) -> str | None:
    return None if text is None else text.removesuffix("Z")
