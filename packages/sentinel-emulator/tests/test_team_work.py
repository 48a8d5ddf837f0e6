"""Hunts, rule runs, source controls, content and connectors: what a team does beside its incidents."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from sentinel_emulator.testing import Client

NAME = "163e7b2a-a2ec-4041-aaba-d878a38f265f"
HUNT = {"properties": {"displayName": "x", "description": "y", "attackTactics": ["Reconnaissance"]}}
SOURCE = {
    "properties": {
        "displayName": "x",
        "repoType": "Github",
        "contentTypes": ["AnalyticsRule"],
        "repository": {"url": "https://git.contoso.example/x", "branch": "main"},
        "repositoryAccess": {"kind": "PAT", "token": "secret"},
    }
}


def test_the_team_has_begun_a_hunt_a_bookmark_a_task_and_an_action(client: Client) -> None:
    oldest = client.sentinel("GET", "incidents?$orderby=properties/incidentNumber asc").json()["value"][0]["name"]
    rules = client.sentinel("GET", "alertRules").json()["value"]
    rule = next(item["name"] for item in rules if item["kind"] == "Scheduled")
    for path in ("hunts", "bookmarks", f"incidents/{oldest}/tasks", f"alertRules/{rule}/actions"):
        listed = client.sentinel("GET", path).json()["value"]
        assert listed, path
        assert client.sentinel("GET", f"{path}/{listed[0]['name']}").json() == listed[0]


def test_a_hunt_is_written_commented_related_and_forgotten(fresh: Client) -> None:
    made = fresh.sentinel("PUT", f"hunts/{NAME}", HUNT)
    assert made.status == 201
    assert made.json()["properties"]["status"] == "New"
    assert made.json()["properties"]["owner"]["objectId"] is None
    comment = fresh.sentinel("PUT", f"hunts/{NAME}/comments/one", {"properties": {"message": "found it"}})
    assert (comment.status, comment.json()["properties"]["message"]) == (201, "found it")
    bookmark = fresh.sentinel("GET", "bookmarks").json()["value"][0]
    relation = fresh.sentinel(
        "PUT", f"hunts/{NAME}/relations/one", {"properties": {"relatedResourceId": bookmark["id"]}}
    )
    assert relation.json()["properties"]["relatedResourceName"] == bookmark["name"]
    assert fresh.sentinel("DELETE", f"hunts/{NAME}").status == 200
    fresh.sentinel("PUT", f"hunts/{NAME}", HUNT)
    assert fresh.sentinel("GET", f"hunts/{NAME}/comments").json() == {"value": []}


@pytest.mark.parametrize("change", [{"displayName": ""}, {"status": "Old"}, {"owner": 5}, {"hypothesisStatus": "x"}])
def test_a_hunt_that_cannot_be_is_refused(fresh: Client, change: Any) -> None:
    assert fresh.sentinel("PUT", f"hunts/{NAME}", {"properties": {**HUNT["properties"], **change}}).status == 400


def test_a_rule_that_is_run_on_demand_tells_what_it_found(fresh: Client) -> None:
    rules = fresh.sentinel("GET", "alertRules").json()["value"]
    rule = next(item for item in rules if item["properties"]["displayName"] == "Password spray from one address")
    asked = {"properties": {"executionTimeUtc": "2026-03-11T15:00:00Z"}}
    answer = fresh.sentinel("POST", f"alertRules/{rule['name']}/triggerRuleRun", asked)
    assert (answer.status, answer.content) == (202, b"")
    run = fresh.send("GET", answer.headers["location"]).json()
    assert run["properties"]["provisioningState"] == "Succeeded"
    assert run["properties"]["ruleId"] == rule["name"]
    found = fresh.rows(rule["properties"]["query"], f"{rule['properties']['queryPeriod']}/2026-03-11T15:00:00Z")
    assert run["properties"]["ruleRunAdditionalData"] == {"results": len(found)}
    assert fresh.sentinel("GET", "triggeredAnalyticsRuleRuns").json()["value"] == [run]


@pytest.mark.parametrize("moment", ["soon", None, "2026-03-12T00:00:00Z", "2025-03-12T00:00:00Z"])
def test_a_rule_cannot_be_run_at_a_moment_that_has_no_rows(fresh: Client, moment: Any) -> None:
    rules = {item["kind"]: item["name"] for item in fresh.sentinel("GET", "alertRules").json()["value"]}
    asked = {"properties": {"executionTimeUtc": moment}}
    assert fresh.sentinel("POST", f"alertRules/{rules['Scheduled']}/triggerRuleRun", asked).status == 400
    good = {"properties": {"executionTimeUtc": "2026-03-11T15:00:00Z"}}
    assert fresh.sentinel("POST", f"alertRules/{rules['Fusion']}/triggerRuleRun", good).status == 400


def test_the_credentials_of_a_source_control_never_come_back(fresh: Client) -> None:
    made = fresh.sentinel("PUT", f"sourcecontrols/{NAME}", SOURCE)
    assert made.status == 201
    assert b"secret" not in made.content + fresh.sentinel("GET", "sourcecontrols").content
    access = {"properties": {"repositoryAccess": {"kind": "PAT", "token": "secret"}}}
    assert fresh.sentinel("POST", "listRepositories", access).json()["value"][0]["branches"] == ["main"]
    assert fresh.sentinel("POST", "listRepositories", {"properties": {}}).status == 400
    assert fresh.sentinel("POST", f"sourcecontrols/{NAME}/delete", access["properties"]).status == 200
    assert fresh.sentinel("GET", f"sourcecontrols/{NAME}").status == 404
    assert fresh.sentinel("POST", f"sourcecontrols/{NAME}/delete", {}).status == 404


def test_metadata_is_patched_member_by_member(fresh: Client) -> None:
    before = fresh.sentinel("GET", "metadata").json()["value"][0]
    answer = fresh.sentinel("PATCH", f"metadata/{before['name']}", {"properties": {"version": "2.0.0"}})
    assert answer.json()["properties"] == {**before["properties"], "version": "2.0.0"}
    stale = {"etag": '"old"', "properties": {"version": "3.0.0"}}
    assert fresh.sentinel("PATCH", f"metadata/{before['name']}", stale).status == 409


def test_packages_are_installed_and_taken_away(fresh: Client) -> None:
    offered = fresh.sentinel("GET", "contentProductPackages").json()["value"]
    new = next(item for item in offered if "installedVersion" not in item["properties"])
    body = {"properties": {**new["properties"], "contentKind": "Solution"}}
    assert fresh.sentinel("PUT", f"contentPackages/{new['name']}", body).status == 201
    assert fresh.sentinel("GET", f"contentPackages/{new['name']}").status == 200
    assert fresh.sentinel("DELETE", f"contentPackages/{new['name']}").status == 200
    template = fresh.sentinel("GET", "contentProductTemplates").json()["value"][0]
    assert fresh.sentinel("GET", f"contentproducttemplates/{template['name']}").json() == template


def test_only_connectors_that_poll_are_connected(fresh: Client) -> None:
    poller = {"kind": "RestApiPoller", "properties": {"connectorDefinitionName": "FirewallFlows", "isActive": False}}
    assert fresh.sentinel("PUT", "dataConnectors/poller", poller).status == 201
    connect = fresh.sentinel("POST", "dataConnectors/poller/connect", {"kind": "Basic", "password": "secret"})
    assert (connect.status, connect.json()) == (200, {})
    shown = fresh.sentinel("GET", "dataConnectors/poller")
    assert shown.json()["properties"]["isActive"] is True
    assert b"secret" not in shown.content
    assert fresh.sentinel("POST", "dataConnectors/poller/disconnect").status == 200
    other = fresh.sentinel("GET", "dataConnectors").json()["value"][0]["name"]
    assert fresh.sentinel("POST", f"dataConnectors/{other}/connect", {"kind": "Basic"}).status == 400
    check = fresh.sentinel("POST", "dataConnectorsCheckRequirements", {"kind": "AzureActiveDirectory"})
    assert check.json() == {"authorizationState": "Valid", "licenseState": "Valid"}


def test_a_bookmark_is_related_to_an_incident_and_not_to_a_bookmark(fresh: Client) -> None:
    bookmark = fresh.sentinel("GET", "bookmarks").json()["value"][0]
    incident = fresh.sentinel("GET", "incidents").json()["value"][0]
    path = f"bookmarks/{bookmark['name']}/relations/one"
    made = fresh.sentinel("PUT", path, {"properties": {"relatedResourceId": incident["id"]}})
    assert (made.status, made.json()["properties"]["relatedResourceType"]) == (
        200,
        "Microsoft.SecurityInsights/Incidents",
    )
    assert fresh.sentinel("PUT", path, {"properties": {"relatedResourceId": bookmark["id"]}}).status == 400
    assert fresh.sentinel("GET", f"bookmarks/{bookmark['name']}/relations").json()["value"] == [made.json()]
    assert fresh.sentinel("DELETE", path).status == 200
