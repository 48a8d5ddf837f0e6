import subprocess
import sys

import sentinel_azure_clients


def test_the_public_face_is_exactly_this() -> None:
    assert sentinel_azure_clients.__all__ == [
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


def test_every_public_name_is_there() -> None:
    missing = [name for name in sentinel_azure_clients.__all__ if getattr(sentinel_azure_clients, name, None) is None]
    assert missing == []


def test_the_package_has_no_other_names() -> None:
    assert getattr(sentinel_azure_clients, "Nonsense", None) is None


def test_every_area_and_a_context_load_nothing_of_azure() -> None:
    code = (
        "import sys, sentinel_azure_clients as s\n"
        "[getattr(s, name) for name in s.__all__]\n"
        "c = s.AzureServicesContext(s.AzureConfig())\n"
        "heavy = ('azure', 'aiohttp', 'msal', 'requests', 'cryptography')\n"
        "print([name for name in sys.modules if name.split('.')[0] in heavy])\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_importing_the_package_loads_only_itself() -> None:
    code = "import sys, sentinel_azure_clients\nprint([n for n in sys.modules if n.startswith('sentinel_azure')])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "['sentinel_azure_clients']"
