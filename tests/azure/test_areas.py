"""Every area of a workspace, read and written, by both ways in."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from sentinel_azure_clients import (
    AzureServicesContext,
    Conflict,
    Insight,
    NotFound,
    QueryRejected,
    QueryRequest,
    Rejected,
    Timeline,
    alert_rules,
    alerts,
    automation_rules,
    bookmarks,
    content,
    data_connectors,
    enrichment,
    entities,
    hunts,
    logs,
    metadata,
    metrics,
    permissions,
    saved_searches,
    settings,
    tables,
    threat_intelligence,
    threat_objects,
    usage,
    watchlists,
    workspace,
)

pytestmark = pytest.mark.anyio


async def test_alerts_are_listed_from_their_table(azure: AzureServicesContext) -> None:
    found = await alerts.list_alerts(azure, timespan="P3D")
    assert found.items
    assert len({alert.system_alert_id for alert in found.items}) == len(found.items)
    high = await alerts.list_alerts(azure, timespan="P3D", severities=["High"], title_contains="a")
    assert {a.system_alert_id for a in high.items} == {
        a.system_alert_id for a in found.items if a.severity == "High" and "a" in a.title.lower()
    }
    one = await alerts.get_alert(azure, found.items[0].system_alert_id)
    assert one.title == found.items[0].title
    with pytest.raises(NotFound):
        await alerts.get_alert(azure, 'x" or "1" == "1')


async def test_alert_rules_of_every_kind_are_read_switched_and_changed(azure: AzureServicesContext) -> None:
    rules = await alert_rules.list_rules(azure)
    assert {"Scheduled", "NRT", "Fusion", "MicrosoftSecurityIncidentCreation"} <= {rule.kind for rule in rules}
    for rule in rules:
        assert await alert_rules.get_rule(azure, rule.name) == rule
        await alert_rules.list_actions(azure, rule.name)
    scheduled = next(rule for rule in rules if rule.kind == "Scheduled")
    off = await alert_rules.disable_rule(azure, scheduled.name, etag=scheduled.etag)
    assert off.enabled is False
    assert {k: v for k, v in off.properties.items() if k not in {"enabled", "lastModifiedUtc"}} == {
        k: v for k, v in scheduled.properties.items() if k not in {"enabled", "lastModifiedUtc"}
    }
    with pytest.raises(Conflict):
        await alert_rules.enable_rule(azure, scheduled.name, etag=scheduled.etag)
    assert (await alert_rules.enable_rule(azure, scheduled.name)).enabled is True


async def test_an_alert_rule_is_made_and_deleted(azure: AzureServicesContext) -> None:
    properties = {
        "displayName": "made by a test",
        "enabled": True,
        "severity": "Low",
        "query": "SigninLogs | take 1",
        "queryFrequency": "PT1H",
        "queryPeriod": "PT1H",
        "triggerOperator": "GreaterThan",
        "triggerThreshold": 0,
        "suppressionDuration": "PT1H",
        "suppressionEnabled": False,
    }
    made = await alert_rules.create_rule(azure, "Scheduled", properties)
    with pytest.raises(Conflict):
        await alert_rules.create_rule(azure, "Scheduled", properties, name=made.name)
    changed = await alert_rules.update_rule(azure, made.name, {"severity": "High"})
    assert (changed.severity, changed.query) == ("High", "SigninLogs | take 1")
    await alert_rules.delete_rule(azure, made.name)
    with pytest.raises(NotFound):
        await alert_rules.get_rule(azure, made.name)


async def test_rule_templates_are_read(azure: AzureServicesContext) -> None:
    templates = await alert_rules.list_templates(azure)
    assert templates
    assert await alert_rules.get_template(azure, templates[0].name) == templates[0]


async def test_automation_rules_are_made_switched_and_deleted(azure: AzureServicesContext) -> None:
    for rule in await automation_rules.list_rules(azure):
        assert await automation_rules.get_rule(azure, rule.name) == rule
    trigger: dict[str, Any] = {
        "isEnabled": True,
        "triggersOn": "Incidents",
        "triggersWhen": "Created",
        "conditions": [],
    }
    action = {"order": 1, "actionType": "ModifyProperties", "actionConfiguration": {"status": "Closed"}}
    properties: dict[str, Any] = {
        "displayName": "made by a test",
        "order": 9,
        "triggeringLogic": trigger,
        "actions": [action],
    }
    made = await automation_rules.create_rule(azure, properties)
    assert (await automation_rules.disable_rule(azure, made.name, etag=made.etag)).enabled is False
    assert (await automation_rules.update_rule(azure, made.name, {"order": 5})).order == 5
    await automation_rules.delete_rule(azure, made.name)
    with pytest.raises(NotFound):
        await automation_rules.get_rule(azure, made.name)


async def test_hunting_queries_and_functions_are_kept(azure: AzureServicesContext) -> None:
    assert await saved_searches.list_hunting_queries(azure)
    made = await saved_searches.create_search(
        azure,
        display_name="a function",
        query="SigninLogs | take 1",
        category="tests",
        function_alias="FromATest",
        function_parameters="days:int=7",
    )
    schema = await tables.get_schema(azure, fresh=True)
    assert schema.functions["FromATest"] == {
        "parameters": [{"name": "days", "type": "int", "required": False, "default": "7"}],
        "body": "SigninLogs | take 1",
    }
    changed = await saved_searches.update_search(azure, made.name, query="SigninLogs | take 2", etag=made.etag)
    assert (changed.query, changed.function_alias) == ("SigninLogs | take 2", "FromATest")
    assert (await tables.get_schema(azure, fresh=True)).version != schema.version
    await saved_searches.delete_search(azure, made.name)
    with pytest.raises(NotFound):
        await saved_searches.get_search(azure, made.name)


async def test_bookmarks_are_kept(azure: AzureServicesContext) -> None:
    made = await bookmarks.create_bookmark(
        azure, display_name="odd", query="SigninLogs | take 1", query_result='{"a":1}', labels=["x"]
    )
    assert made.name in {bookmark.name for bookmark in await bookmarks.list_bookmarks(azure)}
    changed = await bookmarks.update_bookmark(azure, made.name, notes="look", etag=made.etag)
    assert (changed.notes, changed.query_result, changed.labels) == ("look", '{"a":1}', ("x",))
    await bookmarks.delete_bookmark(azure, made.name)
    with pytest.raises(NotFound):
        await bookmarks.get_bookmark(azure, made.name)


async def test_watchlists_and_their_items_are_kept(azure: AzureServicesContext) -> None:
    for watchlist in await watchlists.list_watchlists(azure):
        assert (await watchlists.get_watchlist(azure, watchlist.alias)).id == watchlist.id
    alias = "fromATest"
    made = await watchlists.create_watchlist(
        azure, alias, display_name="From a test", search_key="host", rows=[{"host": "a", "owner": "x,y"}]
    )
    assert (made.alias, made.search_key) == (alias, "host")
    with pytest.raises(Conflict):
        await watchlists.create_watchlist(azure, alias, display_name="again", search_key="host")
    renamed = await watchlists.update_watchlist(azure, alias, display_name="Renamed", etag=made.etag)
    assert (renamed.display_name, renamed.search_key) == ("Renamed", "host")
    upserted = await watchlists.upsert_item(azure, alias, {"host": "a", "owner": "p"})
    assert await watchlists.upsert_item(azure, alias, {"host": "a", "owner": "q"}) != upserted
    assert [row.values["owner"] for row in await watchlists.list_items(azure, alias)] == ["q"]
    item = await watchlists.add_item(azure, alias, {"host": "b", "owner": "z"})
    changed = await watchlists.update_item(azure, alias, item.name, {"owner": "w"})
    assert changed.values == {"host": "b", "owner": "w"}
    assert (await watchlists.get_item(azure, alias, item.name)).values == changed.values
    assert {row.values["host"] for row in await watchlists.list_items(azure, alias)} >= {"b"}
    await watchlists.delete_item(azure, alias, item.name)
    await watchlists.delete_watchlist(azure, alias)


async def test_threat_intelligence_is_asked_made_and_tagged(azure: AzureServicesContext) -> None:
    made = await threat_intelligence.create_indicator(
        azure,
        display_name="from a test",
        pattern="[ipv4-addr:value = '198.51.100.7']",
        pattern_type="ipv4-addr",
        source="test",
        threat_types=["malicious-activity"],
        valid_from=datetime(2026, 1, 1, tzinfo=UTC),
        confidence=70,
    )
    await threat_intelligence.append_tags(azure, made.name, ["seen"])
    found = await threat_intelligence.get_indicator(azure, made.name)
    assert (found.display_name, found.tags, found.confidence) == ("from a test", ("seen",), 70)
    asked = await threat_intelligence.query_indicators(azure, sources=["test"])
    assert made.name in {indicator.name for indicator in asked}
    assert await threat_intelligence.list_indicators(azure, most=5)
    assert (await threat_intelligence.get_metrics(azure)).by_source
    await threat_intelligence.delete_indicator(azure, made.name)
    with pytest.raises(NotFound):
        await threat_intelligence.get_indicator(azure, made.name)


async def test_content_is_listed(azure: AzureServicesContext) -> None:
    assert await content.list_metadata(azure)
    assert await content.list_packages(azure)
    assert await content.list_product_packages(azure)
    templates = await content.list_templates(azure)
    assert templates
    assert (await content.get_template(azure, templates[0].name)).name == templates[0].name


async def test_settings_are_listed(azure: AzureServicesContext) -> None:
    for setting in await settings.list_product_settings(azure):
        assert (await settings.get_product_setting(azure, setting.name)).kind == setting.kind
    assert [state.name for state in await settings.list_onboarding_states(azure)] == ["default"]
    anomalies = await settings.list_anomaly_rules(azure)
    assert await settings.get_anomaly_rule(azure, anomalies[0].name) == anomalies[0]
    assert (await settings.list_source_controls(azure)).complete


async def test_an_address_and_a_domain_are_looked_up(azure: AzureServicesContext) -> None:
    assert (await enrichment.get_geodata(azure, "203.0.113.9")).country
    with pytest.raises(NotFound):
        await enrichment.get_geodata(azure, "192.0.2.250")
    assert (await enrichment.get_whois(azure, "contoso.com")).domain == "contoso.com"


async def test_limits_and_usage_are_read(azure: AzureServicesContext) -> None:
    assert await usage.list_limits(azure)
    found = await usage.by_table(azure, days=7)
    assert found
    assert [t.total_mb for t in found] == sorted((t.total_mb for t in found), reverse=True)
    assert all(t.billable_mb <= t.total_mb for t in found)


async def test_metrics_of_the_workspace_are_described_and_read(azure: AzureServicesContext) -> None:
    defined = {metric.name: metric for metric in await metrics.list_definitions(azure)}
    assert "Computer" in defined["Heartbeat"].dimensions
    (whole,) = await metrics.query(azure, ["Heartbeat"], timespan="P1D", interval="PT1H", aggregations=["total"])
    split = await metrics.query(
        azure, ["Heartbeat"], timespan="P1D", interval="PT1H", aggregations=["total"], split_by=["Computer"]
    )
    assert len(split) > 1
    assert len({series.dimensions["computer"] for series in split}) == len(split)
    with pytest.raises(Rejected, match="NoSuchMetric"):
        await metrics.query(azure, ["NoSuchMetric"])
    assert whole.unit == "Count"
    assert sum(point.total or 0 for point in whole.points) > 0


async def test_basic_and_auxiliary_tables_are_told_apart_and_asked_on_their_own_path(
    azure: AzureServicesContext,
) -> None:
    cheap = [table for table in await tables.list_tables(azure) if table.plan in {"Basic", "Auxiliary"}]
    assert {table.plan for table in cheap} == {"Basic", "Auxiliary"}
    for table in cheap:
        with pytest.raises(QueryRejected, match="search"):
            await logs.run_query(azure, QueryRequest(f"{table.name} | take 1", timespan="P1D"))
        plan = "Basic" if table.plan == "Basic" else "Auxiliary"
        request = QueryRequest(f"{table.name} | take 3", timespan="P1D", plan=plan)
        by_row = await logs.run_query(azure, request)
        assert by_row.row_count == 3
        by_column = await logs.run_query_by_column(azure, request)
        assert by_column.tables[0].row_count == 3


async def test_the_metadata_is_read(azure: AzureServicesContext) -> None:
    found = await metadata.get_metadata(azure)
    assert "SigninLogs" in {table["name"] for table in found.tables}


async def test_price_plans_and_linked_services_are_listed(azure: AzureServicesContext) -> None:
    assert any(tier.enabled for tier in await usage.list_service_tiers(azure))
    assert (await workspace.list_linked_services(azure)).complete


async def test_every_workspace_of_the_subscription_is_listed(azure: AzureServicesContext) -> None:
    found = await workspace.list_workspaces(azure)
    assert found.complete
    assert len({one.workspace_id for one in found}) == len(found) > 1
    assert azure.config.workspace_name in {one.name for one in found}


async def test_entities_are_listed_and_read(azure: AzureServicesContext) -> None:
    found = await entities.list_entities(azure, most=3)
    assert found
    assert await entities.get_entity(azure, found[0].name) == found[0]


async def test_an_entitys_insights_and_timeline_are_read(azure: AzureServicesContext) -> None:
    end = datetime.now(UTC)
    start = end - timedelta(days=5)
    timelines: list[Timeline] = []
    insights: list[Insight] = []
    for entity in await entities.list_entities(azure, most=12):
        timeline = await entities.get_timeline(azure, entity.name, start=start, end=end)
        assert timeline.complete
        assert sum(timeline.counts.values()) == len(timeline.items)
        timelines.append(timeline)
        found = await entities.get_insights(azure, entity.name, start=start, end=end)
        assert found.complete
        insights += found.items
    item = next(item for timeline in timelines for item in timeline.items if item.kind == "SecurityAlert")
    assert item.title
    assert item.start is not None
    assert start <= item.start <= end
    assert any(insight.table.rows for insight in insights)
    assert all(insight.table.columns for insight in insights)


async def test_stix_objects_are_asked_and_counted(azure: AzureServicesContext) -> None:
    everything = await threat_objects.query_objects(azure, page_size=10)
    assert everything.complete
    assert len(everything) == await threat_objects.count_objects(azure) > 10
    assert len({one.name for one in everything}) == len(everything)
    kinds = {str(one.stix_type) for one in everything}
    assert "threat-actor" in kinds
    source = everything[0].source or ""
    some = await threat_objects.query_objects(azure, clauses=[threat_objects.Clause("source", "Equals", (source,))])
    assert {one.name for one in some} == {one.name for one in everything if str(one.source).lower() == source.lower()}


async def test_hunts_and_connector_definitions_are_listed_and_read(azure: AzureServicesContext) -> None:
    hunt = (await hunts.list_hunts(azure))[0]
    assert hunt.display_name
    assert await hunts.get_hunt(azure, hunt.name) == hunt
    definition = (await data_connectors.list_definitions(azure))[0]
    assert definition.title
    assert await data_connectors.get_definition(azure, definition.name) == definition


async def test_effective_permissions_are_read(azure: AzureServicesContext) -> None:
    granted = await permissions.get_permissions(azure)
    assert granted.allows("Microsoft.SecurityInsights/incidents/write")
