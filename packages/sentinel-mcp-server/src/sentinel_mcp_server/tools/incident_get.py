"""One incident with what belongs to it."""

from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any

from pydantic import BaseModel, ConfigDict, Field

from sentinel_azure_clients import AlertRule, Entity, Incident, Listing, alert_rules, incidents
from sentinel_mcp_server._define import Answer, tool
from sentinel_mcp_server._together import together
from sentinel_mcp_server.context import Services
from sentinel_mcp_server.incident import IncidentSummary
from sentinel_mcp_server.investigations.fair_share import fair_share
from sentinel_mcp_server.investigations.incident_timeline import IncidentEvent, merged_timeline
from sentinel_mcp_server.investigations.related_incidents import RelatedIncident, sharing_entities
from sentinel_mcp_server.trust import inline

if TYPE_CHECKING:
    from collections.abc import Sequence


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


class TaskSummary(BaseModel):
    """A step that somebody has to do for the incident."""

    model_config = ConfigDict(frozen=True)

    title: str
    description: str | None
    status: str
    created_by: str | None
    created_at: datetime | None


class BookmarkSummary(BaseModel):
    """A row that a hunter kept on the incident."""

    model_config = ConfigDict(frozen=True)

    name: str = Field(description="For bookmark_list")
    title: str | None


class RuleBehind(BaseModel):
    """A rule that raised the incident's alerts."""

    model_config = ConfigDict(frozen=True)

    name: str = Field(description="For rule_get")
    display_name: str | None = Field(description="Null where the rule is there no more")
    enabled: bool | None


class IncidentDetails(Answer):
    """The incident and everything that belongs to it, as far as the budget goes."""

    own_words = frozenset({"left_out", "notes"})

    incident: IncidentSummary
    description: str | None
    rules: list[RuleBehind]
    alerts: list[AlertSummary]
    entities: list[EntitySummary]
    comments: list[CommentSummary]
    tasks: list[TaskSummary]
    bookmarks: list[BookmarkSummary]
    related_incidents: list[RelatedIncident] = Field(description="Others of 30 days whose alerts name an entity here")
    timeline: list[IncidentEvent]
    left_out: dict[str, int] = Field(description="Items of a section that did not fit token_budget")
    notes: list[str] = Field(description="What could not be looked at, and how to get what is left out")

    def summary(self) -> str:
        """What is missing, if anything."""
        return "\n".join(self.notes)

    def body(self) -> str:
        """Header, then the sections, one item a line."""
        head = self.incident
        lines = [
            f"#{head.number} {inline(head.title)}",
            f"{head.severity}, {head.status}, owner {inline(head.owner or 'nobody')}",
            f"tactics: {', '.join(head.tactics) or 'none'}",
        ]
        if self.description:
            lines.append(inline(self.description))
        lines += _section("alerts", [f"{a.severity} {inline(a.title)} {_span(a.start, a.end)}" for a in self.alerts])
        lines += _section("entities", [f"{entity.kind} {inline(entity.name or '?')}" for entity in self.entities])
        lines += _section("comments", [f"{inline(c.author or '?')}: {inline(c.message)}" for c in self.comments])
        lines += _section("rules", [f"{inline(r.display_name or 'gone')} ({inline(r.name)})" for r in self.rules])
        lines += _section("tasks", [f"{inline(task.status)}: {inline(task.title)}" for task in self.tasks])
        lines += _section("bookmarks", [inline(bookmark.title or bookmark.name) for bookmark in self.bookmarks])
        related = [f"#{r.number} {r.severity} {r.status} {inline(r.title)}" for r in self.related_incidents]
        lines += _section("related incidents", related)
        lines += _section("timeline", [f"{_moment(e.time)} {e.kind}: {inline(e.what)}" for e in self.timeline])
        return "\n".join(lines)


