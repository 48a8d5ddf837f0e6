"""What every table knows of a user, address, host, hash, link or mailbox."""

from collections.abc import Iterable
from datetime import datetime
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from sentinel_azure_clients import QueryRequest, logs
from sentinel_mcp_server import kql_text
from sentinel_mcp_server._define import Answer, tool
from sentinel_mcp_server.context import Services
from sentinel_mcp_server.errors import Refused
from sentinel_mcp_server.investigations.sightings import SIGHTINGS, EntityKind, Sighting
from sentinel_mcp_server.results import only_table
from sentinel_mcp_server.schema import Plan
from sentinel_mcp_server.trust import inline
from sentinel_mcp_server.window import decide_window


class SeenIn(BaseModel):
    """What one table holds of the entity in the window."""

    model_config = ConfigDict(frozen=True)

    table: str
    rows: Annotated[int, BeforeValidator(lambda rows: rows or 0)]
    first: datetime | None
    last: datetime | None


class TimelineEvent(BaseModel):
    """One row, told in a line."""

    model_config = ConfigDict(frozen=True)

    time: datetime
    table: str
    what: str


class EntityPivot(Answer):
    """Counts by table and one timeline."""

    own_words = frozenset({"not_looked_at", "status_reason"})

    kind: EntityKind
    value: str
    start: datetime
    end: datetime
    seen: list[SeenIn] = Field(description="Tables that were looked at, also those without a row")
    not_looked_at: list[str] = Field(description="Tables that this workspace lacks, or whose columns differ")
    timeline: list[TimelineEvent] = Field(description="The newest rows of all tables, in order of time")
    status_reason: str | None = Field(description="Why it may not be everything")

    def summary(self) -> str:
        """Window and what could not be looked at."""
        missing = f"; not looked at: {', '.join(self.not_looked_at)}" if self.not_looked_at else ""
        reason = f"\n{self.status_reason}" if self.status_reason else ""
        window = " to ".join(moment.isoformat(timespec="seconds") for moment in (self.start, self.end))
        return f"{self.kind} in {len(self.seen)} tables, window {window}{missing}{reason}"

    def body(self) -> str:
        """Counts, then the timeline."""
        lines = [f"{inline(self.value)}"]
        lines += [f"{s.table}\t{s.rows} rows\t{_moment(s.first)} to {_moment(s.last)}" for s in self.seen if s.rows]
        lines += [f"{s.table}\tno rows" for s in self.seen if not s.rows]
        lines += [f"{_moment(event.time)}\t{event.table}\t{inline(event.what)}" for event in self.timeline]
        return "\n".join(lines)


@tool(title="Pivot on an entity", toolset="entity", timeout=240.0)
async def entity_pivot(
    services: Services,
    kind: Annotated[EntityKind, Field(description="What the value is")],
    value: Annotated[
        str,
        Field(
            min_length=2,
            max_length=1000,
            description="User principal name, address, host, SHA-256, domain or mailbox",
        ),
    ],
    timespan: Annotated[str | None, Field(description="Window: 1d, 12h, P7D, or start/end in ISO 8601")] = None,
    limit: Annotated[int, Field(ge=0, le=500, description="Most rows in the timeline")] = 50,
) -> EntityPivot:
    """See in one call what each table that exists knows of an entity: rows, first and last time, and one timeline.

    Start an investigation of an entity here, then look at single tables with query_run.
    """
    window = decide_window(timespan, None, services.settings.default_timespan, now=services.now())
    if window.start is None or window.end is None:
        raise Refused("Give a timespan with a start and an end.")
    schema = await services.schema.current()
    known = schema.validator.schema.tables
    usable = [s for s in SIGHTINGS[kind] if {"TimeGenerated", *s.columns} <= set(known.get(s.table, {}))]
    missing = [sighting.table for sighting in SIGHTINGS[kind] if sighting not in usable]
    if not usable:
        raise Refused(f"This workspace has none of the tables that know a {kind}: {', '.join(missing)}.")
    span = (window.start, window.end)
    plan = schema.plan_of(sighting.table for sighting in usable)
    counts, reason = await _ask(services, _counts(usable, value), span, plan)
    seen = [SeenIn.model_validate(row) for row in counts]
    events: list[TimelineEvent] = []
    total = sum(table.rows for table in seen)
    if limit and total:
        with_rows = {table.table for table in seen if table.rows}
        found = [sighting for sighting in usable if sighting.table in with_rows]
        newest, timeline_reason = await _ask(services, _timeline(found, value, limit), span, plan)
        events = [TimelineEvent.model_validate(row) for row in newest]
        reason = reason or timeline_reason
    if total > len(events):
        reason = reason or f"The timeline has the newest {len(events)} of {total} rows; raise limit, or use query_run."
    return EntityPivot(
        kind=kind,
        value=value,
        start=window.start,
        end=window.end,
        seen=sorted(seen, key=lambda table: -table.rows),
        not_looked_at=missing,
        timeline=sorted(events, key=lambda event: event.time),
        status_reason=reason,
    )


def _counts(sightings: list[Sighting], value: str) -> str:
    return _union(
        f"{kql_text.name(s.table)} | where {s.condition(value)}"
        " | summarize ['rows']=count(), ['first']=min(TimeGenerated), ['last']=max(TimeGenerated)"
        f" | extend ['table']={kql_text.string(s.table)}"
        for s in sightings
    )


def _timeline(sightings: list[Sighting], value: str, limit: int) -> str:
    parts = _union(
        f"{kql_text.name(s.table)} | where {s.condition(value)} | top {limit} by TimeGenerated desc"
        f" | project ['time']=TimeGenerated, ['table']={kql_text.string(s.table)}, ['what']={s.what}"
        for s in sightings
    )
    return f"{parts}\n| top {limit} by ['time'] desc"


def _union(parts: Iterable[str]) -> str:
    return "union\n" + ",\n".join(f"({part})" for part in parts)


async def _ask(
    services: Services, query: str, span: tuple[datetime, datetime], plan: Plan
) -> tuple[list[dict[str, Any]], str | None]:
    """Rows as mappings, and why they may not be all."""
    timeout = services.settings.query_timeout
    response = await logs.run_query(
        services.azure, QueryRequest(query=query, timespan=span, server_timeout=timeout, plan=plan)
    )
    table = only_table(response)
    names = [column.name for column in table.columns]
    rows = [dict(zip(names, (value or None for value in row), strict=True)) for row in table.rows]
    if response.status == "complete":
        return rows, None
    return rows, f"The service gave part of the rows: {(response.error or {}).get('message', 'it gave no reason')}"


def _moment(moment: datetime | None) -> str:
    return "" if moment is None else moment.isoformat(timespec="seconds").replace("+00:00", "Z")
