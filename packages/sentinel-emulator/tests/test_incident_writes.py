"""Writing incidents: no update is lost, and queries see what the API did."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from sentinel_emulator.testing import Client

RECORDINGS = Path(__file__).parents[3].parent / "shared" / "payloads" / "recordings"
NAME = "0bb93d60-a942-42f4-a8de-41d4b42cfd18"
CHILD = "04881f12-f42e-4359-a1ae-b8f409c0777f"


def recorded(name: str) -> Any:
    if not RECORDINGS.is_dir():
        pytest.skip("the recorded payloads (../shared/payloads) are not here")
    return json.loads((RECORDINGS / name).read_text())


def new_incident(client: Client, **properties: object) -> Any:
    body = {"properties": {"title": "Test", "severity": "Low", "status": "New", **properties}}
    answer = client.sentinel("PUT", f"incidents/{NAME}", body)
    assert answer.status in {200, 201}, answer.content
    return answer.json()


def test_a_new_incident_has_the_recorded_members(fresh: Client) -> None:
    recording = recorded("arm_incident_create_201.json")
    answer = fresh.sentinel("PUT", f"incidents/{NAME}", recording["request"]["body"])
    expected = recording["response"]["body"]
    assert answer.status == recording["response"]["status"]
    assert list(answer.json()) == list(expected)
    assert list(answer.json()["properties"]) == list(expected["properties"])
    assert answer.json()["properties"]["owner"] == expected["properties"]["owner"]
    assert answer.json()["properties"]["additionalData"] == expected["properties"]["additionalData"]
    assert answer.json()["properties"]["incidentNumber"] == 4


def test_an_update_with_the_current_etag_is_a_whole_put(fresh: Client) -> None:
    first = new_incident(fresh, description="to go", labels=[{"labelName": "a"}])
    body = {"etag": first["etag"], "properties": {"title": "Test", "severity": "High", "status": "Active"}}
    answer = fresh.sentinel("PUT", f"incidents/{NAME}", body)
    second = answer.json()
    assert answer.status == 200
    assert second["etag"] != first["etag"]
    assert "description" not in second["properties"]
    assert second["properties"]["labels"] == []
    assert second["properties"]["incidentNumber"] == first["properties"]["incidentNumber"]


@pytest.mark.parametrize("etag", [None, '"00000000-0000-0100-0000-000000000000"', "", 5])
def test_closing_an_incident_with_a_stale_etag_changes_nothing(fresh: Client, etag: object) -> None:
    before = new_incident(fresh)
    body = {"etag": etag, "properties": {"title": "Test", "severity": "Low", "status": "Closed"}}
    answer = fresh.sentinel("PUT", f"incidents/{NAME}", body)
    message = f"Newer version of resource '{NAME}' exists. Data was not saved"
    assert answer.status == 409
    assert answer.json() == {"error": {"code": "Conflict", "message": message}}
    assert fresh.sentinel("GET", f"incidents/{NAME}").json() == before


def test_an_incident_that_came_from_alerts_keeps_them_when_it_is_written(fresh: Client) -> None:
    incident = fresh.sentinel("GET", "incidents").json()["value"][0]
    properties = {**incident["properties"], "status": "Closed", "classification": "TruePositive"}
    body = {"etag": incident["etag"], "properties": properties}
    written = fresh.sentinel("PUT", f"incidents/{incident['name']}", body).json()
    assert written["properties"]["additionalData"] == incident["properties"]["additionalData"]
    assert written["properties"]["relatedAnalyticRuleIds"] == incident["properties"]["relatedAnalyticRuleIds"]
    assert fresh.sentinel("POST", f"incidents/{incident['name']}/alerts").json()["value"]


def test_queries_see_what_the_api_did_whenever_it_happened(fresh: Client) -> None:
    kql = f'SecurityIncident | where IncidentName == "{NAME}" | project Status, Title'
    first = new_incident(fresh)
    assert fresh.rows(kql) == [["New", "Test"]]
    body = {"etag": first["etag"], "properties": {"title": "Done", "severity": "Low", "status": "Closed"}}
    fresh.sentinel("PUT", f"incidents/{NAME}", body)
    assert fresh.rows(kql) == [["New", "Test"], ["Closed", "Done"]]


@pytest.mark.parametrize(
    ("change", "word"),
    [
        ({"title": ""}, "title"),
        ({"title": None}, "title"),
        ({"severity": "Critical"}, "severity"),
        ({"status": "Open"}, "status"),
        ({"classification": "Sure"}, "classification"),
        ({"owner": "me"}, "owner"),
        ({"labels": ["a"]}, "label"),
        ({"labels": "a"}, "labels"),
    ],
)
def test_an_incident_that_cannot_be_is_refused_and_the_property_named(fresh: Client, change: Any, word: str) -> None:
    body = {"properties": {"title": "Test", "severity": "Low", "status": "New"} | change}
    answer = fresh.sentinel("PUT", f"incidents/{NAME}", body)
    assert answer.status == 400
    assert word in answer.json()["error"]["message"]
    assert fresh.sentinel("GET", f"incidents/{NAME}").status == 404


def test_a_deleted_incident_answers_an_empty_object_and_takes_its_children_along(fresh: Client) -> None:
    new_incident(fresh)
    fresh.sentinel("PUT", f"incidents/{NAME}/comments/{CHILD}", {"properties": {"message": "x"}})
    answer = fresh.sentinel("DELETE", f"incidents/{NAME}")
    assert (answer.status, answer.json()) == (200, {})
    assert fresh.sentinel("DELETE", f"incidents/{NAME}").status == 204
    new_incident(fresh)
    assert fresh.sentinel("GET", f"incidents/{NAME}/comments").json() == {"value": []}


def test_a_comment_has_the_recorded_members_and_is_counted(fresh: Client) -> None:
    recording = recorded("arm_incident_comment_create_201.json")
    before = new_incident(fresh)
    answer = fresh.sentinel("PUT", f"incidents/{NAME}/comments/{CHILD}", recording["request"]["body"])
    expected = recording["response"]["body"]
    assert answer.status == 201
    assert list(answer.json()) == list(expected)
    assert list(answer.json()["properties"]) == list(expected["properties"])
    after = fresh.sentinel("GET", f"incidents/{NAME}").json()
    assert after["properties"]["additionalData"]["commentsCount"] == 1
    assert after["etag"] != before["etag"]
    assert fresh.sentinel("DELETE", f"incidents/{NAME}/comments/{CHILD}").status == 200
    assert fresh.sentinel("GET", f"incidents/{NAME}").json()["properties"]["additionalData"]["commentsCount"] == 0


def test_a_comment_may_not_be_empty_or_endless(fresh: Client) -> None:
    new_incident(fresh)
    for message in ("", " ", None, "x" * 30_001):
        body = {"properties": {"message": message}}
        assert fresh.sentinel("PUT", f"incidents/{NAME}/comments/{CHILD}", body).status == 400


def test_a_task_is_made_completed_and_deleted(fresh: Client) -> None:
    new_incident(fresh)
    path = f"incidents/{NAME}/tasks/{CHILD}"
    assert fresh.sentinel("PUT", path, {"properties": {"title": "Ask", "status": "New"}}).status == 201
    done = fresh.sentinel("PUT", path, {"properties": {"title": "Ask", "status": "Completed"}})
    assert (done.status, done.json()["properties"]["status"]) == (200, "Completed")
    assert [item["name"] for item in fresh.sentinel("GET", f"incidents/{NAME}/tasks").json()["value"]] == [CHILD]
    assert fresh.sentinel("DELETE", path).status == 200
    assert fresh.sentinel("GET", path).status == 404
    assert fresh.sentinel("PUT", path, {"properties": {"title": "Ask", "status": "Half"}}).status == 400


def test_a_related_bookmark_shows_with_the_incident(fresh: Client) -> None:
    recording = recorded("arm_incident_relation_create_200.json")
    new_incident(fresh)
    bookmark = {"properties": {"displayName": "Kept", "query": "SigninLogs | take 1"}}
    made = fresh.sentinel("PUT", f"bookmarks/{CHILD}", bookmark).json()
    body = {"properties": {"relatedResourceId": made["id"]}}
    relation = fresh.sentinel("PUT", f"incidents/{NAME}/relations/{CHILD}", body)
    expected = recording["response"]["body"]
    assert relation.status == 200
    assert list(relation.json()) == list(expected)
    assert list(relation.json()["properties"]) == list(expected["properties"])
    assert relation.json()["type"] == expected["type"]
    shown = fresh.sentinel("POST", f"incidents/{NAME}/bookmarks").json()["value"]
    assert [(item["kind"], item["properties"]["displayName"]) for item in shown] == [("Bookmark", "Kept")]
    assert fresh.sentinel("GET", f"incidents/{NAME}").json()["properties"]["additionalData"]["bookmarksCount"] == 1


def test_a_relation_to_what_does_not_exist_is_refused(fresh: Client) -> None:
    new_incident(fresh)
    above = fresh.emulator.workspace.sentinel_id
    for related in (f"{above}/Bookmarks/nope", "nonsense", f"{above}/alertRules/x", ""):
        body = {"properties": {"relatedResourceId": related}}
        assert fresh.sentinel("PUT", f"incidents/{NAME}/relations/{CHILD}", body).status == 400


def test_a_playbook_runs_on_an_incident_and_on_an_entity(fresh: Client) -> None:
    new_incident(fresh)
    body = {"logicAppsResourceId": "/subscriptions/x/providers/Microsoft.Logic/workflows/p", "tenantId": "t"}
    assert fresh.sentinel("POST", f"incidents/{NAME}/runPlaybook", body).status == 204
    assert fresh.sentinel("POST", f"entities/{CHILD}/runPlaybook", body).status == 204
    assert fresh.sentinel("POST", "incidents/nope/runPlaybook", body).status == 404
    assert fresh.sentinel("POST", f"incidents/{NAME}/runPlaybook", {}).status == 400


def test_the_bearer_of_the_token_is_the_author(fresh: Client) -> None:
    new_incident(fresh)
    token, _ = fresh.emulator.tokens.issue("https://management.azure.com", name="somebody", object_id=CHILD)
    path = f"incidents/{NAME}/comments/{CHILD}"
    comment = fresh.sentinel("PUT", path, {"properties": {"message": "x"}}, token=token).json()
    assert comment["properties"]["author"] == {
        "objectId": CHILD,
        "email": None,
        "name": "somebody",
        "userPrincipalName": None,
    }
