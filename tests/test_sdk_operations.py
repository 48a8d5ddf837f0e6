"""The typed operations of the official SDK clients over TLS, against the emulator: a table of client and operation."""

# pyright: basic
# SecurityInsights 1.0.0 carries no types.

import asyncio
import uuid
from collections.abc import Generator
from datetime import timedelta
from typing import Any

import azure.identity.aio as aio_identity
import azure.mgmt.loganalytics.aio as aio_loganalytics
import azure.mgmt.monitor.aio as aio_monitor
import azure.mgmt.securityinsight.aio as aio_securityinsight
import azure.monitor.query.aio as aio_query
import pytest
from azure.identity import ManagedIdentityCredential
from azure.mgmt.loganalytics import LogAnalyticsManagementClient
from azure.mgmt.monitor import MonitorManagementClient
from azure.mgmt.securityinsight import SecurityInsights, models
from azure.monitor.query import LogsBatchQuery, LogsQueryClient

from sentinel_emulator import Emulator
from sentinel_emulator.serving import Serving, serve_in_thread

from .sdks.table import Table, Waiting, operations_of

pytestmark = [pytest.mark.timeout(300), pytest.mark.filterwarnings("ignore::DeprecationWarning")]


#: Operations that are not answered, alone or as a whole group, and why.
LEFT_OUT = {
    "SecurityInsights": {},
    "LogAnalytics": {
        "workspaces.begin_create_or_update": "the emulated workspaces are given",
        "workspaces.begin_delete": "the emulated workspaces are given",
        "workspaces.update": "the emulated workspaces are given",
        "workspaces.begin_failback": "the workspace is not replicated",
        "workspaces.begin_failover": "the workspace is not replicated",
        "workspaces.begin_reconcile_nsp": "there is no network security perimeter",
        "workspaces.get_nsp": "there is no network security perimeter",
        "workspaces.list_nsp": "there is no network security perimeter",
        "tables.begin_create_or_update": "tables are made by `sentinel-emulator import`",
        "tables.begin_delete": "tables are made by `sentinel-emulator import`",
        "tables.begin_update": "tables are made by `sentinel-emulator import`",
        "tables.cancel_search": "search jobs are not run",
        "tables.migrate": "no table is of the older kind",
        "linked_services.begin_create_or_update": "nothing is linked to the workspace",
        "linked_services.begin_delete": "nothing is linked to the workspace",
        "linked_services.get": "nothing is linked to the workspace",
        "shared_keys": "the keys would let anybody write rows; Azure's clients here only read",
        "workspace_purge": "rows are not purged",
        "summary_logs": "summary rules are not run",
        "query_packs": "query packs belong to the portal",
        "queries": "query packs belong to the portal",
        **dict.fromkeys(
            (
                "operations",
                "clusters",
                "data_exports",
                "data_sources",
                "gateways",
                "intelligence_packs",
                "management_groups",
                "linked_storage_accounts",
                "storage_insight_configs",
                "operation_statuses",
                "deleted_workspaces",
            ),
            "how a workspace is run, not what Sentinel does with it",
        ),
    },
    "Monitor": {
        "metrics.list_at_subscription_scope": "metrics of one workspace are answered, not of a subscription",
        "metrics.list_at_subscription_scope_post": "as above",
        "metric_definitions.list_at_subscription_scope": "as above",
        **dict.fromkeys(
            (
                "action_groups",
                "activity_log_alerts",
                "activity_logs",
                "alert_rule_incidents",
                "autoscale_settings",
                "azure_monitor_workspaces",
                "baselines",
                "data_collection_endpoints",
                "data_collection_rule_associations",
                "data_collection_rules",
                "event_categories",
                "log_profiles",
                "metric_alerts",
                "metric_alerts_status",
                "monitor_operations",
                "operations",
                "predictive_metric",
                "scheduled_query_rules",
                "tenant_activity_logs",
            ),
            "not about the metrics of a workspace",
        ),
    },
    "LogsQueryClient": {},
}


