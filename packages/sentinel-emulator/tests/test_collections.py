"""Every other kind of resource: list, get, put, delete, in the shapes the service was recorded to answer."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from sentinel_emulator.testing import Client

PAYLOADS = Path(__file__).parents[3].parent / "shared" / "payloads"
NAME = "d65a3750-5f16-4b60-a0c2-ca1ee7a40899"
SCHEDULED: dict[str, Any] = {
    "kind": "Scheduled",
    "properties": {
        "displayName": "Rule",
        "enabled": True,
        "severity": "Low",
        "query": "SecurityEvent | take 1",
        "queryFrequency": "PT1H",
        "queryPeriod": "P1D",
        "triggerOperator": "GreaterThan",
        "triggerThreshold": 0,
        "suppressionDuration": "PT5H",
        "suppressionEnabled": False,
    },
}
BOOKMARK: dict[str, Any] = {"properties": {"displayName": "Kept", "query": "SigninLogs | take 1"}}
AUTOMATION: dict[str, Any] = {
    "properties": {
        "displayName": "Rule",
        "order": 1,
        "triggeringLogic": {"isEnabled": True, "triggersOn": "Incidents", "triggersWhen": "Created", "conditions": []},
        "actions": [],
    }
}
WATCHLIST: dict[str, Any] = {
    "properties": {
        "displayName": "Assets",
        "provider": "Custom",
        "source": "assets.csv",
        "itemsSearchKey": "Asset",
        "contentType": "text/csv",
        "numberOfLinesToSkip": 1,
        "rawContent": "skipped\nAsset,Tier\nDC01,0\nDC02,1",
    }
}
INDICATOR: dict[str, Any] = {
    "kind": "indicator",
    "properties": {
        "displayName": "Bad",
        "source": "Me",
        "pattern": "[ipv4-addr:value = '203.0.113.9']",
        "patternType": "ipv4-addr",
        "threatTypes": ["compromised"],
        "confidence": 50,
    },
}
SEARCH: dict[str, Any] = {
    "properties": {"category": "Hunting Queries", "displayName": "Hunt", "query": "SigninLogs | take 1"}
}


def recorded(name: str) -> Any:
    path = PAYLOADS / "recordings" / name
    if not path.is_file():
        pytest.skip("the recorded payloads (../shared/payloads) are not here")
    return json.loads(path.read_text())


def members(value: Any) -> list[str]:
    return list(value["properties"])


@pytest.mark.parametrize(
    ("path", "body", "created"),
    [
        ("alertRules", SCHEDULED, 201),
        ("automationRules", AUTOMATION, 201),
        ("bookmarks", BOOKMARK, 200),
        ("watchlists", WATCHLIST, 201),
        ("dataConnectors", {"kind": "Office365", "properties": {"dataTypes": {}}}, 201),
        ("metadata", {"properties": {"kind": "AnalyticsRule", "parentId": "x"}}, 201),
        ("securityMLAnalyticsSettings", {"kind": "Anomaly", "properties": {"enabled": True}}, 201),
        ("threatIntelligence/main/indicators", INDICATOR, 201),
    ],
)
def test_a_resource_is_made_read_listed_replaced_and_deleted(fresh: Client, path: str, body: Any, created: int) -> None:
    one = f"{path}/{NAME}"
    before = fresh.sentinel("GET", f"{path}?$top=1000").json()["value"]
    made = fresh.sentinel("PUT", one, body)
    assert made.status == created, made.content
    assert fresh.sentinel("GET", one).json() == made.json()
    assert len(fresh.sentinel("GET", f"{path}?$top=1000").json()["value"]) == len(before) + 1
    assert fresh.sentinel("PUT", one, {**body, "etag": '"stale"'}).status == 409
    again = fresh.sentinel("PUT", one, {**body, "etag": made.json()["etag"]})
    assert again.status == 200
    assert again.json()["etag"] != made.json()["etag"]
    assert fresh.sentinel("DELETE", one).status in {200, 202}
    assert fresh.sentinel("GET", one).status == 404
    assert fresh.sentinel("DELETE", one).status == 204
    assert fresh.sentinel("GET", f"{path}?$top=1000").json()["value"] == before


@pytest.mark.parametrize(
    "path",
    [
        "alertRuleTemplates",
        "contentPackages",
        "contentProductPackages",
        "contentTemplates",
        "sourcecontrols",
        "onboardingStates",
        "settings",
    ],
)
def test_what_is_there_from_the_start_can_be_listed_and_read(client: Client, path: str) -> None:
    for item in client.sentinel("GET", path).json()["value"]:
        assert client.sentinel("GET", f"{path}/{item['name']}").json() == item


@pytest.mark.parametrize("path", ["alertRules", "bookmarks", "watchlists", "automationRules", "savedSearches"])
@pytest.mark.parametrize("body", [b"{", b"[]", {}, {"properties": []}, {"properties": {}}])
def test_a_body_that_cannot_be_used_is_refused(fresh: Client, path: str, body: Any) -> None:
    send = fresh.arm if path == "savedSearches" else fresh.sentinel
    where = f"/{path}/{NAME}" if path == "savedSearches" else f"{path}/{NAME}"
    answer = send("PUT", where, body)
    assert answer.status == 400
    assert answer.json()["error"]["message"].endswith(".")


def test_a_name_with_odd_characters_is_refused(fresh: Client) -> None:
    assert fresh.sentinel("PUT", "bookmarks/a%20b", BOOKMARK).status == 400
    assert fresh.sentinel("PUT", f"bookmarks/{'x' * 300}", BOOKMARK).status == 400


# Rules.


def test_a_new_rule_has_the_recorded_members_with_nulls_where_nothing_was_set(fresh: Client) -> None:
    recording = recorded("arm_alertrule_create_201.json")
    answer = fresh.sentinel("PUT", f"alertRules/{NAME}", recording["request"]["body"])
    expected, found = recording["response"]["body"], answer.json()
    assert list(found) == list(expected)
    assert members(found) == members(expected)
    volatile = {"lastModifiedUtc"}
    assert {k: v for k, v in found["properties"].items() if k not in volatile} == {
        k: v for k, v in expected["properties"].items() if k not in volatile
    }


def test_there_are_rules_of_every_kind_and_a_template_for_each(client: Client) -> None:
    rules = client.sentinel("GET", "alertRules").json()["value"]
    templates = client.sentinel("GET", "alertRuleTemplates").json()["value"]
    kinds = {"Scheduled", "NRT", "Fusion", "MicrosoftSecurityIncidentCreation", "ThreatIntelligence"}
    assert kinds <= {rule["kind"] for rule in rules}
    assert len(templates) >= 25
    names = {template["name"] for template in templates}
    assert all(rule["properties"]["alertRuleTemplateName"] in names for rule in rules)
    assert "BuiltInFusion" in {rule["name"] for rule in rules}


def test_every_rule_of_the_organisation_runs_and_those_of_the_intrusion_find_it(client: Client) -> None:
    for template in client.sentinel("GET", "alertRuleTemplates").json()["value"]:
        properties = template["properties"]
        if "query" in properties:
            answer = client.query(properties["query"])
            assert answer.status == 200, (properties["displayName"], answer.content)
    incidents = client.sentinel("GET", "incidents").json()["value"]
    for incident in incidents:
        for rule in incident["properties"]["relatedAnalyticRuleIds"]:
            properties = client.sentinel("GET", f"alertRules/{rule.rpartition('/')[2]}").json()["properties"]
            assert client.rows(properties["query"]), properties["displayName"]


def test_members_nobody_knows_survive(fresh: Client) -> None:
    body = {**SCHEDULED, "properties": {**SCHEDULED["properties"], "somethingNew": {"a": [1]}}}
    assert fresh.sentinel("PUT", f"alertRules/{NAME}", body).json()["properties"]["somethingNew"] == {"a": [1]}


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"query": "Nope | take 1"}, "Failed to run the analytics rule query. One of the tables does not exist."),
        ({"query": "SecurityEvent | where Nope == 1"}, "FailedToResolveScalarExpression"),
        ({"enabled": "yes"}, "enabled"),
        ({"severity": "Critical"}, "severity"),
        ({"triggerOperator": "Above"}, "triggerOperator"),
        ({"triggerThreshold": -1}, "triggerThreshold"),
        ({"queryFrequency": "1h"}, "queryFrequency"),
        ({"displayName": ""}, "displayName"),
    ],
)
def test_a_rule_that_cannot_be_is_refused(fresh: Client, change: dict[str, Any], message: str) -> None:
    properties: dict[str, Any] = {**SCHEDULED["properties"], **change}
    answer = fresh.sentinel("PUT", f"alertRules/{NAME}", {"kind": "Scheduled", "properties": properties})
    assert answer.status == 400
    assert message in answer.json()["error"]["message"]


def test_an_action_never_gives_away_the_address_that_starts_a_playbook(fresh: Client) -> None:
    fresh.sentinel("PUT", f"alertRules/{NAME}", SCHEDULED)
    body = {"properties": {"logicAppResourceId": "/x/workflows/p", "triggerUri": "https://secret.example/"}}
    made = fresh.sentinel("PUT", f"alertRules/{NAME}/actions/{NAME}", body)
    assert made.status == 201
    assert sorted(made.json()["properties"]) == ["logicAppResourceId", "workflowId"]
    assert b"secret" not in fresh.sentinel("GET", f"alertRules/{NAME}/actions").content
    assert fresh.sentinel("GET", "alertRules/nope/actions").status == 404


# Bookmarks and automation rules.


def test_a_bookmark_has_the_recorded_members(fresh: Client) -> None:
    recording = recorded("arm_bookmark_create_200.json")
    answer = fresh.sentinel("PUT", f"bookmarks/{NAME}", recording["request"]["body"])
    expected = recording["response"]["body"]
    assert answer.status == recording["response"]["status"]
    assert list(answer.json()) == list(expected)
    assert members(answer.json()) == members(expected)
    assert answer.json()["properties"]["eventTime"] == expected["properties"]["eventTime"]
    assert (
        fresh.sentinel("PUT", f"bookmarks/{NAME}", {"properties": {**BOOKMARK["properties"], "eventTime": "x"}}).status
        == 400
    )


def test_automation_rules_have_the_recorded_members(client: Client) -> None:
    expected = recorded("arm_automationrules_list_200.json")["response"]["body"]["value"][0]
    for found in client.sentinel("GET", "automationRules").json()["value"]:
        assert list(found) == list(expected)
        assert members(found) == members(expected)


# Watchlists.


def test_the_raw_content_of_a_watchlist_becomes_its_items(fresh: Client) -> None:
    made = fresh.sentinel("PUT", "watchlists/Assets", WATCHLIST).json()
    assert "rawContent" not in made["properties"]
    items = fresh.sentinel("GET", "watchlists/assets/watchlistItems").json()["value"]
    assert [item["properties"]["itemsKeyValue"] for item in items] == [
        {"Asset": "DC01", "Tier": "0"},
        {"Asset": "DC02", "Tier": "1"},
    ]
    more = {"properties": {**WATCHLIST["properties"], "rawContent": "-\nAsset,Tier\nDC02,9\nDC03,2"}}
    fresh.sentinel("PUT", "watchlists/Assets", more)
    items = fresh.sentinel("GET", "watchlists/Assets/watchlistItems").json()["value"]
    assert [item["properties"]["itemsKeyValue"]["Asset"] for item in items] == ["DC01", "DC02", "DC03"]


def test_an_item_is_written_and_deleted_by_itself(fresh: Client) -> None:
    path = f"watchlists/HighValueAssets/watchlistItems/{NAME}"
    made = fresh.sentinel("PUT", path, {"properties": {"itemsKeyValue": {"Asset": "X"}}})
    assert made.status == 201
    assert made.json()["type"] == "Microsoft.SecurityInsights/Watchlists/WatchlistItems"
    assert fresh.sentinel("PUT", path, {"properties": {"itemsKeyValue": {}}}).status == 400
    assert fresh.sentinel("DELETE", path).status == 200
    assert fresh.sentinel("GET", "watchlists/nope/watchlistItems").status == 404


@pytest.mark.parametrize(
    ("change", "word"),
    [
        ({"itemsSearchKey": "Nope"}, "Nope"),
        ({"rawContent": "x\nAsset,Tier\nDC01"}, "Line 3"),
        ({"rawContent": "x\nAsset,Tier\nDC01,0,9"}, "Line 3"),
        ({"rawContent": 5}, "rawContent"),
        ({"numberOfLinesToSkip": -1}, "numberOfLinesToSkip"),
        ({"rawContent": 'x\nAsset,Tier\n"DC01,0'}, "cannot be read"),
    ],
)
def test_raw_content_that_cannot_be_read_is_refused_with_its_line(fresh: Client, change: Any, word: str) -> None:
    answer = fresh.sentinel("PUT", "watchlists/Assets", {"properties": {**WATCHLIST["properties"], **change}})
    assert answer.status == 400
    assert word in answer.json()["error"]["message"]
    assert fresh.sentinel("GET", "watchlists/Assets").status == 404


def test_deleting_a_watchlist_takes_a_while_in_newer_versions_only(fresh: Client) -> None:
    fresh.sentinel("PUT", "watchlists/Assets", WATCHLIST)
    assert fresh.sentinel("DELETE", "watchlists/Assets", version="2021-10-01").status == 200
    fresh.sentinel("PUT", "watchlists/Assets", WATCHLIST)
    answer = fresh.sentinel("DELETE", "watchlists/Assets")
    assert answer.status == 202
    assert fresh.send("GET", answer.headers["azure-asyncoperation"]).json()["status"] == "Succeeded"


# Threat intelligence.


def test_indicators_are_those_of_the_table(client: Client) -> None:
    expected = recorded("arm_ti_queryindicators_200.json")["response"]["body"]["value"][0]
    answer = client.sentinel("POST", "threatIntelligence/main/queryIndicators", {"keywords": ["203.0.113.200"]})
    (found,) = answer.json()["value"]
    assert list(found) == list(expected)
    assert set(expected["properties"]) <= set(found["properties"])
    assert client.rows("ThreatIntelIndicators | summarize dcount(Id)") == [
        [len(client.sentinel("GET", "threatIntelligence/main/indicators?$top=1000").json()["value"])]
    ]


def test_indicators_are_queried_page_by_page(client: Client) -> None:
    body = {"pageSize": 30, "patternTypes": ["domain-name"], "minConfidence": 0}
    page = client.sentinel("POST", "threatIntelligence/main/queryIndicators", body).json()
    rest = client.send("POST", page["nextLink"], body).json()
    names = {item["name"] for item in (*page["value"], *rest["value"])}
    assert len(page["value"]) == 30
    assert len(names) == 30 + len(rest["value"])
    assert client.sentinel("POST", "threatIntelligence/main/queryIndicators", {"pageSize": 0}).status == 400
    assert client.sentinel("POST", "threatIntelligence/main/queryIndicators", {"sources": 5}).status == 400


def test_a_written_indicator_can_be_queried_and_tagged(fresh: Client) -> None:
    made = fresh.sentinel("POST", "threatIntelligence/main/createIndicator", INDICATOR)
    assert made.status == 201
    assert fresh.rows("ThreatIntelIndicators | where ObservableValue == '203.0.113.9' and Source == 'Me' | count") == [
        [1]
    ]
    path = f"threatIntelligence/main/indicators/{made.json()['name']}"
    assert fresh.sentinel("POST", f"{path}/appendTags", {"threatIntelligenceTags": ["a", "b", "a"]}).status == 200
    assert fresh.sentinel("GET", path).json()["properties"]["threatIntelligenceTags"] == ["a", "b"]
    replaced = fresh.sentinel("POST", f"{path}/replaceTags", {"properties": {"threatIntelligenceTags": ["c"]}})
    assert replaced.json()["properties"]["threatIntelligenceTags"] == ["c"]
    for change in ({"pattern": "x"}, {"confidence": 101}, {"displayName": ""}):
        body = {"kind": "indicator", "properties": {**INDICATOR["properties"], **change}}
        assert fresh.sentinel("POST", "threatIntelligence/main/createIndicator", body).status == 400


def test_metrics_count_the_indicators(client: Client) -> None:
    expected = recorded("arm_ti_metrics_200.json")["response"]["body"]["value"][0]["properties"]
    found = client.sentinel("GET", "threatIntelligence/main/metrics").json()["value"][0]["properties"]
    assert list(found) == list(expected)
    assert sum(item["metricValue"] for item in found["patternTypeMetrics"]) == 241


# Settings, enrichment, saved searches, usages, playbooks.


def test_settings_and_onboarding_have_the_recorded_members(client: Client) -> None:
    expected = recorded("arm_settings_list_200.json")["response"]["body"]["value"][0]
    found = client.sentinel("GET", "settings").json()["value"]
    assert [sorted(item) for item in found] == [sorted(expected)] * len(found)
    state = recorded("arm_onboardingstates_list_200.json")["response"]["body"]["value"][0]
    (onboarded,) = client.sentinel("GET", "onboardingStates").json()["value"]
    assert list(onboarded) == list(state)
    assert onboarded["properties"] == state["properties"]


def test_enrichment_has_the_recorded_members_and_invents_nothing(client: Client) -> None:
    expected = recorded("arm_enrichment_geodata_200.json")["response"]["body"]
    found = client.sentinel("POST", "enrichment/main/listGeodataByIp", {"ipAddress": "203.0.113.77"}).json()
    assert list(found) == list(expected)
    assert found["country"] == "netherlands"
    assert client.sentinel("POST", "enrichment/main/listGeodataByIp", {"ipAddress": "8.8.8.8"}).status == 404
    assert client.sentinel("POST", "enrichment/main/listGeodataByIp", {"ipAddress": "x"}).status == 400
    whois = recorded("arm_enrichment_whois_200.json")["response"]["body"]
    answered = client.sentinel("POST", "enrichment/main/listWhoisByDomain", {"domain": "contoso.com"}).json()
    assert list(answered) == list(whois)
    assert client.sentinel("POST", "enrichment/main/listWhoisByDomain", {"domain": "bing.com"}).status == 404
    assert client.sentinel("POST", "enrichment/main/listWhoisByDomain", {"domain": "a b"}).status == 400


def test_a_saved_search_needs_its_etag_or_a_star(fresh: Client) -> None:
    made = fresh.arm("PUT", f"/savedSearches/{NAME}", SEARCH)
    assert made.status == 200
    assert fresh.arm("PUT", f"/savedSearches/{NAME}", SEARCH).status == 409
    assert fresh.arm("PUT", f"/savedSearches/{NAME}", {**SEARCH, "etag": made.json()["etag"]}).status == 200
    assert fresh.arm("PUT", f"/savedSearches/{NAME}", {**SEARCH, "etag": "*"}).status == 200
    assert fresh.arm("DELETE", f"/savedSearches/{NAME}").status == 200
    assert fresh.arm("GET", f"/savedSearches/{NAME}").status == 404


def test_every_hunting_query_runs(client: Client) -> None:
    hunts = [
        item
        for item in client.arm("GET", "/savedSearches").json()["value"]
        if item["properties"]["category"] == "Hunting Queries"
    ]
    assert len(hunts) >= 5
    for hunt in hunts:
        assert client.query(hunt["properties"]["query"]).status == 200


def test_usages_and_playbooks_are_told(client: Client) -> None:
    (usage,) = client.arm("GET", "/usages").json()["value"]
    assert usage["currentValue"] > 0
    workspace = client.emulator.workspace
    group = f"/subscriptions/{workspace.subscription_id}/resourceGroups/{workspace.resource_group}"
    url = f"https://management.azure.com{group}/providers/Microsoft.Logic/workflows?api-version=2019-05-01"
    assert next(item["name"] for item in client.send("GET", url).json()["value"]) == "Revoke-Sessions"


def test_entities_are_listed_once_and_read_by_name(client: Client) -> None:
    listed = client.sentinel("GET", "entities").json()["value"]
    names = [item["name"] for item in listed]
    assert len(names) == len(set(names)) > 5
    assert client.sentinel("GET", f"entities/{names[0]}").json() == listed[0]
    assert client.sentinel("GET", "entities/nope").status == 404


def test_a_workspace_that_left_sentinel_says_so_until_it_comes_back(fresh: Client) -> None:
    assert fresh.sentinel("DELETE", "onboardingStates/default").status == 200
    error = fresh.sentinel("GET", "incidents").json()["error"]
    assert error["code"] == "BadRequest"
    assert "is not onboarded to Microsoft Sentinel" in json.loads(error["message"])["error"]["message"]
    assert fresh.arm("GET", "/tables/SigninLogs").status == 200
    assert fresh.sentinel("PUT", "onboardingStates/default", {}).status == 200
    assert fresh.sentinel("GET", "incidents").status == 200


def test_the_providers_operations_are_its_permissions(client: Client) -> None:
    url = "https://management.azure.com/providers/Microsoft.SecurityInsights/operations?api-version=2025-09-01"
    names = [item["name"] for item in client.send("GET", url).json()["value"]]
    assert "Microsoft.SecurityInsights/incidents/read" in names
    assert names == sorted(set(names))