@tool(title="Get an incident", toolset="incident", timeout=120.0)
async def incident_get(
    services: Services,
    incident: Annotated[
        str, Field(min_length=1, max_length=100, description="Incident number, such as 3, or its GUID name")
    ],
    token_budget: Annotated[
        int, Field(ge=500, le=50_000, description="Tokens for what belongs to it; each section gets its share")
    ] = 8_000,
) -> IncidentDetails:
    """Get one incident in full: state, alerts, entities, comments, tasks, bookmarks, rules, related ones, timeline.

    Begin a triage here; then entity_pivot for an entity, query_run for the rows.
    """
    azure = services.azure
    found = await incidents.get(azure, incident)
    alerts, entities, comments, tasks, bookmarks, rules = await together(
        incidents.list_alerts(azure, found.name),
        incidents.list_entities(azure, found.name),
        incidents.list_comments(azure, found.name),
        incidents.list_tasks(azure, found.name),
        incidents.list_bookmarks(azure, found.name),
        _rules(services, found),
    )
    names = [entity.friendly_name for entity in entities if entity.friendly_name]
    related, note = await sharing_entities(azure, found.name, names, services.settings.query_timeout)
    sections: dict[str, Sequence[BaseModel]] = {
        "alerts": [
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
        "entities": [
            EntitySummary(kind=entity.kind, name=entity.friendly_name, properties=dict(entity.properties))
            for entity in entities
        ],
        "comments": [CommentSummary(author=c.author, created_at=c.created_at, message=c.message) for c in comments],
        "rules": rules,
        "tasks": [
            TaskSummary(
                title=task.title,
                description=task.description,
                status=task.status,
                created_by=task.created_by,
                created_at=task.created_at,
            )
            for task in tasks
        ],
        "bookmarks": [_bookmark(bookmark) for bookmark in bookmarks],
        "related_incidents": related,
        "timeline": merged_timeline(found, alerts, comments, tasks),
    }
    kept, _ = fair_share(sections, token_budget)
    left_out = {name: len(items) - kept[name] for name, items in sections.items() if kept[name] < len(items)}
    listings: dict[str, Listing[Any]] = {
        "alerts": alerts,
        "entities": entities,
        "comments": comments,
        "tasks": tasks,
        "bookmarks": bookmarks,
    }
    notes = [note] if note else []
    notes += [f"{name}: {listing.note}" for name, listing in listings.items() if not listing.complete]
    if left_out:
        counts = ", ".join(f"{count} of {len(sections[name])} {name}" for name, count in left_out.items())
        notes.append(
            f"Left out for the budget of {token_budget} tokens: {counts.replace('_', ' ')}; "
            "call again with a higher token_budget, or query_run on SecurityAlert for single alerts."
        )
    shown = {name: items[: kept[name]] for name, items in sections.items()}
    return IncidentDetails.model_validate({
        "incident": IncidentSummary.of(found),
        "description": found.description,
        **shown,
        "left_out": left_out,
        "notes": notes,
    })  # fmt: skip


async def _rules(services: Services, incident: Incident) -> list[RuleBehind]:
    if not incident.rule_ids:
        return []
    known: dict[str, AlertRule] = {rule.id.casefold(): rule for rule in await alert_rules.list_rules(services.azure)}
    behind: list[RuleBehind] = []
    for rule_id in incident.rule_ids:
        rule = known.get(rule_id.casefold())
        behind.append(
            RuleBehind(
                name=rule_id.rpartition("/")[2],
                display_name=rule.display_name if rule else None,
                enabled=rule.enabled if rule else None,
            )
        )
    return behind


def _bookmark(bookmark: Entity) -> BookmarkSummary:
    title = bookmark.properties.get("displayName")
    return BookmarkSummary(name=bookmark.name, title=title if isinstance(title, str) else bookmark.friendly_name)


def _section(name: str, items: list[str]) -> list[str]:
    return [f"{name} ({len(items)}):", *(f"- {item}" for item in items)]


def _span(start: datetime | None, end: datetime | None) -> str:
    return " to ".join(_moment(moment) for moment in (start, end) if moment)


def _moment(moment: datetime) -> str:
    return moment.isoformat(timespec="seconds").replace("+00:00", "Z")