class Clients(Table):
    """The clients, where the workspace is, and what was called so far."""

    def __init__(self, emulator: Emulator, clients: dict[str, Any], prefix: str) -> None:
        super().__init__(prefix)
        workspace = emulator.workspace
        self.at = (workspace.resource_group, workspace.workspace_name)
        self.workspace_id = workspace.workspace_id
        self.resource_id = workspace.resource_id
        self.sentinel, self.analytics = clients["SecurityInsights"], clients["LogAnalytics"]
        self.monitor, self.logs = clients["Monitor"], clients["LogsQueryClient"]


def common(emulator: Emulator, serving: Serving) -> tuple[dict[str, Any], dict[str, Any], str]:
    trust: dict[str, Any] = {"connection_verify": str(serving.ca_file)}
    arm = trust | {"base_url": serving.url, "credential_scopes": ["https://management.azure.com/.default"]}
    logs = trust | {"endpoint": serving.url, "audience": "https://api.loganalytics.io"}
    return arm, logs, emulator.workspace.subscription_id


def sync_clients(emulator: Emulator, serving: Serving) -> dict[str, Any]:
    arm, logs, subscription = common(emulator, serving)
    credential = ManagedIdentityCredential()
    return {
        "SecurityInsights": SecurityInsights(credential, subscription, **arm),
        "LogAnalytics": LogAnalyticsManagementClient(credential, subscription, **arm),
        "Monitor": MonitorManagementClient(credential, subscription, **arm),
        "LogsQueryClient": LogsQueryClient(credential, **logs),
    }


def async_clients(emulator: Emulator, serving: Serving) -> dict[str, Any]:
    arm, logs, subscription = common(emulator, serving)
    credential = aio_identity.ManagedIdentityCredential()
    return {
        "SecurityInsights": aio_securityinsight.SecurityInsights(credential, subscription, **arm),
        "LogAnalytics": aio_loganalytics.LogAnalyticsManagementClient(credential, subscription, **arm),
        "Monitor": aio_monitor.MonitorManagementClient(credential, subscription, **arm),
        "LogsQueryClient": aio_query.LogsQueryClient(credential, **logs),
        "credential": credential,
    }


@pytest.fixture
def served(monkeypatch: pytest.MonkeyPatch) -> Generator[tuple[Emulator, Serving]]:
    emulator = Emulator()
    with serve_in_thread(emulator) as serving:
        for name, value in serving.settings.items():
            monkeypatch.setenv(name, value)
        yield emulator, serving
    asyncio.run(emulator.close())


def test_every_typed_operation_of_the_sync_clients_is_answered(served: tuple[Emulator, Serving], capsys: Any) -> None:
    clients = sync_clients(*served)
    check(Clients(served[0], clients, ""), clients, capsys)


def test_every_typed_operation_of_the_async_clients_is_answered(served: tuple[Emulator, Serving], capsys: Any) -> None:
    loop = asyncio.new_event_loop()
    clients = async_clients(*served)
    try:
        waiting = {name: Waiting(client, loop) for name, client in clients.items()}
        check(Clients(served[0], waiting, "aio "), clients, capsys)
        for client in clients.values():
            loop.run_until_complete(client.close())
    finally:
        loop.close()


def check(c: Clients, clients: dict[str, Any], capsys: Any) -> None:
    incidents(c)
    rules(c)
    watchlists(c)
    connectors(c)
    indicators(c)
    log_analytics(c)
    queries(c)
    monitor(c)
    onboarding(c)
    with capsys.disabled():
        c.print()
    assert c.failed == {}
    for name, left_out in LEFT_OUT.items():
        assert c.not_called(name, operations_of(clients[name]), left_out) == set(), name


