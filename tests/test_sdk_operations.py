"""The typed operations of the official SDK clients over TLS, against the emulator: a table of client and operation."""

# pyright: basic
# SecurityInsights 1.0.0 carries no types.

import sys
import uuid
from collections.abc import Callable, Generator
from datetime import timedelta
from typing import Any

import pytest
from azure.identity import ManagedIdentityCredential
from azure.mgmt.loganalytics import LogAnalyticsManagementClient
from azure.mgmt.securityinsight import SecurityInsights, models
from azure.monitor.query import LogsBatchQuery, LogsQueryClient

from sentinel_emulator import Emulator
from sentinel_emulator.serving import serve_in_thread

pytestmark = [pytest.mark.timeout(300), pytest.mark.filterwarnings("ignore::DeprecationWarning")]


class Clients:
    """The clients, where the workspace is, and what was called so far."""

    def __init__(self, emulator: Emulator, url: str, ca_file: str) -> None:
        workspace = emulator.workspace
        self.at = (workspace.resource_group, workspace.workspace_name)
        self.workspace_id = workspace.workspace_id
        credential = ManagedIdentityCredential()
        common: dict[str, Any] = {"connection_verify": ca_file}
        arm = common | {"base_url": url, "credential_scopes": ["https://management.azure.com/.default"]}
        self.sentinel = SecurityInsights(credential, workspace.subscription_id, **arm)
        self.analytics = LogAnalyticsManagementClient(credential, workspace.subscription_id, **arm)
        self.logs = LogsQueryClient(credential, endpoint=url, audience="https://api.loganalytics.io", **common)
        self.called: list[str] = []
        self.failed: dict[str, str] = {}

    def call(self, name: str, operation: Callable[[], Any]) -> Any:
        """The result of an operation; a failure is noted under its name."""
        self.called.append(name)
        try:
            return operation()
        except Exception as error:  # noqa: BLE001 - whatever goes wrong is the finding
            self.failed[name] = f"{type(error).__name__}: {error}"
            return None


@pytest.fixture
def clients(monkeypatch: pytest.MonkeyPatch) -> Generator[Clients]:
    emulator = Emulator()
    with serve_in_thread(emulator) as serving:
        for name, value in serving.settings.items():
            monkeypatch.setenv(name, value)
        yield Clients(emulator, serving.url, str(serving.ca_file))


def test_typed_operations_of_the_official_clients_are_answered(clients: Clients, capsys: Any) -> None:
    incidents(clients)
    rules(clients)
    watchlists(clients)
    connectors(clients)
    indicators(clients)
    log_analytics(clients)
    queries(clients)
    onboarding(clients)
    with capsys.disabled():
        table = [f"{name:75} {clients.failed.get(name, 'answered')}" for name in clients.called]
        sys.stdout.write("\n" + "\n".join(table) + "\n")
    assert clients.failed == {}
    assert len(clients.called) >= 70


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
    batch = [LogsBatchQuery(workspace_id=c.workspace_id, query="AuditLogs | count", timespan=day)]
    c.call("LogsQueryClient.query_batch", lambda: c.logs.query_batch(batch))


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
