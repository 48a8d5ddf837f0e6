"""Which tables the workspace has, in which order their columns come, and what DuckDB calls their types.

Names and types are the validator's built-in ones. Two facts of the service are laid over them: bare tables begin with
`TenantId` and `TimeGenerated` and end with `SourceSystem`, `Type` and the `_` columns, and a query sees `TenantId` as
a string although ARM's schema calls it a guid (both seen in recorded answers of the service).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache, cached_property
from typing import TYPE_CHECKING, Literal, TypeAlias

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
    "ContainerLogV2",
    "DeviceFileEvents",
    "DeviceInfo",
    "DeviceLogonEvents",
    "DeviceNetworkEvents",
    "DeviceProcessEvents",
    "DnsEvents",
    "EmailEvents",
    "Event",
    "FirewallFlows_CL",
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


Plan: TypeAlias = Literal["Analytics", "Basic", "Auxiliary"]

#: Tables that are cheaper to keep and that only `/search` can query; every other table has the plan Analytics.
PLANS: dict[str, Plan] = {"ContainerLogV2": "Basic", "FirewallFlows_CL": "Auxiliary"}

#: Tables that the organisation made itself, with the columns it gave them.
CUSTOM = {
    "FirewallFlows_CL": {
        "TenantId": "guid",
        "TimeGenerated": "datetime",
        "DeviceName": "string",
        "SourceIP": "string",
        "DestinationIP": "string",
        "DestinationPort": "int",
        "Protocol": "string",
        "Action": "string",
        "SentBytes": "long",
        "ReceivedBytes": "long",
        "Duration": "real",
        "Type": "string",
        "_ResourceId": "string",
        "_IsBillable": "string",
        "_BilledSize": "real",
    }
}

#: Columns that every custom table has, whoever made it.
STANDARD = {
    "TenantId": "guid",
    "TimeGenerated": "datetime",
    "Type": "string",
    "_ResourceId": "string",
    "_IsBillable": "string",
    "_BilledSize": "real",
}


@dataclass(frozen=True, eq=False)
class Catalogue:
    """The tables of one workspace, as ARM describes them: `{table: {column: KQL type}}`, in the service's order.

    `custom` are those that are not Microsoft's. Two catalogues are never equal, so that what is kept for one is never
    used for another.
    """

    tables: Mapping[str, Mapping[str, str]]
    custom: frozenset[str]

    @cached_property
    def query(self) -> Mapping[str, Mapping[str, str]]:
        """The tables as a query sees them: `TenantId` is a string."""
        return {
            table: {column: "string" if column == "TenantId" else kind for column, kind in columns.items()}
            for table, columns in self.tables.items()
        }

    def find(self, name: str) -> str | None:
        """Return a table's name as it is written, given in any case; None when there is no such table."""
        return next((table for table in self.tables if table.lower() == name.lower()), None)

    def plan(self, table: str) -> Plan:
        """Return a table's plan."""
        return PLANS.get(table, "Analytics")

    def with_custom(self, tables: Mapping[str, Mapping[str, str]]) -> Catalogue:
        """Return a catalogue that has these custom tables too."""
        added = {table: _ordered({**columns, **STANDARD}) for table, columns in tables.items()}
        return Catalogue(dict(sorted({**self.tables, **added}.items())), self.custom | set(tables))


@cache
def workspace_catalogue() -> Catalogue:
    """Return the tables that every emulated workspace starts with."""
    known = Schema.sentinel().tables
    tables = {name: _ordered(CUSTOM.get(name) or known[name]) for name in sorted((*FILLED, *EMPTY))}
    return Catalogue(tables, frozenset(CUSTOM))


def duckdb_type(kql_type: str) -> str:
    """Return the DuckDB type that stores a KQL type."""
    return _DUCKDB_TYPES[kql_type]


def _ordered(columns: Mapping[str, str]) -> dict[str, str]:
    held = dict(columns)
    middle = [name for name in held if name not in _HEAD and name not in _TAIL]
    return {name: held[name] for name in (*_HEAD, *middle, *_TAIL) if name in held}
