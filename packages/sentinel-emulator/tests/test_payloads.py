"""Every body that was collected from the service, held against what the emulator answers for the same operation.

Recordings fix members and their order, and are compared where the operation is tested. Examples of the specification
fix members only: what they have must be in the emulator's answer; each difference is listed here with its reason.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from sentinel_emulator.testing import Client

PAYLOADS = Path(__file__).parents[3].parent / "shared" / "payloads"
NAME = "73e01a99-5cd7-4139-a149-9f2736ff2ab5"

#: Example: the method and path to ask with the example's own request body. `{incident}` and `{rule}` are existing ones.
EXAMPLES = {
    "securityinsights/actions/GetAllActionsByAlertRule.json": ("GET", "alertRules/{rule}/actions"),
    "securityinsights/alertRuleTemplates/GetAlertRuleTemplates.json": ("GET", "alertRuleTemplates"),
    "securityinsights/alertRules/CreateFusionAlertRule.json": ("PUT", "alertRules/myFirstFusionRule"),
    "securityinsights/alertRules/CreateScheduledAlertRule.json": ("PUT", f"alertRules/{NAME}"),
    "securityinsights/alertRules/GetAllAlertRules.json": ("GET", "alertRules"),
    "securityinsights/alertRules/GetMicrosoftSecurityIncidentCreationAlertRule.json": ("GET", "alertRules"),
    "securityinsights-2025-07-01-preview/alertRules/GetNrtAlertRule.json": ("GET", "alertRules"),
    "securityinsights-2025-07-01-preview/hunts/CreateHunt.json": ("PUT", f"hunts/{NAME}"),
    "securityinsights-2025-07-01-preview/hunts/GetHunts.json": ("GET", "hunts"),
    "securityinsights/automationRules/AutomationRules_CreateOrUpdate.json": ("PUT", f"automationRules/{NAME}"),
    "securityinsights/automationRules/AutomationRules_List.json": ("GET", "automationRules"),
    "securityinsights/bookmarks/CreateBookmark.json": ("PUT", f"bookmarks/{NAME}"),
    "securityinsights/bookmarks/GetBookmarks.json": ("GET", "bookmarks"),
    "securityinsights/contentPackages/GetPackages.json": ("GET", "contentPackages"),
    "securityinsights/contentPackages/GetProductPackages.json": ("GET", "contentProductPackages"),
    "securityinsights/contentTemplates/GetTemplates.json": ("GET", "contentTemplates"),
    "securityinsights/dataConnectors/GetDataConnectors.json": ("GET", "dataConnectors"),
    "securityinsights/dataConnectors/GetRestApiPollerById.json": ("PUT", f"dataConnectors/{NAME}"),
    "securityinsights/dataConnectorDefinitions/GetDataConnectorDefinitions.json": ("GET", "dataConnectorDefinitions"),
    "securityinsights/incidents/CreateIncident.json": ("PUT", f"incidents/{NAME}"),
    "securityinsights/incidents/DeleteIncident.json": ("DELETE", f"incidents/{NAME}"),
    "securityinsights/incidents/GetAllIncidentAlerts.json": ("POST", "incidents/{incident}/alerts"),
    "securityinsights/incidents/GetAllIncidentBookmarks.json": ("POST", "incidents/{incident}/bookmarks"),
    "securityinsights/incidents/GetAllIncidentEntities.json": ("POST", "incidents/{incident}/entities"),
    "securityinsights/incidents/GetIncidentById.json": ("GET", "incidents/{incident}"),
    "securityinsights/incidents/GetIncidents.json": ("GET", "incidents"),
    "securityinsights/incidents/comments/CreateIncidentComment.json": (
        "PUT",
        f"incidents/{{incident}}/comments/{NAME}",
    ),
    "securityinsights/incidents/comments/GetAllIncidentComments.json": ("GET", "incidents/{incident}/comments"),
    "securityinsights/incidents/relations/CreateIncidentRelation.json": (
        "PUT",
        f"incidents/{{incident}}/relations/{NAME}",
    ),
    "securityinsights/incidents/relations/GetAllIncidentRelations.json": ("GET", "incidents/{incident}/relations"),
    "securityinsights/incidents/tasks/IncidentTasks_CreateOrUpdate.json": (
        "PUT",
        f"incidents/{{incident}}/tasks/{NAME}",
    ),
    "securityinsights/incidents/tasks/IncidentTasks_List.json": ("GET", "incidents/{incident}/tasks"),
    "securityinsights/manualTrigger/Entities_RunPlaybook.json": ("POST", f"entities/{NAME}/runPlaybook"),
    "securityinsights/manualTrigger/Incidents_RunPlaybook.json": ("POST", "incidents/{incident}/runPlaybook"),
    "securityinsights/metadata/GetAllMetadata.json": ("GET", "metadata"),
    "securityinsights/metadata/PutMetadata.json": ("PUT", "metadata/metadataName"),
    "securityinsights/onboardingStates/GetAllSentinelOnboardingStates.json": ("GET", "onboardingStates"),
    "securityinsights/securityMLAnalyticsSettings/GetAllSecurityMLAnalyticsSettings.json": (
        "GET",
        "securityMLAnalyticsSettings",
    ),
    "securityinsights/sourcecontrols/GetSourceControls.json": ("GET", "sourcecontrols"),
    "securityinsights/threatintelligence/CollectThreatIntelligenceMetrics.json": (
        "GET",
        "threatIntelligence/main/metrics",
    ),
    "securityinsights/threatintelligence/CreateThreatIntelligence.json": (
        "POST",
        "threatIntelligence/main/createIndicator",
    ),
    "securityinsights/threatintelligence/QueryThreatIntelligence.json": (
        "POST",
        "threatIntelligence/main/queryIndicators",
    ),
    "securityinsights/watchlists/CreateWatchlistAndWatchlistItems.json": ("PUT", "watchlists/highValueAsset"),
    "securityinsights/watchlists/CreateWatchlistItem.json": (
        "PUT",
        f"watchlists/HighValueAssets/watchlistItems/{NAME}",
    ),
    "securityinsights/watchlists/DeleteWatchlist.json": ("DELETE", "watchlists/HighValueAssets"),
    "securityinsights/watchlists/GetWatchlistItems.json": ("GET", "watchlists/HighValueAssets/watchlistItems"),
    "securityinsights/watchlists/GetWatchlists.json": ("GET", "watchlists"),
    "securityinsights-2024-10-01-preview/enrichment/GetGeodataWithWorkspaceByIp.json": (
        "POST",
        "enrichment/main/listGeodataByIp",
    ),
    "securityinsights-2024-10-01-preview/enrichment/GetWhoisWithWorkspaceByDomainName.json": (
        "POST",
        "enrichment/main/listWhoisByDomain",
    ),
    "securityinsights-2024-10-01-preview/settings/GetAllSettings.json": ("GET", "settings"),
    "operationalinsights/LinkedServicesListByWorkspace.json": ("GET", "/linkedServices"),
    "operationalinsights/SavedSearchesGetSchema.json": ("POST", "/schema"),
    "operationalinsights/SavedSearchesListByWorkspace.json": ("GET", "/savedSearches"),
    "operationalinsights/TablesGet.json": ("GET", "/tables/Heartbeat"),
    "operationalinsights/TablesList.json": ("GET", "/tables"),
    "operationalinsights/WorkspacesAvailableServiceTiers.json": ("GET", "/availableServiceTiers"),
    "operationalinsights/WorkspacesGet.json": ("GET", ""),
    "operationalinsights/WorkspacesListUsages.json": ("GET", "/usages"),
    "operationalinsights/WorkspacesSavedSearchesCreateOrUpdate.json": ("PUT", f"/savedSearches/{NAME}"),
    "operationalinsights/WorkspacesSavedSearchesGet.json": ("PUT", f"/savedSearches/{NAME}"),
}

_CLASSIFIED = {"classification", "classificationComment", "classificationReason"}

#: Members of an example that the emulator's answer lacks, and why.
DIFFERENCES = {
    "GetAllAlertRules.json": (
        {"alertDetailsOverride", "customDetails"},
        "unset members of rules are partly absent (recorded)",
    ),
    "GetProductPackages.json": (
        {"author", "categories", "dependencies", "firstPublishDate", "providers", "source", "support"},
        "the made-up packages have no publisher's particulars",
    ),
    "GetTemplates.json": ({"contentProductId"}, "the made-up templates are not sold"),
    "GetSourceControls.json": (
        {"pullRequest", "repositoryResourceInfo", "servicePrincipal", "version", "workloadIdentityFederation"},
        "the made-up repository has no connection behind it",
    ),
    "QueryThreatIntelligence.json": (
        {"createdByRef", "description", "externalReferences", "granularMarkings", "killChainPhases"},
        "optional members that the feed does not set",
    ),
    "GetWatchlists.json": ({"defaultDuration", "description", "labels"}, "optional members that the lists do not set"),
    "GetAllSentinelOnboardingStates.json": ({"customerManagedKey"}, "properties are empty on the wire (recorded)"),
    "GetIncidentById.json": (_CLASSIFIED, "incidents that are not closed carry no classification (recorded)"),
    "GetIncidents.json": (_CLASSIFIED, "as above"),
    "CreateHunt.json": ({"huntEndTimeUtc", "huntStartTimeUtc"}, "hunts are kept as they are sent"),
    "TablesGet.json": (
        {"resultStatistics", "searchResults", "systemData", "columns"},
        "the example is a table of search results",
    ),
    "WorkspacesGet.json": ({"failover", "replication"}, "the workspace is not replicated"),
    "SavedSearchesListByWorkspace.json": (
        {"Category", "DisplayName", "Query", "Tags", "Version"},
        "the wire writes these members small (recorded)",
    ),
    "WorkspacesAvailableServiceTiers.json": (
        {"capacityReservationLevel", "lastSkuUpdate"},
        "the one tier reserves no capacity",
    ),
}

#: Bodies that are compared where their operation is tested, and bodies without an operation here.
ELSEWHERE = {
    "recordings/": "compared in the tests of their operations, member by member and in order",
    "loganalytics-query/": "query, batch and metadata are compared with the recordings in test_query_routes.py",
    "errors/": "texts of errors, used by the tests of the operations that answer them",
    "manifest.json": "says where the bodies come from",
    "operationalinsights/WorkspacesSubscriptionList.json": "the same resource as WorkspacesGet shows",
    "securityinsights/contentTemplates/GetTemplateById.json": "the same resource as GetTemplates.json lists",
    "securityinsights/threatintelligence/AppendTagsThreatIntelligence.json": "has no body (test_collections.py)",
    "securityinsights-2025-01-01-preview/": "the STIX object model is not emulated; its operations are refused by name",
}


def payloads() -> list[str]:
    return sorted(str(path.relative_to(PAYLOADS)) for path in PAYLOADS.rglob("*.json")) if PAYLOADS.is_dir() else []


def test_every_collected_body_is_compared_or_says_why_not() -> None:
    if not PAYLOADS.is_dir():
        pytest.skip("the collected payloads (../shared/payloads) are not here")
    missing = [name for name in payloads() if name not in EXAMPLES and not name.startswith(tuple(ELSEWHERE))]
    assert missing == []
    assert set(DIFFERENCES) <= {name.rpartition("/")[2] for name in EXAMPLES}


@pytest.mark.parametrize("name", EXAMPLES)
def test_an_answer_has_the_members_of_its_example(fresh: Client, name: str) -> None:
    if not PAYLOADS.is_dir():
        pytest.skip("the collected payloads (../shared/payloads) are not here")
    example = json.loads((PAYLOADS / name).read_text())
    method, pattern = EXAMPLES[name]
    answer = ask(fresh, method, pattern, request_of(example, name))
    statuses = {int(status) for status in example["responses"]}
    assert answer.status in statuses | {200, 201}, answer.content
    expected = next((item.get("body") for item in example["responses"].values() if item.get("body")), None)
    if expected is None:
        return
    lacking: set[str] = set()
    for one in resources(expected):
        others = [item for item in resources(answer.json()) if item.get("kind") == one.get("kind")]
        if others:
            lacking |= min((lacks(one, other) for other in others), key=len)
    allowed, _ = DIFFERENCES.get(name.rpartition("/")[2], (set[str](), ""))
    assert lacking <= allowed


def request_of(example: Any, name: str) -> Any:
    parameters: dict[str, Any] = example["parameters"]
    sent: Any = next((value for value in parameters.values() if hasattr(value, "items")), None)
    if name.endswith("GetRestApiPollerById.json"):
        sent = example["responses"]["200"]["body"]
    if name.endswith("WorkspacesSavedSearchesGet.json"):
        sent = example["responses"]["200"]["body"]
    if name.endswith("GetGeodataWithWorkspaceByIp.json"):
        return {"ipAddress": "198.51.100.10"}
    if name.endswith("GetWhoisWithWorkspaceByDomainName.json"):
        return {"domain": "contoso.com"}
    if name.endswith("QueryThreatIntelligence.json"):
        return {}
    return {key: value for key, value in sent.items() if key != "etag"} if sent else None


def ask(client: Client, method: str, pattern: str, body: Any) -> Any:
    incident = client.sentinel("GET", "incidents").json()["value"][-1]["name"]
    rules = client.sentinel("GET", "alertRules").json()["value"]
    path = pattern.format(incident=incident, rule=rules[0]["name"])
    if "/relations/" in path:
        made = client.sentinel("PUT", f"bookmarks/{NAME}", {"properties": {"displayName": "b", "query": "SigninLogs"}})
        body = {"properties": {"relatedResourceId": made.json()["id"]}}
    return client.arm(method, path, body) if path.startswith("/") or not path else client.sentinel(method, path, body)


def resources(body: Any) -> list[Any]:
    if isinstance(body, list):
        return body  # pyright: ignore[reportUnknownVariableType] - JSON
    return body.get("value") or body.get("entities") or [body] if "value" not in body or body["value"] else []


def lacks(expected: Any, found: Any) -> set[str]:
    """Return the members of an example, and of its properties, that an answer does not have."""
    top = set(expected) - set(found) - {"systemData"}
    return top | (set(expected.get("properties") or {}) - set(found.get("properties") or {}))
