"""Incidents that share an entity with another one, found in the tables of alerts and incidents."""

from collections.abc import Iterable
from datetime import timedelta

from pydantic import BaseModel, ConfigDict, Field

from sentinel_azure_clients import AzureServicesContext, QueryRequest, SentinelError, logs
from sentinel_mcp_server import kql_text

LOOK_BACK = timedelta(days=30)
_SHORTEST = 4
_MOST_NAMES = 20
_MOST_INCIDENTS = 20


class RelatedIncident(BaseModel):
    """Another incident and why it is here."""

    model_config = ConfigDict(frozen=True)

    number: int | None
    name: str
    title: str
    severity: str
    status: str
    shared_alerts: int = Field(description="Its alerts that name an entity of this incident")


async def sharing_entities(
    azure: AzureServicesContext, incident: str, names: Iterable[str], seconds: int
) -> tuple[list[RelatedIncident], str | None]:
    """Other incidents of the last 30 days whose alerts name one of the entities, and why they may not be all.

    Names under four characters match too much and are left out. An incident is given by its GUID.
    """
    searched = [name for name in dict.fromkeys(names) if len(name) >= _SHORTEST]
    if not searched:
        return [], None
    query = sharing_query(incident, searched[:_MOST_NAMES])
    try:
        response = await logs.run_query(azure, QueryRequest(query, timespan=LOOK_BACK, server_timeout=seconds))
    except SentinelError as error:
        return [], f"Incidents that share an entity could not be looked for: {error}"
    found: list[RelatedIncident] = []
    for table in response.result_tables:
        columns = [column.name for column in table.columns]
        found += [RelatedIncident.model_validate(dict(zip(columns, row, strict=True))) for row in table.rows]
    if response.status == "partial":
        return found, "The service looked at part of the rows for incidents that share an entity."
    if len(searched) > _MOST_NAMES:
        return found, f"Incidents were looked for by the first {_MOST_NAMES} of {len(searched)} entities."
    if len(found) == _MOST_INCIDENTS:
        return found, f"Only the {_MOST_INCIDENTS} incidents that share most are shown."
    return found, None


def sharing_query(incident: str, names: Iterable[str]) -> str:
    """KQL for the other incidents whose alerts name one of these entities."""
    words = ", ".join(kql_text.string(name) for name in names)
    return (
        f"let alerts = SecurityAlert | where Entities has_any ({words}) | distinct SystemAlertId;\n"
        "SecurityIncident\n"
        "| summarize arg_max(TimeGenerated, *) by IncidentName\n"
        f"| where IncidentName != {kql_text.string(incident)}\n"
        "| mv-expand Alert = AlertIds to typeof(string)\n"
        "| where Alert in (alerts)\n"
        "| summarize shared_alerts=dcount(Alert) by number=IncidentNumber, name=IncidentName, title=Title,"
        " severity=Severity, status=Status\n"
        f"| order by shared_alerts desc, number desc\n| take {_MOST_INCIDENTS}"
    )
