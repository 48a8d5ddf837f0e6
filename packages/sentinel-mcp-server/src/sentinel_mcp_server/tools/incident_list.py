"""Incidents, newest first or as asked."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import Field

from sentinel_azure_clients import incidents
from sentinel_mcp_server._define import Answer, tool
from sentinel_mcp_server.context import Services
from sentinel_mcp_server.incident import IncidentSummary
from sentinel_mcp_server.trust import inline
from sentinel_mcp_server.window import parse_instant

Severity = Literal["High", "Medium", "Low", "Informational"]
Status = Literal["New", "Active", "Closed"]


class IncidentList(Answer):
    """A page of incidents."""

    incidents: list[IncidentSummary]
    total_count: int | None = Field(
        description="All incidents that match; null where counting was not asked or reached its cap"
    )
    skip_token: str | None = Field(description="Give it back to get the next page; null on the last")

    def summary(self) -> str:
        """How many there are, and whether there are more."""
        total = "an unknown number" if self.total_count is None else str(self.total_count)
        more = "; for the next page call again with skip_token from structuredContent" if self.skip_token else ""
        return f"{len(self.incidents)} incidents on this page, {total} in all{more}"

    def body(self) -> str:
        """One incident a line."""
        return "\n".join(
            f"#{incident.number}\t{incident.severity}\t{incident.status}\t{_created(incident.created_at)}\t"
            f"{inline(incident.title)}\towner {inline(incident.owner or 'nobody')}\t{incident.alert_count} alerts"
            for incident in self.incidents
        )


@tool(title="List incidents", toolset="incident")
async def incident_list(
    services: Services,
    status: Annotated[list[Status] | None, Field(description="Only these")] = None,
    severity: Annotated[list[Severity] | None, Field(description="Only these")] = None,
    created_after: Annotated[
        str | None, Field(description="ISO 8601 date or time, UTC unless it says otherwise")
    ] = None,
    created_before: Annotated[str | None, Field(description="ISO 8601 date or time")] = None,
    title_contains: Annotated[str | None, Field(min_length=1, max_length=200, description="Part of the title")] = None,
    order_by: Annotated[
        Literal["created_desc", "created_asc", "modified_desc", "severity", "number_desc"],
        Field(description="Order"),
    ] = "created_desc",
    limit: Annotated[int, Field(ge=1, le=200, description="Incidents a page")] = 25,
    count_total: Annotated[bool, Field(description="Count all matches, up to 1000, by reading every page")] = True,
    skip_token: Annotated[
        str | None, Field(max_length=8192, description="From the page before; keep the other arguments")
    ] = None,
) -> IncidentList:
    """List incidents with their state, by status, severity, time or title. For one in full use incident_get."""
    page = await incidents.list_page(
        services.azure,
        statuses=tuple(status or ()),
        severities=tuple(severity or ()),
        created_after=None if created_after is None else parse_instant(created_after),
        created_before=None if created_before is None else parse_instant(created_before),
        title_contains=title_contains,
        order_by=_ORDERS[order_by],
        top=limit,
        skip_token=skip_token,
        count_up_to=1000 if count_total else 0,
    )
    return IncidentList(
        incidents=[IncidentSummary.of(incident) for incident in page.items],
        total_count=page.total_count,
        skip_token=page.skip_token,
    )


_ORDERS = {
    "created_desc": "createdTimeUtc desc",
    "created_asc": "createdTimeUtc asc",
    "modified_desc": "lastModifiedTimeUtc desc",
    "severity": "severity asc",
    "number_desc": "incidentNumber desc",
}


def _created(moment: datetime | None) -> str:
    return "" if moment is None else moment.isoformat(timespec="minutes").replace("+00:00", "Z")
