"""Whether what a rule promises can come true: is it on, can its query run, do its tables still get records."""

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from typing import Literal

from sentinel_mcp_server import kql_text

TACTICS = (
    "Reconnaissance",
    "ResourceDevelopment",
    "InitialAccess",
    "Execution",
    "Persistence",
    "PrivilegeEscalation",
    "DefenseEvasion",
    "CredentialAccess",
    "Discovery",
    "LateralMovement",
    "Collection",
    "CommandAndControl",
    "Exfiltration",
    "Impact",
)
"""The tactics of ATT&CK for enterprises, as Sentinel writes them, in the order of an attack."""

LOOK_BACK = timedelta(days=30)
"""How far back the newest record of a table is looked for."""

Standing = Literal["real", "silent", "paper", "not judged"]


def standing(
    *,
    enabled: bool | None,
    verdict: Literal["valid", "invalid", "unknown"] | None,
    tables: Collection[str],
    known: Collection[str],
    newest: Mapping[str, datetime],
    fresh_since: datetime,
) -> tuple[Standing, str]:
    """What a rule's coverage is worth, and why.

    `verdict` is that of its query, None without one. Paper: it is off, or cannot run. Silent: it runs, and a table that
    it reads had no record since `fresh_since`. Not judged: nobody can tell what it reads.
    """
    if not enabled:
        return "paper", "it is switched off"
    if verdict is None:
        return "not judged", "it has no query"
    if verdict == "invalid":
        return "paper", "its query is invalid against this workspace"
    if verdict == "unknown" or not tables or "*" in tables:
        return "not judged", "the tables that it reads could not be told"
    if missing := sorted(set(tables) - set(known)):
        return "paper", f"this workspace has no {', '.join(missing)}"
    stale = [table for table in sorted(tables) if table not in newest or newest[table] < fresh_since]
    if stale:
        return "silent", f"no recent record in {', '.join(stale)}"
    return "real", "every table that it reads has recent records"


def newest_query(tables: Collection[str]) -> str:
    """KQL for the newest record of each table."""
    return "union\n" + ",\n".join(
        f"({kql_text.name(table)} | summarize Newest=max(TimeGenerated) | extend Source={kql_text.string(table)})"
        for table in sorted(tables)
    )
