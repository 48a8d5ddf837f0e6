"""Microsoft Sentinel and Log Analytics for Python engineers: Azure in, frozen dataclasses out.

::

    from sentinel_azure_clients import AzureConfig, AzureServicesContext, QueryRequest, incidents, logs

    async with AzureServicesContext(AzureConfig.from_environment(os.environ)) as context:
        page = await incidents.list_page(context, statuses=["New"], severities=["High"])
        answer = await logs.run_query(context, QueryRequest("SigninLogs | take 10", timespan="P1D"))

Each area is a module whose functions take the context first. Nothing is loaded before it is used: importing this
package costs next to nothing, and no Azure library is imported before the first call.
`sentinel_azure_clients.asgi` and `sentinel_azure_clients.testing` are imported by name.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sentinel_azure_clients import (
        alert_rules,
        alerts,
        automation_rules,
        batch,
        bookmarks,
        connection,
        content,
        coverage,
        data_connectors,
        enrichment,
        entities,
        hunts,
        incidents,
        logs,
        metadata,
        metrics,
        permissions,
        playbooks,
        saved_searches,
        settings,
        tables,
        threat_intelligence,
        threat_objects,
        usage,
        watchlists,
        workspace,
    )
    from sentinel_azure_clients._credentials import CREDENTIAL_KINDS
    from sentinel_azure_clients._paging import Listing
    from sentinel_azure_clients._writing import UNCHANGED
    from sentinel_azure_clients.alert_rules import AlertRule, RuleTemplate
    from sentinel_azure_clients.alerts import AlertListing, AlertRow
    from sentinel_azure_clients.automation_rules import AutomationRule
    from sentinel_azure_clients.batch import BatchItem
    from sentinel_azure_clients.bookmarks import Bookmark
    from sentinel_azure_clients.columns import Column, ColumnarTable, Values
    from sentinel_azure_clients.config import AzureConfig, WorkspaceAddress
    from sentinel_azure_clients.connection import Capability, ConnectionReport
    from sentinel_azure_clients.context import AzureServicesContext
    from sentinel_azure_clients.data_connectors import ConnectorDefinition, DataConnector
    from sentinel_azure_clients.enrichment import Geodata, Whois
    from sentinel_azure_clients.entities import Insight, Insights, InsightTable, Timeline, TimelineItem
    from sentinel_azure_clients.errors import (
        Conflict,
        InvalidInput,
        MalformedAnswer,
        NotAllowed,
        NotConfigured,
        NotFound,
        NotSignedIn,
        QueryRejected,
        Rejected,
        SentinelError,
        Throttled,
        TimedOut,
        Unreachable,
    )
    from sentinel_azure_clients.hunts import Hunt
    from sentinel_azure_clients.incidents import (
        Alert,
        Comment,
        Entity,
        Incident,
        Owner,
        Relation,
        SecurityIncidentListing,
        Task,
    )
    from sentinel_azure_clients.logs import ColumnarResponse, QueryRequest, QueryResponse, Table
    from sentinel_azure_clients.metadata import WorkspaceMetadata
    from sentinel_azure_clients.metrics import MetricDefinition, MetricPoint, MetricSeries
    from sentinel_azure_clients.permissions import Grant, Permissions
    from sentinel_azure_clients.playbooks import Playbook
    from sentinel_azure_clients.resource import Resource
    from sentinel_azure_clients.saved_searches import SavedSearch
    from sentinel_azure_clients.tables import SchemaSnapshot, TableInfo
    from sentinel_azure_clients.threat_intelligence import Indicator, IndicatorMetrics
    from sentinel_azure_clients.threat_objects import Clause, ThreatObject
    from sentinel_azure_clients.usage import ServiceTier, TableUsage, UsageLimit
    from sentinel_azure_clients.watchlists import Watchlist, WatchlistItem
    from sentinel_azure_clients.workspace import Workspace

__all__ = [
    "CREDENTIAL_KINDS",
    "UNCHANGED",
    "Alert",
    "AlertListing",
    "AlertRow",
    "AlertRule",
    "AutomationRule",
    "AzureConfig",
    "AzureServicesContext",
    "BatchItem",
    "Bookmark",
    "Capability",
    "Clause",
    "Column",
    "ColumnarResponse",
    "ColumnarTable",
    "Comment",
    "Conflict",
    "ConnectionReport",
    "ConnectorDefinition",
    "DataConnector",
    "Entity",
    "Geodata",
    "Grant",
    "Hunt",
    "Incident",
    "Indicator",
    "IndicatorMetrics",
    "Insight",
    "InsightTable",
    "Insights",
    "InvalidInput",
    "Listing",
    "MalformedAnswer",
    "MetricDefinition",
    "MetricPoint",
    "MetricSeries",
    "NotAllowed",
    "NotConfigured",
    "NotFound",
    "NotSignedIn",
    "Owner",
    "Permissions",
    "Playbook",
    "QueryRejected",
    "QueryRequest",
    "QueryResponse",
    "Rejected",
    "Relation",
    "Resource",
    "RuleTemplate",
    "SavedSearch",
    "SchemaSnapshot",
    "SecurityIncidentListing",
    "SentinelError",
    "ServiceTier",
    "Table",
    "TableInfo",
    "TableUsage",
    "Task",
    "ThreatObject",
    "Throttled",
    "TimedOut",
    "Timeline",
    "TimelineItem",
    "Unreachable",
    "UsageLimit",
    "Values",
    "Watchlist",
    "WatchlistItem",
    "Whois",
    "Workspace",
    "WorkspaceAddress",
    "WorkspaceMetadata",
    "alert_rules",
    "alerts",
    "automation_rules",
    "batch",
    "bookmarks",
    "connection",
    "content",
    "coverage",
    "data_connectors",
    "enrichment",
    "entities",
    "hunts",
    "incidents",
    "logs",
    "metadata",
    "metrics",
    "permissions",
    "playbooks",
    "saved_searches",
    "settings",
    "tables",
    "threat_intelligence",
    "threat_objects",
    "usage",
    "watchlists",
    "workspace",
]

# Areas are modules, and the only public names in lower case.
_AREAS = tuple(name for name in __all__ if name.islower())
_HOMES = {
    "_credentials": ("CREDENTIAL_KINDS",),
    "_paging": ("Listing",),
    "_writing": ("UNCHANGED",),
    "alert_rules": ("AlertRule", "RuleTemplate"),
    "alerts": ("AlertListing", "AlertRow"),
    "automation_rules": ("AutomationRule",),
    "batch": ("BatchItem",),
    "bookmarks": ("Bookmark",),
    "columns": ("Column", "ColumnarTable", "Values"),
    "config": ("AzureConfig", "WorkspaceAddress"),
    "connection": ("Capability", "ConnectionReport"),
    "context": ("AzureServicesContext",),
    "data_connectors": ("ConnectorDefinition", "DataConnector"),
    "enrichment": ("Geodata", "Whois"),
    "entities": ("Insight", "InsightTable", "Insights", "Timeline", "TimelineItem"),
    "errors": (
        "Conflict",
        "InvalidInput",
        "MalformedAnswer",
        "NotAllowed",
        "NotConfigured",
        "NotFound",
        "NotSignedIn",
        "QueryRejected",
        "Rejected",
        "SentinelError",
        "Throttled",
        "TimedOut",
        "Unreachable",
    ),
    "hunts": ("Hunt",),
    "incidents": (
        "Alert",
        "Comment",
        "Entity",
        "Incident",
        "Owner",
        "Relation",
        "SecurityIncidentListing",
        "Task",
    ),
    "logs": ("ColumnarResponse", "QueryRequest", "QueryResponse", "Table"),
    "metadata": ("WorkspaceMetadata",),
    "metrics": ("MetricDefinition", "MetricPoint", "MetricSeries"),
    "permissions": ("Grant", "Permissions"),
    "playbooks": ("Playbook",),
    "resource": ("Resource",),
    "saved_searches": ("SavedSearch",),
    "tables": ("SchemaSnapshot", "TableInfo"),
    "threat_intelligence": ("Indicator", "IndicatorMetrics"),
    "threat_objects": ("Clause", "ThreatObject"),
    "usage": ("ServiceTier", "TableUsage", "UsageLimit"),
    "watchlists": ("Watchlist", "WatchlistItem"),
    "workspace": ("Workspace",),
}
_HOME = {name: home for home, names in _HOMES.items() for name in names}


def __getattr__(name: str) -> Any:  # noqa: ANN401 - whatever the name stands for
    if name in _AREAS:
        return import_module(f"{__name__}.{name}")
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(f"{__name__}.{_HOME[name]}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
