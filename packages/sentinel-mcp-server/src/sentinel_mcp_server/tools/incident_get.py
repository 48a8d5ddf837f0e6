"""One incident with what belongs to it."""

import asyncio
from datetime import datetime
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field

from sentinel_azure_clients import incidents
from sentinel_mcp_server._define import Answer, tool
from sentinel_mcp_server.context import Services
from sentinel_mcp_server.incident import IncidentSummary
from sentinel_mcp_server.trust import inline


class AlertSummary(BaseModel):
    """An alert of the incident."""

    model_config = ConfigDict(frozen=True)

    name: str = Field(description="SystemAlertId, as the table SecurityAlert has it")
    title: str
    severity: str | None
    product: str | None
    description: str | None
    start: datetime | None
    end: datetime | None
    tactics: list[str]


class EntitySummary(BaseModel):
    """Somebody or something that the incident is about."""

    model_config = ConfigDict(frozen=True)

    kind: str
    name: str | None
    properties: dict[str, Any]


class CommentSummary(BaseModel):
    """What a person or playbook wrote on the incident."""

    model_config = ConfigDict(frozen=True)

    author: str | None
    created_at: datetime | None
    message: str


class IncidentDetails(Answer):
    """The incident and its alerts, entities and comments."""

    incident: IncidentSummary
    description: str | None
    alerts: list[AlertSummary]
    entities: list[EntitySummary]
    comments: list[CommentSummary]

    def body(self) -> str:
        """Header, then alerts, entities and comments, one a line."""
        head = self.incident
        lines = [
            f"#{head.number} {inline(head.title)}",
            f"{head.severity}, {head.status}, owner {inline(head.owner or 'nobody')}",
            f"tactics: {', '.join(head.tactics) or 'none'}",
        ]
        if self.description:
            lines.append(inline(self.description))
        lines.append(f"alerts ({len(self.alerts)}):")
        lines += [f"- {alert.severity} {inline(alert.title)} {_span(alert.start, alert.end)}" for alert in self.alerts]
        lines.append(f"entities ({len(self.entities)}):")
        lines += [f"- {entity.kind} {inline(entity.name or '?')}" for entity in self.entities]
        lines.append(f"comments ({len(self.comments)}):")
        lines += [f"- {inline(comment.author or '?')}: {inline(comment.message)}" for comment in self.comments]
        return "\n".join(lines)


@tool(title="Get an incident", toolset="incident")
async def incident_get(
    services: Services,
    incident: Annotated[
        str, Field(min_length=1, max_length=100, description="Incident number, such as 3, or its GUID name")
    ],
) -> IncidentDetails:
    """Get one incident in full: state, alerts, entities, comments. Begin a triage here; then query_run for the rows."""
    found = await incidents.get(services.azure, incident)
    alerts, entities, comments = await asyncio.gather(
        incidents.list_alerts(services.azure, found.name),
        incidents.list_entities(services.azure, found.name),
        incidents.list_comments(services.azure, found.name),
    )
    return IncidentDetails(
        incident=IncidentSummary.of(found),
        description=found.description,
        alerts=[
            AlertSummary(
                name=alert.name,
                title=alert.title,
                severity=alert.severity,
                product=alert.product,
                description=alert.description,
                start=alert.start,
                end=alert.end,
                tactics=list(alert.tactics),
            )
            for alert in alerts
        ],
        entities=[
            EntitySummary(kind=entity.kind, name=entity.friendly_name, properties=dict(entity.properties))
            for entity in entities
        ],
        comments=[
            CommentSummary(author=comment.author, created_at=comment.created_at, message=comment.message)
            for comment in comments
        ],
    )


def _span(start: datetime | None, end: datetime | None) -> str:
    return " to ".join(moment.isoformat(timespec="seconds").replace("+00:00", "Z") for moment in (start, end) if moment)
