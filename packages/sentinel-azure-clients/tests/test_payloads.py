"""Every collected body of the services: read, kept whole, or named here with the reason why it is not read.

Skipped where the collection is not at hand.
"""

import copy
import json
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from sentinel_azure_clients import (
    AzureServicesContext,
    NotFound,
    QueryRejected,
    SentinelError,
    TimedOut,
    _answer,
    _paging,
    _wire,
    alert_rules,
    automation_rules,
    batch,
    bookmarks,
    data_connectors,
    enrichment,
    entities,
    hunts,
    incidents,
    logs,
    metadata,
    playbooks,
    resource,
    saved_searches,
    tables,
    threat_intelligence,
    threat_objects,
    usage,
    watchlists,
    workspace,
)
from sentinel_azure_clients._operation import Operation
from sentinel_azure_clients._stream import RowReader
from sentinel_azure_clients.testing import Answer, FakeAzure, fake_context

PAYLOADS = Path(__file__).parents[4] / "shared" / "payloads"
pytestmark = pytest.mark.skipif(
    not PAYLOADS.is_dir(), reason="the collection of real bodies is not beside this checkout"
)

Json = dict[str, Any]

# Files of objects, or of one object, and what reads each of them.
OBJECTS: dict[str, Callable[[Json], Any]] = {
    "operationalinsights/LinkedServicesListByWorkspace.json": resource.from_wire,
    "operationalinsights/SavedSearchesListByWorkspace.json": saved_searches.from_wire,
    "operationalinsights/TablesGet.json": tables.from_wire,
    "operationalinsights/TablesList.json": tables.from_wire,
    "operationalinsights/WorkspacesGet.json": workspace.from_wire,
    "operationalinsights/WorkspacesListUsages.json": usage.limit_from_wire,
    "operationalinsights/WorkspacesSavedSearchesCreateOrUpdate.json": saved_searches.from_wire,
    "operationalinsights/WorkspacesSavedSearchesGet.json": saved_searches.from_wire,
    "operationalinsights/WorkspacesSubscriptionList.json": workspace.from_wire,
    "recordings/arm_alertrule_create_201.json": alert_rules.from_wire,
    "recordings/arm_alertrules_list_200_excerpt.json": alert_rules.from_wire,
    "recordings/arm_automationrules_list_200.json": automation_rules.from_wire,
    "recordings/arm_bookmark_create_200.json": bookmarks.from_wire,
    "recordings/arm_dataconnectors_list_200.json": data_connectors.from_wire,
    "recordings/arm_enrichment_geodata_200.json": enrichment.geodata_from_wire,
    "recordings/arm_enrichment_whois_200.json": enrichment.whois_from_wire,
    "recordings/arm_entities_list_200.json": incidents.entity_from_wire,
    "recordings/arm_entities_list_200_2026.json": incidents.entity_from_wire,
    "recordings/arm_incident_alerts_post_200.json": incidents.alert_from_wire,
    "recordings/arm_incident_comment_create_201.json": incidents.comment_from_wire,
    "recordings/arm_incident_create_201.json": incidents.from_wire,
    "recordings/arm_incident_entities_post_200.json": incidents.entity_from_wire,
    "recordings/arm_incident_get_200.json": incidents.from_wire,
    "recordings/arm_incident_list_200_excerpt.json": incidents.from_wire,
    "recordings/arm_incident_relation_create_200.json": incidents.relation_from_wire,
    "recordings/arm_incident_update_with_etag_200.json": incidents.from_wire,
    "recordings/arm_onboardingstates_list_200.json": resource.from_wire,
    "recordings/arm_savedsearches_list_200_excerpt.json": saved_searches.from_wire,
    "recordings/arm_settings_list_200.json": resource.from_wire,
    "recordings/arm_tables_list_200_excerpt_2020-08-01.json": tables.from_wire,
    "recordings/arm_ti_queryindicators_200.json": threat_intelligence.from_wire,
    "securityinsights-2024-10-01-preview/enrichment/GetGeodataWithWorkspaceByIp.json": enrichment.geodata_from_wire,
    "securityinsights-2024-10-01-preview/enrichment/GetWhoisWithWorkspaceByDomainName.json": (
        enrichment.whois_from_wire
    ),
    "securityinsights-2024-10-01-preview/settings/GetAllSettings.json": resource.from_wire,
    "securityinsights-2025-01-01-preview/threatintelligence/PostThreatIntelligenceQuery.json": (
        threat_objects.from_wire
    ),
    "securityinsights-2025-01-01-preview/threatintelligence/threatActors/GetThreatActors.json": (
        threat_objects.from_wire
    ),
    "securityinsights-2025-07-01-preview/alertRules/GetNrtAlertRule.json": alert_rules.from_wire,
    "securityinsights-2025-07-01-preview/hunts/CreateHunt.json": hunts.from_wire,
    "securityinsights-2025-07-01-preview/hunts/GetHunts.json": hunts.from_wire,
    "securityinsights/actions/GetAllActionsByAlertRule.json": resource.from_wire,
    "securityinsights/alertRuleTemplates/GetAlertRuleTemplates.json": alert_rules.template_from_wire,
    "securityinsights/alertRules/CreateFusionAlertRule.json": alert_rules.from_wire,
    "securityinsights/alertRules/CreateScheduledAlertRule.json": alert_rules.from_wire,
    "securityinsights/alertRules/GetAllAlertRules.json": alert_rules.from_wire,
    "securityinsights/alertRules/GetMicrosoftSecurityIncidentCreationAlertRule.json": alert_rules.from_wire,
    "securityinsights/automationRules/AutomationRules_CreateOrUpdate.json": automation_rules.from_wire,
    "securityinsights/automationRules/AutomationRules_List.json": automation_rules.from_wire,
    "securityinsights/bookmarks/CreateBookmark.json": bookmarks.from_wire,
    "securityinsights/bookmarks/GetBookmarks.json": bookmarks.from_wire,
    "securityinsights/contentPackages/GetPackages.json": resource.from_wire,
    "securityinsights/contentPackages/GetProductPackages.json": resource.from_wire,
    "securityinsights/contentTemplates/GetTemplateById.json": resource.from_wire,
    "securityinsights/contentTemplates/GetTemplates.json": resource.from_wire,
    "securityinsights/dataConnectorDefinitions/GetDataConnectorDefinitions.json": (
        data_connectors.definition_from_wire
    ),
    "securityinsights/dataConnectors/GetDataConnectors.json": data_connectors.from_wire,
    "securityinsights/dataConnectors/GetRestApiPollerById.json": data_connectors.from_wire,
    "securityinsights/incidents/CreateIncident.json": incidents.from_wire,
    "securityinsights/incidents/GetAllIncidentAlerts.json": incidents.alert_from_wire,
    "securityinsights/incidents/GetAllIncidentBookmarks.json": incidents.entity_from_wire,
    "securityinsights/incidents/GetAllIncidentEntities.json": incidents.entity_from_wire,
    "securityinsights/incidents/GetIncidentById.json": incidents.from_wire,
    "securityinsights/incidents/GetIncidents.json": incidents.from_wire,
    "securityinsights/incidents/comments/CreateIncidentComment.json": incidents.comment_from_wire,
    "securityinsights/incidents/comments/GetAllIncidentComments.json": incidents.comment_from_wire,
    "securityinsights/incidents/relations/CreateIncidentRelation.json": incidents.relation_from_wire,
    "securityinsights/incidents/relations/GetAllIncidentRelations.json": incidents.relation_from_wire,
    "securityinsights/incidents/tasks/IncidentTasks_CreateOrUpdate.json": incidents.task_from_wire,
    "securityinsights/incidents/tasks/IncidentTasks_List.json": incidents.task_from_wire,
    "securityinsights/metadata/GetAllMetadata.json": resource.from_wire,
    "securityinsights/metadata/PutMetadata.json": resource.from_wire,
    "securityinsights/onboardingStates/GetAllSentinelOnboardingStates.json": resource.from_wire,
    "securityinsights/securityMLAnalyticsSettings/GetAllSecurityMLAnalyticsSettings.json": resource.from_wire,
    "securityinsights/sourcecontrols/GetSourceControls.json": resource.from_wire,
    "securityinsights/threatintelligence/CreateThreatIntelligence.json": threat_intelligence.from_wire,
    "securityinsights/threatintelligence/QueryThreatIntelligence.json": threat_intelligence.from_wire,
    "securityinsights/watchlists/CreateWatchlistAndWatchlistItems.json": watchlists.from_wire,
    "securityinsights/watchlists/CreateWatchlistItem.json": watchlists.item_from_wire,
    "securityinsights/watchlists/GetWatchlistItems.json": watchlists.item_from_wire,
    "securityinsights/watchlists/GetWatchlists.json": watchlists.from_wire,
}