def incidents(c: Clients) -> None:
    s, at, name = c.sentinel, c.at, str(uuid.uuid4())
    new = models.Incident(title="x", severity="Low", status="New")
    made = c.call("SecurityInsights.incidents.create_or_update", lambda: s.incidents.create_or_update(*at, name, new))
    made.status = "Active"
    c.call(
        "SecurityInsights.incidents.create_or_update (update)", lambda: s.incidents.create_or_update(*at, name, made)
    )
    c.call("SecurityInsights.incidents.get", lambda: s.incidents.get(*at, name))
    first = c.call("SecurityInsights.incidents.list", lambda: list(s.incidents.list(*at, top=2)))[-1]
    c.call("SecurityInsights.incidents.list_alerts", lambda: s.incidents.list_alerts(*at, first.name).value)
    c.call("SecurityInsights.incidents.list_entities", lambda: s.incidents.list_entities(*at, first.name).entities)
    c.call("SecurityInsights.incidents.list_bookmarks", lambda: s.incidents.list_bookmarks(*at, first.name).value)
    comment = models.IncidentComment(message="hi")
    comments = s.incident_comments
    c.call(
        "SecurityInsights.incident_comments.create_or_update",
        lambda: comments.create_or_update(*at, name, name, comment),
    )
    c.call("SecurityInsights.incident_comments.get", lambda: comments.get(*at, name, name))
    c.call("SecurityInsights.incident_comments.list", lambda: list(comments.list(*at, name)))
    bookmark = models.Bookmark(display_name="b", query="SigninLogs")
    kept = c.call(
        "SecurityInsights.bookmarks.create_or_update", lambda: s.bookmarks.create_or_update(*at, name, bookmark)
    )
    c.call("SecurityInsights.bookmarks.get", lambda: s.bookmarks.get(*at, name))
    c.call("SecurityInsights.bookmarks.list", lambda: list(s.bookmarks.list(*at)))
    relations, relation = s.incident_relations, models.Relation(related_resource_id=kept.id)
    c.call(
        "SecurityInsights.incident_relations.create_or_update",
        lambda: relations.create_or_update(*at, name, name, relation),
    )
    c.call("SecurityInsights.incident_relations.get", lambda: relations.get(*at, name, name))
    c.call("SecurityInsights.incident_relations.list", lambda: list(relations.list(*at, name)))
    c.call("SecurityInsights.incident_relations.delete", lambda: relations.delete(*at, name, name))
    c.call("SecurityInsights.bookmarks.delete", lambda: s.bookmarks.delete(*at, name))
    c.call("SecurityInsights.incident_comments.delete", lambda: comments.delete(*at, name, name))
    c.call("SecurityInsights.incidents.delete", lambda: s.incidents.delete(*at, name))


def rules(c: Clients) -> None:
    s, at, name = c.sentinel, c.at, str(uuid.uuid4())
    rule = models.ScheduledAlertRule(
        display_name="x",
        enabled=True,
        severity="Low",
        query="SigninLogs",
        query_frequency=timedelta(hours=1),
        query_period=timedelta(hours=1),
        trigger_operator="GreaterThan",
        trigger_threshold=0,
        suppression_duration=timedelta(hours=1),
        suppression_enabled=False,
    )
    c.call("SecurityInsights.alert_rules.list", lambda: list(s.alert_rules.list(*at)))
    c.call("SecurityInsights.alert_rules.create_or_update", lambda: s.alert_rules.create_or_update(*at, name, rule))
    c.call("SecurityInsights.alert_rules.get", lambda: s.alert_rules.get(*at, name))
    action = models.ActionRequest(logic_app_resource_id="/x/workflows/p", trigger_uri="https://x")
    c.call("SecurityInsights.actions.create_or_update", lambda: s.actions.create_or_update(*at, name, name, action))
    c.call("SecurityInsights.actions.list_by_alert_rule", lambda: list(s.actions.list_by_alert_rule(*at, name)))
    c.call("SecurityInsights.actions.get", lambda: s.actions.get(*at, name, name))
    c.call("SecurityInsights.actions.delete", lambda: s.actions.delete(*at, name, name))
    c.call("SecurityInsights.alert_rules.delete", lambda: s.alert_rules.delete(*at, name))
    templates = c.call("SecurityInsights.alert_rule_templates.list", lambda: list(s.alert_rule_templates.list(*at)))
    c.call("SecurityInsights.alert_rule_templates.get", lambda: s.alert_rule_templates.get(*at, templates[0].name))
    known = c.call("SecurityInsights.automation_rules.list", lambda: list(s.automation_rules.list(*at)))
    c.call(
        "SecurityInsights.automation_rules.create_or_update",
        lambda: s.automation_rules.create_or_update(*at, name, known[0]),
    )
    c.call("SecurityInsights.automation_rules.get", lambda: s.automation_rules.get(*at, name))
    c.call("SecurityInsights.automation_rules.delete", lambda: s.automation_rules.delete(*at, name))


