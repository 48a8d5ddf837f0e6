"""Whether data arrive: the daily cap, tables that stopped, connectors that are on and bring nothing."""

from collections.abc import Collection, Iterable
from datetime import datetime, timedelta

from sentinel_azure_clients import AzureServicesContext, DataConnector, data_connectors, usage, workspace
from sentinel_mcp_server.investigations.coverage import LOOK_BACK, newest_query
from sentinel_mcp_server.investigations.health import Finding, rows_of
from sentinel_mcp_server.window import parse_instant

_NEAR = 0.8
_DAYS_BEFORE = 14
_ACTIVE_DAYS = 3

# Kinds of connectors that bring logs all the time, by the data type they name and the table it fills. Those that bring
# alerts are left out: without an alert nothing arrives, and that is no fault.
_TABLES: dict[tuple[str, str], str] = {
    ("Office365", "exchange"): "OfficeActivity",
    ("Office365", "sharePoint"): "OfficeActivity",
    ("Office365", "teams"): "OfficeActivity",
    ("ThreatIntelligence", "indicators"): "ThreatIntelIndicators",
    ("ThreatIntelligenceTaxii", "taxiiClient"): "ThreatIntelIndicators",
    ("AmazonWebServicesCloudTrail", "logs"): "AWSCloudTrail",
    ("Dynamics365", "dynamics365CdsActivities"): "Dynamics365Activity",
}

_BY_TABLE = """Usage
| where Quantity > 0
| summarize Last=max(TimeGenerated), Days=dcount(bin(TimeGenerated, 1d)) by DataType
| order by DataType asc"""


async def cap(azure: AzureServicesContext) -> list[Finding]:
    """The daily cap: reached, or near."""
    found = await workspace.get_workspace(azure)
    findings: list[Finding] = []
    status = found.ingestion_status or "RespectQuota"
    if status not in ("RespectQuota", "ApproachingQuota"):
        findings.append(
            Finding(
                severity="problem",
                area="cap",
                what=found.name,
                finding=f"Ingestion is limited: the workspace reports {status}, until {found.quota_resets_at}.",
                since=None,
            )
        )
    for limit in await usage.list_limits(azure):
        if limit.limit is None or limit.current is None or limit.limit <= 0 or limit.current < _NEAR * limit.limit:
            continue
        share = limit.current / limit.limit
        findings.append(
            Finding(
                severity="problem" if share >= 1 else "warning",
                area="cap",
                what=limit.name,
                finding=f"{share:.0%} of the limit is used ({limit.current:,.0f} of {limit.limit:,.0f} {limit.unit}).",
                since=None,
            )
        )
    return findings


async def stopped_tables(azure: AzureServicesContext, now: datetime, silent: timedelta, seconds: int) -> list[Finding]:
    """Tables that took data on several of the last 14 days and none for as long as `silent`."""
    rows = await rows_of(azure, _BY_TABLE, (now - timedelta(days=_DAYS_BEFORE), now), seconds)
    findings: list[Finding] = []
    for row in rows:
        last = parse_instant(str(row["Last"]))
        if row["Days"] >= _ACTIVE_DAYS and last < now - silent:
            findings.append(
                Finding(
                    severity="problem",
                    area="tables",
                    what=str(row["DataType"]),
                    finding=f"It took data on {row['Days']} of the last {_DAYS_BEFORE} days and has stopped.",
                    since=last,
                )
            )
    return findings


async def silent_connectors(
    azure: AzureServicesContext, known: Collection[str], now: datetime, silent: timedelta, seconds: int
) -> list[Finding]:
    """Connectors that say they are on, and whose table has had nothing for as long as `silent` or does not exist."""
    fills = list(filled_by(await data_connectors.list_connectors(azure)))
    newest = await newest_records(azure, {table for _, _, table in fills if table in known}, now, seconds)
    findings: list[Finding] = []
    for connector, data_type, table in fills:
        if table in newest and newest[table] >= now - silent:
            continue
        last = newest.get(table)
        told = "has had no record since then" if last else "has had no record for 30 days"
        findings.append(
            Finding(
                severity="problem",
                area="connectors",
                what=f"{connector.kind} ({data_type})",
                finding=f"It is on, and its table {table} {told if table in known else 'does not exist'}.",
                since=last,
                name=connector.name,
            )
        )
    return findings


async def newest_records(
    azure: AzureServicesContext, tables: Collection[str], now: datetime, seconds: int
) -> dict[str, datetime]:
    """The newest record of each table in the last 30 days; a table without any is not in the answer.

    Raises:
        NotSeen: the service looked at part of the rows.
    """
    if not tables:
        return {}
    rows = await rows_of(azure, newest_query(tables), (now - LOOK_BACK, now), seconds)
    return {str(row["Source"]): parse_instant(str(row["Newest"])) for row in rows if row["Newest"]}


def table_of(kind: str, data_type: str) -> str | None:
    """The table that a data type of a kind of connector fills; None for alerts and where that is not known here."""
    return _TABLES.get((kind, data_type))


def filled_by(connectors: Iterable[DataConnector]) -> Iterable[tuple[DataConnector, str, str]]:
    """Each data type that is on and brings logs, with its table."""
    for connector in connectors:
        for data_type, state in connector.data_types.items():
            table = table_of(connector.kind, data_type)
            if table is not None and state.casefold() == "enabled":
                yield connector, data_type, table