def kept_of_metrics(answer: Json) -> Json:
    return threat_intelligence.metrics_from_wire(answer).raw


def kept_of_count(answer: Json) -> Json:
    return {"count": threat_objects.count_from_wire(answer)}


def kept_of_tiers(answer: list[Json]) -> list[Json]:
    return [usage.tier_from_wire(tier).raw for tier in answer]


def kept_of_insights(answer: Json) -> Json:
    found = entities.insights_from_wire(answer)
    assert found.complete
    return found.raw


def kept_of_timeline(answer: Json) -> Json:
    found = entities.timeline_from_wire(answer)
    assert found.complete
    assert sum(found.counts.values()) == answer["metaData"]["totalCount"]
    return found.raw


def kept_of_metadata(answer: Json) -> Json:
    return metadata.from_wire(answer).raw


def kept_of_query(answer: Json) -> Json:
    """What a query's answer keeps by row, which must be what it keeps by column."""
    sent = json.dumps(answer).encode()
    response = logs.response_from(_answer.load(sent), 0.1)
    assert response.status == ("partial" if "error" in answer else "complete")
    reader = RowReader(batch=50)
    for start in range(0, len(sent), 7):
        reader.feed(sent[start : start + 7])
    _, by_column = reader.finish()
    assert [list(map(list, table.rows())) for table in by_column] == [table["rows"] for table in response.tables]
    kept = {"tables": [_numbers(table) for table in response.tables]}
    others = {"statistics": response.statistics, "render": response.visualization}
    others["error"] = response.error and response.error["raw"]
    return kept | {name: value for name, value in others.items() if value is not None}