def watchlists(c: Clients) -> None:
    s, at, name = c.sentinel, c.at, str(uuid.uuid4())
    new = models.Watchlist(
        display_name="x",
        provider="p",
        source="Local file",
        items_search_key="A",
        raw_content="A,B\n1,2",
        content_type="text/csv",
        number_of_lines_to_skip=0,
    )
    item = models.WatchlistItem(items_key_value={"A": "2"})
    c.call("SecurityInsights.watchlists.list", lambda: list(s.watchlists.list(*at)))
    c.call("SecurityInsights.watchlists.create_or_update", lambda: s.watchlists.create_or_update(*at, "wl", new))
    c.call("SecurityInsights.watchlists.get", lambda: s.watchlists.get(*at, "wl"))
    c.call("SecurityInsights.watchlist_items.list", lambda: list(s.watchlist_items.list(*at, "wl")))
    c.call(
        "SecurityInsights.watchlist_items.create_or_update",
        lambda: s.watchlist_items.create_or_update(*at, "wl", name, item),
    )
    c.call("SecurityInsights.watchlist_items.get", lambda: s.watchlist_items.get(*at, "wl", name))
    c.call("SecurityInsights.watchlist_items.delete", lambda: s.watchlist_items.delete(*at, "wl", name))
    c.call("SecurityInsights.watchlists.delete", lambda: s.watchlists.delete(*at, "wl"))


def connectors(c: Clients) -> None:
    s, at, name = c.sentinel, c.at, str(uuid.uuid4())
    known = c.call("SecurityInsights.data_connectors.list", lambda: list(s.data_connectors.list(*at)))
    c.call(
        "SecurityInsights.data_connectors.create_or_update",
        lambda: s.data_connectors.create_or_update(*at, name, known[0]),
    )
    c.call("SecurityInsights.data_connectors.get", lambda: s.data_connectors.get(*at, name))
    c.call("SecurityInsights.data_connectors.delete", lambda: s.data_connectors.delete(*at, name))
    c.call("SecurityInsights.operations.list", lambda: list(s.operations.list()))


def indicators(c: Clients) -> None:
    s, at = c.sentinel, c.at
    new = models.ThreatIntelligenceIndicatorModel(
        display_name="x",
        source="s",
        pattern="[ipv4-addr:value = '203.0.113.9']",
        pattern_type="ipv4-addr",
        threat_types=["a"],
    )
    one = s.threat_intelligence_indicator
    c.call(
        "SecurityInsights.threat_intelligence_indicators.list", lambda: list(s.threat_intelligence_indicators.list(*at))
    )
    made = c.call(
        "SecurityInsights.threat_intelligence_indicator.create_indicator", lambda: one.create_indicator(*at, new)
    )
    assert made, c.failed
    name = made.name
    c.call("SecurityInsights.threat_intelligence_indicator.get", lambda: one.get(*at, name))
    c.call("SecurityInsights.threat_intelligence_indicator.create", lambda: one.create(*at, name, new))
    criteria = models.ThreatIntelligenceFilteringCriteria(page_size=10, min_confidence=90)
    c.call(
        "SecurityInsights.threat_intelligence_indicator.query_indicators",
        lambda: list(one.query_indicators(*at, criteria)),
    )
    tags = models.ThreatIntelligenceAppendTags(threat_intelligence_tags=["x"])
    c.call("SecurityInsights.threat_intelligence_indicator.append_tags", lambda: one.append_tags(*at, name, tags))
    other = models.ThreatIntelligenceIndicatorModel(threat_intelligence_tags=["y"])
    c.call("SecurityInsights.threat_intelligence_indicator.replace_tags", lambda: one.replace_tags(*at, name, other))
    c.call("SecurityInsights.threat_intelligence_indicator.delete", lambda: one.delete(*at, name))
    c.call(
        "SecurityInsights.threat_intelligence_indicator_metrics.list",
        lambda: s.threat_intelligence_indicator_metrics.list(*at).value,
    )


