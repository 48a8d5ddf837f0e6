"""Which tables the workspace has, in which order their columns come, and what DuckDB calls their types.

Names and types are the validator's built-in ones. Two facts of the service are laid over them: bare tables begin with
`TenantId` and `TimeGenerated` and end with `SourceSystem`, `Type` and the `_` columns, and a query sees `TenantId` as
a string although ARM's schema calls it a guid (both seen in recorded answers of the service).
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from sentinel_kql_validator import Schema

if TYPE_CHECKING:
    from collections.abc import Mapping

#: Tables that hold generated rows.
FILLED = (
    "AADManagedIdentitySignInLogs",
    "AADNonInteractiveUserSignInLogs",
    "AADServicePrincipalSignInLogs",
    "AuditLogs",
    "AZFWNetworkRule",
    "AzureActivity",
    "BehaviorAnalytics",
    "CommonSecurityLog",
    "DeviceFileEvents",
    "DeviceInfo",
    "DeviceLogonEvents",
    "DeviceNetworkEvents",
    "DeviceProcessEvents",
    "DnsEvents",
    "EmailEvents",
    "Event",
    "Heartbeat",
    "LAQueryLogs",
    "OfficeActivity",
    "Operation",
    "Perf",
    "SecurityAlert",
    "SecurityEvent",
    "SecurityIncident",
    "SentinelHealth",
    "SigninLogs",
    "Syslog",
    "ThreatIntelIndicators",
    "UrlClickEvents",
    "Usage",
    "WindowsEvent",
)

#: Tables that exist in the workspace and have no rows: their connectors are not connected.
EMPTY = (
    "AADRiskyUsers",
    "AADUserRiskEvents",
    "AWSCloudTrail",
    "Alert",
    "Anomalies",
    "AppServiceHTTPLogs",
    "AzureDiagnostics",
    "CloudAppEvents",
    "ContainerLogV2",
    "DeviceEvents",
    "DeviceRegistryEvents",
    "EmailAttachmentInfo",
    "EmailUrlInfo",
    "GCPAuditLogs",
    "HuntingBookmark",
    "IdentityInfo",
    "MicrosoftGraphActivityLogs",
    "SecurityRecommendation",
    "W3CIISLog",
    "Watchlist",
    "WindowsFirewall",
)

_HEAD = ("TenantId", "TimeGenerated")
_TAIL = ("SourceSystem", "Type", "_ResourceId", "_SubscriptionId", "_IsBillable", "_BilledSize")

#: Columns that a query may name but that a bare table does not show (recorded answers of bare tables lack them).
HIDDEN = frozenset({"_BilledSize", "_IsBillable"})

_DUCKDB_TYPES = {
    "string": "VARCHAR",
    "datetime": "TIMESTAMP",
    "dynamic": "JSON",
    "long": "BIGINT",
    "int": "INTEGER",
    "real": "DOUBLE",
    "bool": "BOOLEAN",
    "guid": "UUID",
    "decimal": "DECIMAL(34, 10)",
    "timespan": "INTERVAL",
}


@cache
def workspace_tables() -> dict[str, dict[str, str]]:
    """Return the workspace's tables with their columns in the service's order: `{table: {column: KQL type}}`."""
    known = Schema.sentinel().tables
    return {name: _ordered(known[name]) for name in sorted((*FILLED, *EMPTY)) if name in known}


@cache
def query_tables() -> dict[str, dict[str, str]]:
    """Return the tables as a query sees them: as `workspace_tables`, with `TenantId` a string."""
    return {
        table: {column: "string" if column == "TenantId" else kind for column, kind in columns.items()}
        for table, columns in workspace_tables().items()
    }


def duckdb_type(kql_type: str) -> str:
    """Return the DuckDB type that stores a KQL type."""
    return _DUCKDB_TYPES[kql_type]


def _ordered(columns: Mapping[str, str]) -> dict[str, str]:
    held = dict(columns)
    middle = [name for name in held if name not in _HEAD and name not in _TAIL]
    return {name: held[name] for name in (*_HEAD, *middle, *_TAIL) if name in held}