def _numbers(table: Json) -> Json:
    """The table with decimals as the numbers that the JSON had (they are kept as text, digit for digit)."""
    decimal = [column["type"] == "decimal" for column in table["columns"]]
    rows = [
        [json.loads(value) if exact and value else value for value, exact in zip(row, decimal, strict=True)]
        for row in table["rows"]
    ]
    return {**table, "rows": rows}


# Files whose answer is read as a whole, and what is kept of it.
ANSWERS: dict[str, Callable[[Any], Any]] = {
    "operationalinsights/WorkspacesAvailableServiceTiers.json": kept_of_tiers,
    "recordings/arm_entity_insights_post_200.json": kept_of_insights,
    "recordings/arm_entity_timeline_post_200_empty.json": kept_of_timeline,
    "recordings/arm_ti_metrics_200.json": kept_of_metrics,
    "securityinsights/threatintelligence/CollectThreatIntelligenceMetrics.json": kept_of_metrics,
    "securityinsights-2025-01-01-preview/threatintelligence/PostThreatIntelligenceCount.json": kept_of_count,
    **{f"recordings/la_query_200_{name}.json": kept_of_query for name in ("partial", "render_and_statistics", "types")},
    **{
        f"loganalytics-query/{version}/oms-{method}{kind}-example.json": kept_of_query
        for version in ("stable-v1", "preview-2021-05-19_Preview")
        for method in ("get", "post")
        for kind in ("", "-cross-workspace")
    },
    **{
        f"loganalytics-query/{version}/metadata-{method}.json": kept_of_metadata
        for version in ("stable-v1", "preview-2021-05-19_Preview")
        for method in ("get", "post")
    },
}

Ask = Callable[[AzureServicesContext], Awaitable[object]]
GUID = "73e01a99-5cd7-4139-a149-9f2736ff2ab5"
PLAYBOOK = "securityinsights/manualTrigger/{}_RunPlaybook.json"

# Files of answers without a body, and the call that ends well with them.
EMPTY: dict[str, Ask] = {
    "recordings/arm_incident_delete_200.json": lambda context: incidents.delete(context, GUID),
    "securityinsights/incidents/DeleteIncident.json": lambda context: incidents.delete(context, GUID),
    "securityinsights/watchlists/DeleteWatchlist.json": lambda context: watchlists.delete_watchlist(context, "w"),
    "securityinsights/threatintelligence/AppendTagsThreatIntelligence.json": (
        lambda context: threat_intelligence.append_tags(context, "x", ["tag1", "tag2"])
    ),
    PLAYBOOK.format("Incidents"): lambda context: playbooks.run_on_incident(
        context, GUID, **_playbook(PLAYBOOK.format("Incidents"))
    ),
    PLAYBOOK.format("Entities"): lambda context: playbooks.run_on_entity(
        context, GUID, **_playbook(PLAYBOOK.format("Entities")), incident=GUID
    ),
}

# Files of errors, the call that gets them, and what it raises.
FAULTS: dict[str, tuple[Ask, type[SentinelError]]] = {
    "recordings/arm_404_parent_workspace_not_found.json": (incidents.list_page, NotFound),
    "recordings/arm_table_404_not_found.json": (lambda context: tables.get_table(context, "T"), NotFound),
    **{
        f"recordings/{name}.json": (lambda context: logs.run_query(context, logs.QueryRequest("T")), error)
        for name, error in (
            ("la_query_400_semantic", QueryRejected),
            ("la_query_400_syntax", QueryRejected),
            ("la_resource_query_400_unknown_table", QueryRejected),
            ("la_query_504_timeout", TimedOut),
        )
    },
}

