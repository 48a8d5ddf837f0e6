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
    bookmarks,
    data_connectors,
    enrichment,
    incidents,
    logs,
    resource,
    saved_searches,
    tables,
    threat_intelligence,
    watchlists,
    workspace,
)

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


@pytest.mark.parametrize(
    ("name", "read"),
    [
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
    ],
)
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
