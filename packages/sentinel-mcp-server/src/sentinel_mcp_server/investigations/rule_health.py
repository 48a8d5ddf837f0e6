"""Whether rules run: those that are off, those that cannot run, and what the workspace's own health table tells."""

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Any

from sentinel_azure_clients import AlertRule, AzureServicesContext
from sentinel_mcp_server.investigations.health import Finding, rows_of
from sentinel_mcp_server.window import parse_instant

HEALTH_TABLE = "SentinelHealth"
OPERATION_TABLE = "Operation"
_AUTO_DISABLED = "AUTO DISABLED"
_MOST = 50

_HEALTH = f"""{HEALTH_TABLE}
| where Status in ("Failure", "Partial success", "Warning")
| summarize Times=count(), Last=max(TimeGenerated), arg_max(TimeGenerated, Description, Reason)
    by SentinelResourceType, SentinelResourceName, Status
| order by Times desc
| take {_MOST}"""

_OPERATIONS = f"""{OPERATION_TABLE}
| where OperationStatus in ("Warning", "Failed", "Error")
| summarize Times=count(), Last=max(TimeGenerated), arg_max(TimeGenerated, Detail) by OperationCategory, OperationStatus
| order by Times desc
| take {_MOST}"""


def switched_off(rules: Iterable[AlertRule]) -> list[Finding]:
    """Rules that are off; those that the service switched off itself are a problem."""
    findings: list[Finding] = []
    for rule in rules:
        if rule.enabled is not False:
            continue
        by_service = rule.display_name.upper().startswith(_AUTO_DISABLED)
        findings.append(
            Finding(
                severity="problem" if by_service else "information",
                area="rules",
                what=rule.display_name,
                finding="The service switched it off after it failed for long." if by_service else "It is off.",
                since=rule.modified_at,
                name=rule.name,
            )
        )
    return findings


def cannot_run(rule: AlertRule, faults: Iterable[str]) -> list[Finding]:
    """Faults of a rule that is on."""
    return [
        Finding(
            severity="problem",
            area="rules",
            what=rule.display_name,
            finding=f"It is on and cannot work: {fault}",
            since=None,
            name=rule.name,
        )
        for fault in faults
    ]


async def reported(
    azure: AzureServicesContext, known: Collection[str], window: tuple[datetime, datetime], seconds: int
) -> list[Finding]:
    """What the tables SentinelHealth and Operation report as failed, the newest of each kind."""
    findings: list[Finding] = []
    if HEALTH_TABLE in known:
        for row in await rows_of(azure, _HEALTH, window, seconds):
            what = f"{row['SentinelResourceType']} {row['SentinelResourceName']}"
            findings.append(_told(row, "health", what, str(row["Status"]), f"{row['Reason']} {row['Description']}"))
    else:
        findings.append(
            Finding(
                severity="information",
                area="health",
                what=HEALTH_TABLE,
                finding="The table is not there: health monitoring is off, and failed rules go unreported.",
                since=None,
            )
        )
    if OPERATION_TABLE in known:
        for row in await rows_of(azure, _OPERATIONS, window, seconds):
            what = str(row["OperationCategory"])
            findings.append(_told(row, "operations", what, str(row["OperationStatus"]), str(row["Detail"])))
    return findings


def _told(row: Any, area: str, what: str, status: str, detail: str) -> Finding:  # noqa: ANN401 - a row by column
    failed = status in ("Failure", "Failed", "Error")
    times = "once" if row["Times"] == 1 else f"{row['Times']} times"
    return Finding(
        severity="problem" if failed else "warning",
        area=area,
        what=what,
        finding=f"{status} {times}; the last: {detail.strip()}",
        since=parse_instant(str(row["Last"])),
    )
