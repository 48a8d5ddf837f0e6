"""Entities that Sentinel knows of: find one, what it did, and what stands out about it.

The entities of one incident come from `incidents.list_entities`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from sentinel_azure_clients import _wire
from sentinel_azure_clients._area import Area
from sentinel_azure_clients._call import arm
from sentinel_azure_clients._operation import CONTRIBUTOR
from sentinel_azure_clients._paging import Listing, collect
from sentinel_azure_clients._timespan import instant
from sentinel_azure_clients.columns import Column
from sentinel_azure_clients.errors import InvalidInput, MalformedAnswer
from sentinel_azure_clients.incidents import Entity, entity_from_wire

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sentinel_azure_clients._wire import Json
    from sentinel_azure_clients.context import AzureServicesContext

# No stable version has these calls.
_VERSION = "2025-07-01-preview"
_AREA = Area("entities", "entity", "entities", api=_VERSION, things="entities")
_LIST = _AREA.listing()
_GET = _AREA.reading()
# These two only read, but their permissions are actions, which the Reader does not have.
_ACTIONS = Area("entities", "entity", "entities", api=_VERSION, reader=CONTRIBUTOR)
_INSIGHTS = _ACTIONS.reading("insights", method="POST", where="entities/{id}/getInsights")
_TIMELINE = _ACTIONS.reading("timeline", method="POST", where="entities/{id}/getTimeline")

TIMELINE_KINDS = ("Activity", "Anomaly", "Bookmark", "SecurityAlert")


@dataclass(frozen=True, slots=True)
class InsightTable:
    """The rows that one query of an insight gave."""

    columns: tuple[Column, ...]
    rows: tuple[tuple[Any, ...], ...] = field(repr=False)


@dataclass(frozen=True, slots=True)
class Insight:
    """What one of the service's queries says about an entity: a table, and charts in the shape of tables."""

    query_id: str
    start: datetime | None
    end: datetime | None
    table: InsightTable
    charts: tuple[InsightTable, ...]
    raw: Json = field(repr=False)


@dataclass(frozen=True, slots=True)
class Insights:
    """The insights into an entity. `complete` is False when a query failed; `errors` are the service's own words."""

    items: tuple[Insight, ...]
    complete: bool
    errors: tuple[Json, ...]
    raw: Json = field(repr=False)


@dataclass(frozen=True, slots=True)
class TimelineItem:
    """Something that happened to an entity. `kind` is one of `TIMELINE_KINDS`, or newer; `raw` holds everything."""

    kind: str
    title: str
    description: str | None
    severity: str | None
    start: datetime | None
    end: datetime | None
    resource_id: str | None
    raw: Json = field(repr=False)


@dataclass(frozen=True, slots=True)
class Timeline:
    """What happened to an entity. `counts` are by kind, of everything in the span of time, whatever was asked for.

    `complete` is False when a kind could not be looked at; `errors` are the service's own words.
    """

    items: tuple[TimelineItem, ...]
    counts: dict[str, int]
    complete: bool
    errors: tuple[Json, ...]
    raw: Json = field(repr=False)


async def list_entities(context: AzureServicesContext, *, most: int | None = None) -> Listing[Entity]:
    """The entities of the workspace, at most `most`."""
    return await collect(context, _LIST, context.sentinel_path("entities"), entity_from_wire, most=most)


async def get_entity(context: AzureServicesContext, name: str) -> Entity:
    """The entity with this name (a GUID, the same for the same thing in every workspace). Raises `NotFound`."""
    return entity_from_wire(await arm(context, _GET, "GET", context.sentinel_path("entities", name)))


async def get_insights(
    context: AzureServicesContext, name: str, *, start: datetime, end: datetime, queries: Sequence[str] = ()
) -> Insights:
    """What the service's queries say about an entity in a span of time; only some of them when `queries` names them."""
    body = _span(start, end)
    if queries:
        body["insightQueryIds"] = list(queries)
    path = context.sentinel_path("entities", name, "getInsights")
    return insights_from_wire(await arm(context, _INSIGHTS, "POST", path, body=body))


async def get_timeline(
    context: AzureServicesContext, name: str, *, start: datetime, end: datetime, kinds: Sequence[str] = ()
) -> Timeline:
    """What happened to an entity in a span of time; only some kinds of it when `kinds` names them."""
    unknown = [kind for kind in kinds if kind not in TIMELINE_KINDS]
    if unknown:
        raise InvalidInput(f"A timeline has no {unknown[0][:40]!r}; it has {', '.join(TIMELINE_KINDS)}.")
    body = _span(start, end)
    if kinds:
        body["kinds"] = list(kinds)
    path = context.sentinel_path("entities", name, "getTimeline")
    return timeline_from_wire(await arm(context, _TIMELINE, "POST", path, body=body))


def insights_from_wire(source: Json) -> Insights:
    """Make `Insights` of the answer that the service sends."""
    errors = _wire.objects(_wire.section(source, "metaData"), "errors")
    items = tuple(map(_insight, _wire.objects(source, "value")))
    return Insights(items, complete=not errors, errors=errors, raw=source)


def timeline_from_wire(source: Json) -> Timeline:
    """Make a `Timeline` of the answer that the service sends."""
    more = _wire.section(source, "metaData")
    errors = _wire.objects(more, "errors")
    return Timeline(
        items=tuple(map(_timeline_item, _wire.objects(source, "value"))),
        counts={
            _wire.needed(count, "kind"): _wire.whole(count, "count") or 0
            for count in _wire.objects(more, "aggregations")
        },
        complete=not errors,
        errors=errors,
        raw=source,
    )


def _span(start: datetime, end: datetime) -> Json:
    if start.tzinfo is None or end.tzinfo is None:
        raise InvalidInput("The start and end of the time looked at need a time zone, such as datetime.now(UTC).")
    if end <= start:
        raise InvalidInput("The time looked at ends before it starts.")
    return {"startTime": instant(start), "endTime": instant(end)}


def _insight(source: Json) -> Insight:
    span = _wire.section(source, "queryTimeInterval")
    return Insight(
        query_id=_wire.text(source, "queryId") or "",
        start=_wire.moment(span, "startTime"),
        end=_wire.moment(span, "endTime"),
        table=_table(_wire.section(source, "tableQueryResults")),
        charts=tuple(map(_table, _wire.objects(source, "chartQueryResults"))),
        raw=source,
    )


def _table(source: Json) -> InsightTable:
    columns = tuple(
        Column(_wire.needed(column, "name"), _wire.text(column, "type") or "dynamic")
        for column in _wire.objects(source, "columns")
    )
    rows: object = source.get("rows", [])
    if not _wire.is_array(rows) or any(not _wire.is_array(row) or len(row) != len(columns) for row in rows):
        raise MalformedAnswer(f"A row of an insight has not {len(columns)} values, one for each column.")
    return InsightTable(columns, tuple(tuple(row) for row in rows))


def _timeline_item(source: Json) -> TimelineItem:
    # Each kind names its times and its title in words of its own.
    return TimelineItem(
        kind=_wire.text(source, "kind") or "",
        title=_wire.text(source, "displayName") or _wire.text(source, "title") or "",
        description=_wire.text(source, "description") or _wire.text(source, "content") or _wire.text(source, "notes"),
        severity=_wire.text(source, "severity"),
        start=_wire.moment(source, "startTimeUtc") or _wire.moment(source, "firstActivityTimeUtc"),
        end=_wire.moment(source, "endTimeUtc") or _wire.moment(source, "lastActivityTimeUtc"),
        resource_id=_wire.text(source, "azureResourceId"),
        raw=source,
    )