BATCHES = ("loganalytics-query/preview-2021-05-19_Preview/batch-query-example.json", "recordings/la_batch_200.json")

NOT_READ = {
    "operationalinsights/SavedSearchesGetSchema.json": (
        "the schema of the search language that came before KQL; tables and metadata took its place"
    ),
    "recordings/entra_200_token.json": "an answer to azure-identity, which reads it; it is never seen here",
    "recordings/entra_401_invalid_client.json": "an answer to azure-identity, which reads it; it is never seen here",
}


def content(name: str) -> Json:
    return json.loads((PAYLOADS / name).read_text())


def answers(name: str) -> list[tuple[int, Any]]:
    """The status and body of every answer in a file, whether it is a recording or an example of a specification."""
    found = content(name)
    if "response" in found:
        return [(found["response"]["status"], found["response"]["body"])]
    return [(int(status), answer.get("body")) for status, answer in found["responses"].items()]


def _playbook(name: str) -> dict[str, str]:
    asked = content(name)["parameters"]["manualTriggerRequestBody"]
    return {"playbook_id": asked["logicAppsResourceId"], "tenant_id": asked["tenantId"]}


def lost(sent: object, kept: object, place: str = "") -> Iterator[str]:
    """The places of everything that was sent and is not kept as it was."""
    if _wire.is_object(sent) and _wire.is_object(kept):
        for key, value in sent.items():
            if key in kept:
                yield from lost(value, kept[key], f"{place}/{key}")
            else:
                yield f"{place}/{key}"
    elif _wire.is_array(sent) and _wire.is_array(kept) and len(sent) == len(kept):
        for number, (value, other) in enumerate(zip(sent, kept, strict=True)):
            yield from lost(value, other, f"{place}/{number}")
    elif sent != kept:
        yield place


async def kept_of_objects(answer: Json, read: Callable[[Json], Any]) -> Json:
    """What is kept of an answer of objects: of a list what the listing has, of one object what the model has."""
    keys = [key for key in ("value", "entities") if isinstance(answer.get(key), list)]
    if not keys:
        return read(answer).raw
    azure = FakeAzure()
    azure.answer("GET", "/things", json=answer)
    call = Operation("things", "list", "listing things", "read", "GET things", "1", "Reader")
    async with fake_context(azure) as context:
        found = await _paging.collect(context, call, "/things", read, key=keys[0])
    assert found.complete
    return {**found.extra, keys[0]: [item.raw for item in found]}


def test_the_table_shows_a_loss() -> None:
    sent: Json = {"a": {"b": [1, {"c": None}]}, "d": 1}
    less: Json = {"a": {"b": [1, {}]}, "d": 2}
    assert list(lost(sent, less)) == ["/a/b/1/c", "/d"]
    assert list(lost(sent, copy.deepcopy(sent))) == []


async def test_no_field_of_any_collected_answer_is_lost() -> None:
    losses: list[str] = []
    for name in (*OBJECTS, *ANSWERS):
        found = [body for status, body in answers(name) if 200 <= status < 300]
        assert found
        for body in found:
            sent = copy.deepcopy(body)
            kept = await kept_of_objects(body, OBJECTS[name]) if name in OBJECTS else ANSWERS[name](body)
            losses += [f"{name}: {place}" for place in lost(sent, kept)]
    assert losses == []


@pytest.mark.parametrize("name", OBJECTS)
def test_a_collected_object_is_known_by_its_name(name: str) -> None:
    for _, body in answers(name):
        listed = body.get("value", body.get("entities"))
        for source in [body] if listed is None else listed:
            found: Any = OBJECTS[name](source)
            if isinstance(found, watchlists.Watchlist):
                assert found.alias == source["properties"]["watchlistAlias"]
            elif hasattr(found, "id"):
                assert found.name == source.get("name", source["id"].rsplit("/", 1)[-1])


@pytest.mark.parametrize("name", EMPTY)
async def test_a_collected_answer_without_a_body_ends_well(name: str) -> None:
    for status, body in answers(name):
        azure = FakeAzure()
        for method in ("DELETE", "POST"):
            azure.answer(method, "/{}", Answer(status, body=b"" if body is None else json.dumps(body).encode()))
        async with fake_context(azure) as context:
            await EMPTY[name](context)
        asked = content(name).get("parameters", {})
        expected = asked.get("manualTriggerRequestBody") or asked.get("ThreatIntelligenceAppendTags")
        sent = azure.requests[0].body
        if expected and "incidentArmId" in expected:
            assert sent.pop("incidentArmId").rsplit("/", 2)[-2:] == ["incidents", GUID]
            expected.pop("incidentArmId")
        assert sent == expected


