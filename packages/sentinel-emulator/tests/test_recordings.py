"""Every recorded answer of the service, held against the emulator's to the same request.

The same members, in the same order, with values of the same types and the same casing of `type` and `kind`, and the
same status. Each difference is listed with its reason, and one that is no longer there fails too.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeAlias

import pytest

from sentinel_emulator.testing import ARM, LOGS, Client

from .wire import differences

RECORDINGS = Path(__file__).parents[3].parent / "shared" / "payloads" / "recordings"
NAME = "0bb93d60-a942-42f4-a8de-41d4b42cfd18"
INCIDENT = {"properties": {"title": "Test", "severity": "Low", "status": "New"}}

#: Sends a recording's request, given its body, and returns the answer.
Asking: TypeAlias = Callable[[Client, Any], Any]


def sentinel(method: str, path: str) -> Asking:
    """Ask Sentinel with the recorded body; `{incident}` is one with alerts, `{entity}` an address."""

    def asked(client: Client, body: Any) -> Any:
        incident = client.sentinel("GET", "incidents").json()["value"][-1]["name"]
        entities = client.sentinel("GET", "entities").json()["value"]
        entity = next(item["name"] for item in entities if item["kind"] == "Ip")
        return client.sentinel(method, path.format(incident=incident, entity=entity), body)

    return asked


def arm(path: str) -> Asking:
    return lambda client, body: client.arm("GET", path, body)


def logs(method: str, path: str) -> Asking:
    """Ask the query API with the recorded body, but of this workspace."""

    def asked(client: Client, body: Any) -> Any:
        workspace = client.emulator.workspace
        text = json.dumps(body).replace("workspace-id", workspace.workspace_id)
        whole = path.format(workspace=workspace.workspace_id, resource=workspace.resource_id)
        return client.send(method, f"{LOGS}/v1{whole}", json.loads(text))

    return asked


def missing_workspace(client: Client, _: Any) -> Any:
    path = client.emulator.workspace.resource_id.replace("law-contoso-soc", "nowhere")
    return client.send("GET", f"{ARM}{path}/storageInsightConfigs/x?api-version=2015-03-20")


def of_group(path: str) -> Asking:
    def asked(client: Client, _: Any) -> Any:
        group = client.emulator.workspace.resource_id.partition("/providers/")[0]
        return client.send("GET", f"{ARM}{group}/providers/Microsoft.SecurityInsights/{path}")

    return asked


def after_writing(method: str, path: str, *before: tuple[str, str, Any]) -> Asking:
    """Ask Sentinel once other writes have been made."""

    def asked(client: Client, body: Any) -> Any:
        for one in before:
            assert client.sentinel(*one).status in {200, 201}
        return client.sentinel(method, path, body)

    return asked


def update(client: Client, body: Any) -> Any:
    made = client.sentinel("PUT", f"incidents/{NAME}", INCIDENT).json()
    return client.sentinel("PUT", f"incidents/{NAME}", {**body, "etag": made["etag"]})


def relation(client: Client, _: Any) -> Any:
    bookmark = client.sentinel("PUT", f"bookmarks/{NAME}", {"properties": {"displayName": "b", "query": "SigninLogs"}})
    client.sentinel("PUT", f"incidents/{NAME}", INCIDENT)
    body = {"properties": {"relatedResourceId": bookmark.json()["id"]}}
    return client.sentinel("PUT", f"incidents/{NAME}/relations/{NAME}", body)


def token(client: Client, secret: str) -> Any:
    emulator = client.emulator
    form = (
        f"grant_type=client_credentials&client_id={emulator.client_id}&client_secret={secret}"
        "&scope=https%3A%2F%2Fmanagement.azure.com%2F.default"
    )
    url = f"https://login.microsoftonline.com/{emulator.workspace.tenant_id}/oauth2/v2.0/token"
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    return client.send("POST", url, form.encode(), headers, token=None)


def partial(client: Client, _: Any) -> Any:
    """The recorded query overflows a weight, which the engine has no function for; so the fault is asked for."""
    url = f"{LOGS}/v1/workspaces/{client.emulator.workspace.workspace_id}/query"
    body = {"query": "range x from 1 to 3 step 1 | summarize percentile_x_50=max(x)"}
    return client.send("POST", url, body, {"x-emulator-fault": "partial"})


ASKED: dict[str, Asking] = {
    "arm_404_parent_workspace_not_found": missing_workspace,
    "arm_alertrule_create_201": sentinel("PUT", f"alertRules/{NAME}"),
    "arm_alertrules_list_200_excerpt": sentinel("GET", "alertRules"),
    "arm_automationrules_list_200": sentinel("GET", "automationRules"),
    "arm_bookmark_create_200": sentinel("PUT", f"bookmarks/{NAME}"),
    "arm_dataconnectors_list_200": sentinel("GET", "dataConnectors"),
    "arm_enrichment_geodata_200": of_group(
        "enrichment/ip/geodata/?api-version=2021-09-01-preview&ipAddress=198.51.100.10"
    ),
    "arm_enrichment_whois_200": of_group("enrichment/domain/whois/?api-version=2021-09-01-preview&domain=contoso.com"),
    "arm_entities_list_200": sentinel("GET", "entities"),
    "arm_entities_list_200_2026": sentinel("GET", "entities"),
    "arm_entity_insights_post_200": sentinel("POST", "entities/{entity}/getInsights"),
    "arm_entity_timeline_post_200_empty": sentinel("POST", "entities/{entity}/getTimeline"),
    "arm_incident_alerts_post_200": sentinel("POST", "incidents/{incident}/alerts"),
    "arm_incident_comment_create_201": after_writing(
        "PUT", f"incidents/{NAME}/comments/{NAME}", ("PUT", f"incidents/{NAME}", INCIDENT)
    ),
    "arm_incident_create_201": sentinel("PUT", f"incidents/{NAME}"),
    "arm_incident_delete_200": after_writing("DELETE", f"incidents/{NAME}", ("PUT", f"incidents/{NAME}", INCIDENT)),
    "arm_incident_entities_post_200": sentinel("POST", "incidents/{incident}/entities"),
    "arm_incident_get_200": after_writing("GET", f"incidents/{NAME}", ("PUT", f"incidents/{NAME}", INCIDENT)),
    "arm_incident_list_200_excerpt": after_writing("GET", "incidents", ("PUT", f"incidents/{NAME}", INCIDENT)),
    "arm_incident_relation_create_200": relation,
    "arm_incident_update_with_etag_200": update,
    "arm_onboardingstates_list_200": sentinel("GET", "onboardingStates"),
    "arm_savedsearches_list_200_excerpt": arm("/savedSearches"),
    "arm_settings_list_200": sentinel("GET", "settings"),
    "arm_table_404_not_found": arm("/tables/AzTestps35"),
    "arm_tables_list_200_excerpt_2020-08-01": lambda client, _: client.arm("GET", "/tables", version="2020-08-01"),
    "arm_ti_metrics_200": sentinel("GET", "threatIntelligence/main/metrics"),
    "arm_ti_queryindicators_200": sentinel("POST", "threatIntelligence/main/queryIndicators"),
    "entra_200_token": lambda client, _: token(client, client.emulator.client_secret),
    "entra_401_invalid_client": lambda client, _: token(client, "wrong"),
    "la_batch_200": logs("POST", "/$batch"),
    "la_query_200_partial": partial,
    "la_query_200_render_and_statistics": lambda client, _: client.query(
        "AWSCloudTrail | take 10", prefer="include-statistics=true,include-render=true"
    ),
    "la_query_200_types": logs("POST", "/workspaces/{workspace}/query"),
    "la_query_400_semantic": logs("POST", "/workspaces/{workspace}/query"),
    "la_query_400_syntax": logs("POST", "/workspaces/{workspace}/query"),
    "la_query_504_timeout": lambda client, _: client.query(
        "let t = range x from 1 to 90000 step 1 | extend k=1; t | join kind=inner t on k | summarize dcount(x + x1)",
        prefer="wait=1",
    ),
    "la_resource_query_400_unknown_table": logs("POST", "{resource}/query"),
}

#: What differs, and why.
DIFFERENCES: dict[str, dict[str, str]] = {
    "arm_alertrules_list_200_excerpt": {
        ".value[].properties.techniques is more": "newer api-versions tell the techniques",
        ".value[].properties.alertDetailsOverride is missing": "optional; none of the rules overrides details",
    },
    "arm_entities_list_200": {
        ".value[].properties.additionalData.IsExactMatch is more": "the recording of 2026 has it, this one of 2022 not",
    },
    "arm_ti_queryindicators_200": {
        ".value[].properties.validUntil is more": "optional; the feed sets it",
        ".nextLink is more": "there are more indicators than the page that was asked for",
    },
}


def test_every_recording_is_asked_for() -> None:
    if not RECORDINGS.is_dir():
        pytest.skip("the recorded payloads (../shared/payloads) are not here")
    assert {path.stem for path in RECORDINGS.glob("*.json")} == set(ASKED)


@pytest.mark.parametrize("name", ASKED)
def test_an_answer_is_as_it_was_recorded(fresh: Client, name: str) -> None:
    if not RECORDINGS.is_dir():
        pytest.skip("the recorded payloads (../shared/payloads) are not here")
    recording = json.loads((RECORDINGS / f"{name}.json").read_text())
    answer = ASKED[name](fresh, recording["request"].get("body"))
    assert answer.status == recording["response"]["status"], answer.content
    assert _rate_limits(recording["response"]["headers"]) <= set(answer.headers)
    told = differences(recording["response"]["body"], answer.json())
    assert told == set(DIFFERENCES.get(name, {}))


def _rate_limits(headers: dict[str, str]) -> set[str]:
    """The names of a recording's headers about limits; those of 2022 and earlier counted differently."""
    recent = "x-ms-operation-identifier" in headers
    return {name.lower() for name in headers if "ratelimit" in name.lower()} if recent else set()
