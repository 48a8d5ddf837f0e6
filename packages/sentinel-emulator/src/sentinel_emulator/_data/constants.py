"""Columns that say the same in every row of a table: told by the table rather than kept with each row.

Most columns of a wide table are never filled. Kept, they would cost more memory than all the rest; so a table holds the
columns that something fills, and the others are added when a query looks.
"""

from __future__ import annotations

from sentinel_emulator._schema import duckdb_type

#: Bytes one row of a table is billed for: rough sizes, so that `Usage` and `_BilledSize` agree with each other.
ROW_BYTES = {
    "AADNonInteractiveUserSignInLogs": 3100,
    "AADServicePrincipalSignInLogs": 1600,
    "AuditLogs": 2400,
    "CommonSecurityLog": 850,
    "ContainerLogV2": 700,
    "DeviceNetworkEvents": 1700,
    "DeviceProcessEvents": 2100,
    "DnsEvents": 600,
    "EmailEvents": 1500,
    "FirewallFlows_CL": 300,
    "OfficeActivity": 1300,
    "SecurityAlert": 3200,
    "SecurityEvent": 1100,
    "SigninLogs": 6200,
    "Syslog": 450,
    "ThreatIntelIndicators": 1900,
}

#: Columns that are never kept.
CONSTANT = frozenset({"TenantId", "Type", "_IsBillable", "_BilledSize"})


def constant(table: str, column: str, kind: str, workspace_id: str) -> str:
    """Return, as SQL, what a column of this KQL type that a table does not keep says in every row."""
    value = {
        "TenantId": f"'{workspace_id}'",
        "Type": f"'{table}'",
        "_IsBillable": "'True'" if table in ROW_BYTES else "'False'",
        "_BilledSize": str(ROW_BYTES.get(table, 0)),
    }.get(column, "''" if kind == "string" else "NULL")
    return f"{value}::{duckdb_type(kind)}"
