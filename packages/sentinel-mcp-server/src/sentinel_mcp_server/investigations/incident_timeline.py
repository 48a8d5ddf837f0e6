"""One timeline of what is known to have happened in and to an incident."""

from collections.abc import Iterable
from datetime import datetime

from pydantic import BaseModel, ConfigDict, Field

from sentinel_azure_clients import Alert, Comment, Incident, Task


class IncidentEvent(BaseModel):
    """A moment in the life of the incident."""

    model_config = ConfigDict(frozen=True)

    time: datetime
    kind: str = Field(description="alert, comment, incident or task")
    what: str


def merged_timeline(
    incident: Incident, alerts: Iterable[Alert], comments: Iterable[Comment], tasks: Iterable[Task]
) -> list[IncidentEvent]:
    """Every moment that the service gives a time for, the earliest first.

    An alert's end is a moment of its own only where it differs from its start.
    """
    moments: list[tuple[datetime | None, str, str]] = [
        (incident.created_at, "incident", "incident created"),
        (incident.modified_at if incident.modified_at != incident.created_at else None, "incident", "last modified"),
    ]
    for alert in alerts:
        moments.append((alert.start, "alert", f"{alert.title} begins"))
        moments.append((alert.end if alert.end != alert.start else None, "alert", f"{alert.title} ends"))
    moments += [(c.created_at, "comment", f"{c.author or 'somebody'}: {c.message}") for c in comments]
    moments += [(task.created_at, "task", f"task added: {task.title}") for task in tasks]
    events = [IncidentEvent(time=time, kind=kind, what=what) for time, kind, what in moments if time is not None]
    return sorted(events, key=lambda event: event.time)