def log_analytics(c: Clients) -> None:
    a, at, name = c.analytics, c.at, str(uuid.uuid4())
    search = {"properties": {"category": "c", "displayName": "d", "query": "SigninLogs"}}
    c.call("LogAnalytics.workspaces.list", lambda: list(a.workspaces.list()))
    c.call("LogAnalytics.workspaces.list_by_resource_group", lambda: list(a.workspaces.list_by_resource_group(at[0])))
    c.call("LogAnalytics.workspaces.get", lambda: a.workspaces.get(*at))
    c.call("LogAnalytics.tables.list_by_workspace", lambda: list(a.tables.list_by_workspace(*at)))
    c.call("LogAnalytics.tables.get", lambda: a.tables.get(*at, "SigninLogs"))
    c.call("LogAnalytics.saved_searches.list_by_workspace", lambda: a.saved_searches.list_by_workspace(*at).value)
    c.call(
        "LogAnalytics.saved_searches.create_or_update",
        lambda: a.saved_searches.create_or_update(*at, name, search),  # type: ignore[arg-type]
    )
    c.call("LogAnalytics.saved_searches.get", lambda: a.saved_searches.get(*at, name))
    c.call("LogAnalytics.saved_searches.delete", lambda: a.saved_searches.delete(*at, name))
    c.call("LogAnalytics.usages.list", lambda: list(a.usages.list(*at)))
    c.call("LogAnalytics.schema.get", lambda: a.schema.get(*at).value)
    c.call("LogAnalytics.linked_services.list_by_workspace", lambda: list(a.linked_services.list_by_workspace(*at)))
    c.call(
        "LogAnalytics.available_service_tiers.list_by_workspace",
        lambda: a.available_service_tiers.list_by_workspace(*at),
    )


def queries(c: Clients) -> None:
    day = timedelta(days=1)
    c.call(
        "LogsQueryClient.query_workspace",
        lambda: c.logs.query_workspace(c.workspace_id, "SigninLogs | count", timespan=day, include_statistics=True),
    )
    c.call(
        "LogsQueryClient.query_resource",
        lambda: c.logs.query_resource(c.resource_id, "Heartbeat | count", timespan=day),
    )
    batch = [LogsBatchQuery(workspace_id=c.workspace_id, query="AuditLogs | count", timespan=day)]
    c.call("LogsQueryClient.query_batch", lambda: c.logs.query_batch(batch))


def monitor(c: Clients) -> None:
    m, resource = c.monitor, c.resource_id.lstrip("/")
    c.call("Monitor.metric_definitions.list", lambda: list(m.metric_definitions.list(resource)))
    c.call("Monitor.metric_namespaces.list", lambda: list(m.metric_namespaces.list(resource)))
    c.call(
        "Monitor.metrics.list",
        lambda: (
            m.metrics.list(
                resource,
                timespan="P1D",
                interval="PT1H",
                metricnames="Heartbeat",
                aggregation="total",
                filter="Computer eq '*'",
            ).value
        ),
    )


def onboarding(c: Clients) -> None:
    """Last: once Sentinel is deleted from the workspace, everything of Sentinel answers as not onboarded."""
    s, at = c.sentinel, c.at
    states = s.sentinel_onboarding_states
    c.call("SecurityInsights.sentinel_onboarding_states.list", lambda: states.list(*at).value)
    c.call("SecurityInsights.sentinel_onboarding_states.get", lambda: states.get(*at, "default"))
    c.call(
        "SecurityInsights.sentinel_onboarding_states.create",
        lambda: states.create(*at, "default", models.SentinelOnboardingState()),
    )
    c.call("SecurityInsights.sentinel_onboarding_states.delete", lambda: states.delete(*at, "default"))