@pytest.mark.parametrize("name", FAULTS)
async def test_a_collected_error_is_the_right_one(name: str) -> None:
    ask, error = FAULTS[name]
    ((status, body),) = answers(name)
    azure = FakeAzure()
    for method in ("GET", "POST"):
        azure.answer(method, "/{}", status=status, json=body)
    async with fake_context(azure, max_retries=0) as context:
        with pytest.raises(error) as raised:
            await ask(context)
    if isinstance(raised.value, QueryRejected):
        deepest = body["error"]["innererror"]["innererror"]
        assert (raised.value.code, raised.value.message) == (deepest["code"], deepest["message"])
        assert (raised.value.line, raised.value.position) == (deepest.get("line"), deepest.get("pos"))


@pytest.mark.parametrize("name", BATCHES)
async def test_a_collected_batch_gives_every_query_its_own_rows(name: str) -> None:
    azure = FakeAzure()
    ((_, sent),) = answers(name)
    numbered = sorted(sent["responses"], key=lambda part: str(part["id"]))
    renamed = {"responses": [{**part, "id": str(place)} for place, part in enumerate(numbered)]}
    azure.answer("POST", "/$batch", json=renamed)
    async with fake_context(azure) as context:
        items = await batch.run_batch(context, [logs.QueryRequest("T")] * len(numbered))
    assert [item.error is None for item in items] == [part["status"] == 200 for part in numbered]
    for item, part in zip(items, numbered, strict=True):
        if item.response is not None:
            assert list(lost(part["body"], {"tables": [_numbers(table) for table in item.response.tables]})) == []


@pytest.mark.parametrize("name", [name for name in ANSWERS if "/metadata-" in name])
async def test_the_documented_metadata_becomes_a_schema(name: str) -> None:
    azure = FakeAzure()
    ((_, sent),) = answers(name)
    azure.answer("GET", "/metadata", json=sent)
    async with fake_context(azure, subscription_id=None) as context:
        schema = await tables.get_schema(context)
    assert {table: set(columns) for table, columns in schema.tables.items()} == {
        table["name"]: {column["name"] for column in table["columns"]} for table in sent["tables"]
    }
    assert set(schema.functions) == {function["name"] for function in sent["functions"]}


def test_collected_values_are_where_they_are_looked_for() -> None:
    ((_, whois),) = answers("recordings/arm_enrichment_whois_200.json")
    assert enrichment.whois_from_wire(whois).registrar == whois["parsedWhois"]["registrar"]["name"]
    ((_, insights),) = answers("recordings/arm_entity_insights_post_200.json")
    first = entities.insights_from_wire(insights).items[0]
    assert [column.name for column in first.table.columns][:2] == ["Direction", "IPAddress"]
    assert len(first.charts) == 3
    ((_, objects),) = answers("securityinsights-2025-01-01-preview/threatintelligence/PostThreatIntelligenceQuery.json")
    pattern = threat_objects.from_wire(objects["value"][0])
    assert (pattern.stix_type, pattern.display_name) == ("attack-pattern", "Attack Pattern 2.1")
    assert pattern.confidence == 100
    ((_, definitions),) = answers("securityinsights/dataConnectorDefinitions/GetDataConnectorDefinitions.json")
    github = data_connectors.definition_from_wire(definitions["value"][0])
    assert (github.publisher, github.tables) == ("GitHub", ("GitHubAuditLogPolling_CL",))
    assert len(github.connectivity_queries) == 1
    (_, hunt), _ = answers("securityinsights-2025-07-01-preview/hunts/CreateHunt.json")
    found = hunts.from_wire(hunt)
    assert (found.tactics, found.owner and found.owner.kind) == (("Reconnaissance",), "User")


def test_every_collected_body_is_read_or_named_with_the_reason() -> None:
    listed = {entry["file"] for entry in json.loads((PAYLOADS / "manifest.json").read_text())}
    groups = (OBJECTS, ANSWERS, EMPTY, FAULTS, BATCHES, NOT_READ)
    placed = [name for group in groups for name in group]
    assert sorted(placed) == sorted(listed)
    on_disk = {path.relative_to(PAYLOADS).as_posix() for path in PAYLOADS.rglob("*.json")}
    # The collected errors are read in test_errors.
    assert on_disk - listed == {"manifest.json", "errors/errors.json"}
