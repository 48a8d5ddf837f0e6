"""Every body that was collected from the service, held against what the emulator answers for the same operation.

Recordings fix members, order and casing, and are compared in `test_recordings.py`. Examples of the specification fix
members and types: what they have must be in the emulator's answer; each difference is listed here with its reason.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from .wire import differences

if TYPE_CHECKING:
    from sentinel_emulator.testing import Client

PAYLOADS = Path(__file__).parents[3].parent / "shared" / "payloads"
NAME = "73e01a99-5cd7-4139-a149-9f2736ff2ab5"

#: Example: the method and path to ask with the example's own request body. `{incident}` and `{rule}` are existing ones.
EXAMPLES = {
    "securityinsights/actions/GetAllActionsByAlertRule.json": ("GET", "alertRules/{Scheduled}/actions"),
    "securityinsights/alertRuleTemplates/GetAlertRuleTemplates.json": ("GET", "alertRuleTemplates"),
    "securityinsights/alertRules/CreateFusionAlertRule.json": ("PUT", "alertRules/myFirstFusionRule"),
    "securityinsights/alertRules/CreateScheduledAlertRule.json": ("PUT", f"alertRules/{NAME}"),
    "securityinsights/alertRules/GetAllAlertRules.json": ("GET", "alertRules"),
    "securityinsights/alertRules/GetMicrosoftSecurityIncidentCreationAlertRule.json": (
        "GET",
        "alertRules/{MicrosoftSecurityIncidentCreation}",
    ),
    "securityinsights-2025-07-01-preview/alertRules/GetNrtAlertRule.json": ("GET", "alertRules/{NRT}"),
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
    "securityinsights-2025-01-01-preview/threatintelligence/PostThreatIntelligenceCount.json": (
        "POST",
        "threatIntelligence/main/count",
    ),
    "securityinsights-2025-01-01-preview/threatintelligence/PostThreatIntelligenceQuery.json": (
        "POST",
        "threatIntelligence/main/query",
    ),
    "securityinsights-2025-01-01-preview/threatintelligence/threatActors/GetThreatActors.json": (
        "GET",
        "threatIntelligence/main/threatActors",
    ),
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


def _missing(place: str, *members: str) -> set[str]:
    return {f"{place}.{member} is missing" for member in members}


_ONE, _EACH = ".properties", ".value[].properties"
_CLASSIFIED = ("classification", "classificationComment", "classificationReason")
_CONFIGURED = f"{_EACH}.actions[].actionConfiguration"
_UI = f"{_EACH}.connectorUiConfig.instructionSteps[].instructions[].parameters"
_OBSERVED = (
    "multiSelectObservations",
    "prioritizeExcludeObservations",
    "singleSelectObservations",
    "singleValueObservations",
    "thresholdObservations",
)
_DATA = f"{_EACH}.data"

#: How an answer differs from its example, exactly, and why.
DIFFERENCES = {
    "GetAllAlertRules.json": (
        _missing(_EACH, "alertDetailsOverride", "customDetails"),
        "unset members of rules are partly absent (recorded)",
    ),
    "CreateHunt.json": (
        _missing(_ONE, "huntEndTimeUtc", "huntStartTimeUtc"),
        "the example's request does not say when the hunt is",
    ),
    "AutomationRules_List.json": (
        _missing(_CONFIGURED, "description", "title"),
        "the example's action adds a task, those of the workspace do not",
    ),
    "GetProductPackages.json": (
        _missing(_EACH, "author", "categories", "dependencies", "firstPublishDate", "providers", "source", "support"),
        "the made-up packages have no publisher's particulars",
    ),
    "GetTemplates.json": (_missing(_EACH, "contentProductId"), "the made-up templates are not sold"),
    "GetDataConnectorDefinitions.json": (
        _missing(_UI, "clientIdLabel", "clientSecretLabel", "connectButtonLabel", "disconnectButtonLabel"),
        "parameters of an instruction that the made-up page does not have",
    ),
    "GetAllIncidentBookmarks.json": (
        _missing(_EACH, "additionalData", "eventTime", "queryResult"),
        "optional; the bookmark of the test does not set them",
    ),
    "GetIncidentById.json": (
        _missing(_ONE, *_CLASSIFIED),
        "incidents that are not closed carry no classification (recorded)",
    ),
    "GetIncidents.json": (_missing(_EACH, *_CLASSIFIED), "as above"),
    "GetAllSentinelOnboardingStates.json": (
        _missing(_EACH, "customerManagedKey"),
        "properties are empty on the wire (recorded)",
    ),
    "GetAllSecurityMLAnalyticsSettings.json": (
        _missing(f"{_EACH}.customizableObservations", *_OBSERVED),
        "the made-up settings cannot be tuned",
    ),
    "GetSourceControls.json": (
        _missing(_EACH, "pullRequest", "repositoryResourceInfo", "servicePrincipal", "workloadIdentityFederation")
        | _missing(f"{_EACH}.repository", "deploymentLogsUrl", "displayUrl")
        | _missing(f"{_EACH}.lastDeploymentInfo", "message")
        | _missing(".value[]", "version"),
        "the made-up repository has no connection behind it; the SDK has the version among the properties",
    ),
    "QueryThreatIntelligence.json": (
        _missing(_EACH, "createdByRef", "description", "externalReferences", "granularMarkings", "killChainPhases")
        | {f"{_EACH}.threatIntelligenceTags[] has no member"},
        "optional members that the feed does not set",
    ),
    "GetWatchlistItems.json": (
        _missing(f"{_EACH}.itemsKeyValue", *(f"Header-{number}" for number in range(1, 6))),
        "the columns are those of the watchlist",
    ),
    "GetWatchlists.json": (
        _missing(_EACH, "defaultDuration", "description", "labels"),
        "optional members that the lists do not set",
    ),
    "PostThreatIntelligenceQuery.json": (
        _missing(f"{_DATA}.extensions", "extension-definition--d83fce45-ef58-4c6c-a3f4-1fbc32e98c6e")
        | _missing(f"{_DATA}.external_references[]", "description", "hashes", "url"),
        "the made-up objects carry nobody's extension, and refer to ATT&CK alone",
    ),
    "LinkedServicesListByWorkspace.json": ({".value[] has no member"}, "nothing is linked to the workspace"),
    "SavedSearchesListByWorkspace.json": (
        _missing(_EACH, "Category", "DisplayName", "Query", "Tags", "Version"),
        "the wire writes these members small (recorded)",
    ),
    "TablesGet.json": (
        _missing(_ONE, "resultStatistics", "searchResults") | _missing(f"{_ONE}.schema", "columns"),
        "the example is a table of search results",
    ),
    "WorkspacesGet.json": (_missing(_ONE, "failover", "replication"), "the workspace is not replicated"),
}

#: Bodies that are compared where their operation is tested, and bodies without an operation here.
ELSEWHERE = {
    "recordings/": "compared in test_recordings.py, member by member and in order",
    "loganalytics-query/": "query, batch and metadata are compared with the recordings in test_query_routes.py",
    "errors/": "texts of errors, used by the tests of the operations that answer them",
    "manifest.json": "says where the bodies come from",
    "operationalinsights/WorkspacesSubscriptionList.json": "the same resource as WorkspacesGet shows",
    "securityinsights/contentTemplates/GetTemplateById.json": "the same resource as GetTemplates.json lists",
    "securityinsights/threatintelligence/AppendTagsThreatIntelligence.json": "has no body (test_collections.py)",
}


#: The service does not send it (reported by users).
_UNSENT = "systemData is missing"


def payloads() -> list[str]:
    return sorted(str(path.relative_to(PAYLOADS)) for path in PAYLOADS.rglob("*.json")) if PAYLOADS.is_dir() else []


def test_every_collected_body_is_compared_or_says_why_not() -> None:
    if not PAYLOADS.is_dir():
        pytest.skip("the collected payloads (../shared/payloads) are not here")
    told = {item["file"] for item in json.loads((PAYLOADS / "manifest.json").read_text())}
    assert {name for name in payloads() if name not in {"manifest.json", "errors/errors.json"}} <= told | {
        "manifest.json"
    }
    missing = [name for name in payloads() if name not in EXAMPLES and not name.startswith(tuple(ELSEWHERE))]
    assert missing == []
    assert set(EXAMPLES) <= set(payloads())
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
        assert answer.content in {b"", b"{}"}
        return
    told = differences(expected, answer.json(), exact=False)
    allowed, _ = DIFFERENCES.get(name.rpartition("/")[2], (set[str](), ""))
    assert told - {item for item in told if item.endswith(_UNSENT)} == allowed


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
    if "PostThreatIntelligence" in name:
        # The example asks for what was changed before 2024.
        return json.loads(json.dumps(sent).replace("2024-", "2034-"))
    if name.endswith("QueryThreatIntelligence.json"):
        return {}
    return {key: value for key, value in sent.items() if key != "etag"} if sent else None


def ask(client: Client, method: str, pattern: str, body: Any) -> Any:
    incident = client.sentinel("GET", "incidents").json()["value"][-1]["name"]
    rules = {item["kind"]: item["name"] for item in reversed(client.sentinel("GET", "alertRules").json()["value"])}
    path = pattern.format(incident=incident, **rules)
    if "/relations" in path or path.endswith("/bookmarks"):
        made = client.sentinel("PUT", f"bookmarks/{NAME}", {"properties": {"displayName": "b", "query": "SigninLogs"}})
        related = {"properties": {"relatedResourceId": made.json()["id"]}}
        assert client.sentinel("PUT", f"incidents/{incident}/relations/{NAME}", related).status == 200
        body = related if method == "PUT" else None
    return client.arm(method, path, body) if path.startswith("/") or not path else client.sentinel(method, path, body)
