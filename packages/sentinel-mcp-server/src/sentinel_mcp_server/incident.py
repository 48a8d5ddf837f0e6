"""An incident as answers carry it."""

from datetime import datetime
from typing import Self

from pydantic import BaseModel, ConfigDict, Field

from sentinel_azure_clients import Incident


class IncidentSummary(BaseModel):
    """The state of an incident."""

    model_config = ConfigDict(frozen=True)

    number: int | None
    name: str = Field(description="GUID of the incident in the API")
    title: str
    severity: str
    status: str
    classification: str | None
    owner: str | None
    tactics: list[str]
    labels: list[str]
    alert_count: int | None
    comment_count: int | None
    created_at: datetime | None
    modified_at: datetime | None
    first_activity_at: datetime | None
    last_activity_at: datetime | None
    url: str | None = Field(description="The incident in the portal")
    defender_url: str | None = Field(description="The incident in the Defender portal, where it is kept there too")
    etag: str | None

    @classmethod
    def of(cls, incident: Incident) -> Self:
        """The clients' incident, as answers carry it."""
        return cls(
            number=incident.number,
            name=incident.name,
            title=incident.title,
            severity=incident.severity,
            status=incident.status,
            classification=incident.classification,
            owner=incident.owner.label if incident.owner else None,
            tactics=list(incident.tactics),
            labels=list(incident.labels),
            alert_count=incident.alert_count,
            comment_count=incident.comment_count,
            created_at=incident.created_at,
            modified_at=incident.modified_at,
            first_activity_at=incident.first_activity_at,
            last_activity_at=incident.last_activity_at,
            url=incident.url,
            defender_url=incident.provider_url,
            etag=incident.etag,
        )
