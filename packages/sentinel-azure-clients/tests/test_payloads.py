"""Real and documented bodies of the services, read by the models. Skipped where the collection is not at hand."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from sentinel_azure_clients import (
    _answer,
    alert_rules,
    automation_rules,
    batch,
    bookmarks,
    data_connectors,
    enrichment,
    incidents,
    logs,
    resource,
    saved_searches,
    tables,
    threat_intelligence,
    usage,
    watchlists,
    workspace,
)
from sentinel_azure_clients.testing import FakeAzure, fake_context

PAYLOADS = Path(__file__).parents[4] / "shared" / "payloads"
pytestmark = pytest.mark.skipif(
    not PAYLOADS.is_dir(), reason="the collection of real bodies is not beside this checkout"
)

Json = dict[str, Any]


def body(name: str) -> Json:
    """The first good body in a file, whether it is a recording or an example of a specification."""
    content = json.loads((PAYLOADS / name).read_text())
    if "response" in content:
        return content["response"]["body"]
    return next(answer["body"] for status, answer in content["responses"].items() if status.startswith("20"))


def objects(name: str) -> list[Json]:
    found = body(name)
    listed = found.get("value", found.get("entities"))
    return [found] if listed is None else listed


OBJECTS: list[tuple[str, Callable[[Json], Any]]] = [
    ("recordings/arm_incident_get_200.json", incidents.from_wire),
    ("recordings/arm_incident_list_200_excerpt.json", incidents.from_wire),
    ("recordings/arm_incident_create_201.json", incidents.from_wire),
    ("recordings/arm_incident_update_with_etag_200.json", incidents.from_wire),
    ("recordings/arm_incident_alerts_post_200.json", incidents.alert_from_wire),
    ("recordings/arm_incident_entities_post_200.json", incidents.entity_from_wire),
    ("recordings/arm_incident_comment_create_201.json", incidents.comment_from_wire),
    ("recordings/arm_dataconnectors_list_200.json", data_connectors.from_wire),
    ("recordings/arm_tables_list_200_excerpt_2020-08-01.json", tables.from_wire),
    ("securityinsights/incidents/GetIncidents.json", incidents.from_wire),
    ("securityinsights/incidents/GetIncidentById.json", incidents.from_wire),
    ("securityinsights/incidents/CreateIncident.json", incidents.from_wire),
    ("securityinsights/incidents/GetAllIncidentAlerts.json", incidents.alert_from_wire),
    ("securityinsights/incidents/GetAllIncidentEntities.json", incidents.entity_from_wire),
    ("securityinsights/incidents/comments/GetAllIncidentComments.json", incidents.comment_from_wire),
    ("securityinsights/incidents/comments/CreateIncidentComment.json", incidents.comment_from_wire),
    ("securityinsights/dataConnectors/GetDataConnectors.json", data_connectors.from_wire),
    ("securityinsights/dataConnectors/GetRestApiPollerById.json", data_connectors.from_wire),
    ("recordings/arm_incident_relation_create_200.json", incidents.relation_from_wire),
    ("securityinsights/incidents/relations/GetAllIncidentRelations.json", incidents.relation_from_wire),
    ("securityinsights/incidents/relations/CreateIncidentRelation.json", incidents.relation_from_wire),
    ("securityinsights/incidents/tasks/IncidentTasks_List.json", incidents.task_from_wire),
    ("securityinsights/incidents/tasks/IncidentTasks_CreateOrUpdate.json", incidents.task_from_wire),
    ("securityinsights/incidents/GetAllIncidentBookmarks.json", incidents.entity_from_wire),
    ("recordings/arm_alertrules_list_200_excerpt.json", alert_rules.from_wire),
    ("recordings/arm_alertrule_create_201.json", alert_rules.from_wire),
    ("securityinsights/alertRules/GetAllAlertRules.json", alert_rules.from_wire),
    ("securityinsights/alertRules/CreateFusionAlertRule.json", alert_rules.from_wire),
    ("securityinsights/alertRules/CreateScheduledAlertRule.json", alert_rules.from_wire),
    ("securityinsights/alertRules/GetMicrosoftSecurityIncidentCreationAlertRule.json", alert_rules.from_wire),
    ("securityinsights-2025-07-01-preview/alertRules/GetNrtAlertRule.json", alert_rules.from_wire),
    ("securityinsights/actions/GetAllActionsByAlertRule.json", resource.from_wire),
    ("securityinsights/alertRuleTemplates/GetAlertRuleTemplates.json", alert_rules.template_from_wire),
    ("recordings/arm_automationrules_list_200.json", automation_rules.from_wire),
    ("securityinsights/automationRules/AutomationRules_List.json", automation_rules.from_wire),
    ("securityinsights/automationRules/AutomationRules_CreateOrUpdate.json", automation_rules.from_wire),
    ("recordings/arm_bookmark_create_200.json", bookmarks.from_wire),
    ("securityinsights/bookmarks/GetBookmarks.json", bookmarks.from_wire),
    ("securityinsights/bookmarks/CreateBookmark.json", bookmarks.from_wire),
    ("recordings/arm_savedsearches_list_200_excerpt.json", saved_searches.from_wire),
    ("recordings/arm_ti_queryindicators_200.json", threat_intelligence.from_wire),
    ("securityinsights/threatintelligence/QueryThreatIntelligence.json", threat_intelligence.from_wire),
    ("securityinsights/threatintelligence/CreateThreatIntelligence.json", threat_intelligence.from_wire),
    ("securityinsights/watchlists/GetWatchlistItems.json", watchlists.item_from_wire),
    ("securityinsights/watchlists/CreateWatchlistItem.json", watchlists.item_from_wire),
    ("securityinsights/metadata/GetAllMetadata.json", resource.from_wire),
    ("securityinsights/metadata/PutMetadata.json", resource.from_wire),
    ("securityinsights/contentPackages/GetPackages.json", resource.from_wire),
    ("securityinsights/contentPackages/GetProductPackages.json", resource.from_wire),
    ("securityinsights/contentTemplates/GetTemplates.json", resource.from_wire),
    ("securityinsights/contentTemplates/GetTemplateById.json", resource.from_wire),
    ("securityinsights/sourcecontrols/GetSourceControls.json", resource.from_wire),
    ("securityinsights/securityMLAnalyticsSettings/GetAllSecurityMLAnalyticsSettings.json", resource.from_wire),
    ("securityinsights/onboardingStates/GetAllSentinelOnboardingStates.json", resource.from_wire),
    ("recordings/arm_onboardingstates_list_200.json", resource.from_wire),
    ("securityinsights-2024-10-01-preview/settings/GetAllSettings.json", resource.from_wire),
    ("recordings/arm_settings_list_200.json", resource.from_wire),
    ("operationalinsights/WorkspacesGet.json", workspace.from_wire),
    ("operationalinsights/TablesGet.json", tables.from_wire),
    ("operationalinsights/TablesList.json", tables.from_wire),
]


@pytest.mark.parametrize(("name", "read"), OBJECTS)
def test_a_real_object_is_read_and_kept_whole(name: str, read: Callable[[Json], Any]) -> None:
    sources = objects(name)
    assert sources
    for source in sources:
        found = read(source)
        assert found.raw == source
        assert found.name == source.get("name", source["id"].rsplit("/", 1)[-1])


@pytest.mark.parametrize(
    "name",
    [
        "operationalinsights/SavedSearchesListByWorkspace.json",
        "operationalinsights/WorkspacesSavedSearchesGet.json",
        "operationalinsights/WorkspacesSavedSearchesCreateOrUpdate.json",
    ],
)
def test_a_saved_search_of_the_examples_is_read_without_a_name(name: str) -> None:
    for source in objects(name):
        found = saved_searches.from_wire(source)
        assert found.raw == source
        assert found.name == source["id"].rsplit("/", 1)[-1]
        assert found.display_name
        assert found.query


@pytest.mark.parametrize("name", ["GetWatchlists", "CreateWatchlistAndWatchlistItems"])
def test_a_real_watchlist_is_known_by_its_alias(name: str) -> None:
    for source in objects(f"securityinsights/watchlists/{name}.json"):
        found = watchlists.from_wire(source)
        assert found.raw == source
        assert found.alias == source["properties"]["watchlistAlias"]


def test_enrichment_is_read_and_kept_whole() -> None:
    folder = "securityinsights-2024-10-01-preview/enrichment"
    for name in (f"{folder}/GetGeodataWithWorkspaceByIp.json", "recordings/arm_enrichment_geodata_200.json"):
        assert enrichment.geodata_from_wire(body(name)).raw == body(name)
    for name in (f"{folder}/GetWhoisWithWorkspaceByDomainName.json", "recordings/arm_enrichment_whois_200.json"):
        found = enrichment.whois_from_wire(body(name))
        assert found.raw == body(name)
        assert found.registrar


@pytest.mark.parametrize("name", sorted(path.name for path in (PAYLOADS / "recordings").glob("la_query_200*.json")))
def test_a_real_answer_to_a_query_keeps_every_row(name: str) -> None:
    answer = body(f"recordings/{name}")
    response = logs.response_from(_answer.load(json.dumps(answer).encode()), 0.1)
    sent = answer["tables"]
    assert [table["columns"] for table in response.tables] == [table["columns"] for table in sent]
    assert [len(table["rows"]) for table in response.tables] == [len(table["rows"]) for table in sent]
    assert response.status == ("partial" if "error" in answer else "complete")
    assert response.statistics == answer.get("statistics")
    assert response.visualization == answer.get("render")
    for table in response.tables:
        decimals = [column["type"] == "decimal" for column in table["columns"]]
        before = sent[response.tables.index(table)]["rows"]
        for row, original in zip(table["rows"], before, strict=True):
            for value, was, decimal in zip(row, original, decimals, strict=True):
                assert value == (str(was) if decimal and was is not None else was)


# Bodies of areas that this package does not cover, of answers that are no objects, and of faults (see test_errors).
NOT_OF_AN_AREA = (
    "errors/",
    "manifest.json",
    "hunts/",
    "dataConnectorDefinitions/",
    "DeleteIncident.json",
    "DeleteWatchlist.json",
    "AppendTagsThreatIntelligence.json",
    "manualTrigger/",
    "securityinsights-2025-01-01-preview/",
    "LinkedServicesListByWorkspace.json",
    "SavedSearchesGetSchema.json",
    "WorkspacesAvailableServiceTiers.json",
    "loganalytics-query/preview-",
    "loganalytics-query/stable-v1/oms-",
    "recordings/arm_entit",
    "recordings/arm_incident_delete_200.json",
    "recordings/arm_404_parent_workspace_not_found.json",
    "recordings/arm_table_404_not_found.json",
    "recordings/entra_",
    "recordings/la_query_400",
    "recordings/la_query_504",
    "recordings/la_resource_query_400",
)
ELSEWHERE = (
    "recordings/la_",
    "loganalytics-query/stable-v1/metadata-",
    "operationalinsights/SavedSearches",
    "operationalinsights/WorkspacesSavedSearches",
    "operationalinsights/WorkspacesListUsages.json",
    "operationalinsights/WorkspacesSubscriptionList.json",
    "securityinsights/watchlists/GetWatchlists.json",
    "securityinsights/watchlists/CreateWatchlistAndWatchlistItems.json",
    "enrichment",
    "recordings/arm_ti_metrics_200.json",
    "securityinsights/threatintelligence/CollectThreatIntelligenceMetrics.json",
)


def test_every_collected_body_of_an_area_is_read_somewhere_here() -> None:
    collected = {path.relative_to(PAYLOADS).as_posix() for path in PAYLOADS.rglob("*.json")}
    read = {name for name, _ in OBJECTS}
    assert read <= collected
    left = {name for name in collected - read if not any(part in name for part in (*NOT_OF_AN_AREA, *ELSEWHERE))}
    assert left == set()


@pytest.mark.parametrize("name", ["metadata-get.json", "metadata-post.json"])
async def test_the_documented_metadata_becomes_a_schema(name: str) -> None:
    azure = FakeAzure()
    sent = body(f"loganalytics-query/stable-v1/{name}")
    azure.answer("GET", "/metadata", json=sent)
    async with fake_context(azure, subscription_id=None) as context:
        schema = await tables.get_schema(context)
    assert {table: set(columns) for table, columns in schema.tables.items()} == {
        table["name"]: {column["name"] for column in table["columns"]} for table in sent["tables"]
    }
    assert set(schema.functions) == {function["name"] for function in sent["functions"]}


@pytest.mark.parametrize(
    "name",
    ["recordings/arm_ti_metrics_200.json", "securityinsights/threatintelligence/CollectThreatIntelligenceMetrics.json"],
)
async def test_collected_numbers_of_indicators_are_read(name: str) -> None:
    azure = FakeAzure()
    azure.answer("GET", "/metrics", json=body(name))
    async with fake_context(azure) as context:
        found = await threat_intelligence.get_metrics(context)
    (listed,) = body(name)["value"]
    assert found.by_source == {m["metricName"]: m["metricValue"] for m in listed["properties"]["sourceMetrics"]}
    assert found.raw == body(name)


def test_documented_limits_and_workspaces_are_read() -> None:
    for source in objects("operationalinsights/WorkspacesListUsages.json"):
        limit = usage.limit_from_wire(source)
        assert (limit.name, limit.raw) == (source["name"]["value"], source)
    for source in objects("operationalinsights/WorkspacesSubscriptionList.json"):
        assert workspace.from_wire(source).raw == source


async def test_the_recorded_batch_is_read() -> None:
    azure = FakeAzure()
    sent = body("recordings/la_batch_200.json")
    azure.answer("POST", "/$batch", json=sent)
    numbered = sorted(sent["responses"], key=lambda part: str(part["id"]))
    requests = [logs.QueryRequest("T")] * len(numbered)
    renamed = {"responses": [{**part, "id": str(place)} for place, part in enumerate(numbered)]}
    azure.answer("POST", "/$batch", json=renamed)
    async with fake_context(azure) as context:
        items = await batch.run_batch(context, requests)
    assert [item.error is None for item in items] == [part["status"] == 200 for part in numbered]
    for item, part in zip(items, numbered, strict=True):
        if item.response is not None:
            assert item.response.row_count == len(part["body"]["tables"][0]["rows"])
