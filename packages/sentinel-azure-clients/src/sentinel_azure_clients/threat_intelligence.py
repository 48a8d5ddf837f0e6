"""Threat intelligence indicators: list, query, count, make, tag and delete."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from sentinel_azure_clients import _wire
from sentinel_azure_clients._area import Area
from sentinel_azure_clients._call import arm
from sentinel_azure_clients._operation import PROVIDER, RESPONDER
from sentinel_azure_clients._paging import Listing, collect
from sentinel_azure_clients._timespan import instant
from sentinel_azure_clients.errors import InvalidInput

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from sentinel_azure_clients._wire import Json
    from sentinel_azure_clients.context import AzureServicesContext

_WHERE = "threatIntelligence/main"
_AREA = Area(
    "threat intelligence",
    "threat indicator",
    f"{_WHERE}/indicators",
    permission=f"{PROVIDER}/threatIntelligence/indicators",
)
_LIST = _AREA.listing()
_QUERY = _AREA.listing("query", method="POST", where=f"{_WHERE}/queryIndicators")
_GET = _AREA.reading()
_METRICS = _AREA.reading("metrics", where=f"{_WHERE}/metrics")
_CREATE = _AREA.acting(
    "create",
    "creating the threat indicator",
    f"POST {_WHERE}/createIndicator",
    permission="threatIntelligence/createIndicator/action",
)
_TAG = _AREA.acting(
    "append tags",
    "tagging the threat indicator",
    f"POST {_WHERE}/indicators/{{id}}/appendTags",
    permission="threatIntelligence/indicators/appendTags/action",
    role=RESPONDER,
)
_DELETE = _AREA.deleting()


@dataclass(frozen=True, slots=True)
class Indicator:
    """An indicator. `pattern` is a STIX pattern, such as [ipv4-addr:value = '192.0.2.1']."""

    name: str
    id: str
    etag: str | None
    kind: str
    display_name: str
    description: str | None
    pattern: str | None
    pattern_type: str | None
    source: str | None
    confidence: int | None
    revoked: bool | None
    threat_types: tuple[str, ...]
    tags: tuple[str, ...]
    valid_from: datetime | None
    valid_until: datetime | None
    created_at: datetime | None
    modified_at: datetime | None
    properties: Json = field(repr=False)
    raw: Json = field(repr=False)


@dataclass(frozen=True, slots=True)
class IndicatorMetrics:
    """How many indicators there are, by source, by type of pattern and by type of threat."""

    by_source: dict[str, int]
    by_pattern: dict[str, int]
    by_threat: dict[str, int]
    updated_at: datetime | None
    raw: Json = field(repr=False)


async def list_indicators(context: AzureServicesContext, *, most: int | None = None) -> Listing[Indicator]:
    """The indicators of the workspace, at most `most`."""
    return await collect(context, _LIST, _path(context, "indicators"), from_wire, most=most)


async def query_indicators(
    context: AzureServicesContext,
    *,
    keywords: Sequence[str] = (),
    pattern_types: Sequence[str] = (),
    threat_types: Sequence[str] = (),
    sources: Sequence[str] = (),
    min_confidence: int | None = None,
    max_confidence: int | None = None,
    include_disabled: bool = False,
    page_size: int = 100,
    most: int | None = 1000,
) -> Listing[Indicator]:
    """The indicators that match every given condition, at most `most`."""
    if not 1 <= page_size <= 1000:
        raise InvalidInput(f"page_size is {page_size}, but a page has 1 to 1000 indicators.")
    criteria: Json = {"pageSize": page_size, "includeDisabled": include_disabled}
    lists = {"keywords": keywords, "patternTypes": pattern_types, "threatTypes": threat_types, "sources": sources}
    criteria |= {key: list(values) for key, values in lists.items() if values}
    if min_confidence is not None:
        criteria["minConfidence"] = min_confidence
    if max_confidence is not None:
        criteria["maxConfidence"] = max_confidence
    path = _path(context, "queryIndicators")
    return await collect(context, _QUERY, path, from_wire, method="POST", body=criteria, most=most)


async def get_indicator(context: AzureServicesContext, name: str) -> Indicator:
    """The indicator with this name. Raises `NotFound`."""
    return from_wire(await arm(context, _GET, "GET", _path(context, "indicators", name)))


async def get_metrics(context: AzureServicesContext) -> IndicatorMetrics:
    """The numbers of indicators."""
    return metrics_from_wire(await arm(context, _METRICS, "GET", _path(context, "metrics")))


async def create_indicator(
    context: AzureServicesContext,
    *,
    display_name: str,
    pattern: str,
    pattern_type: str,
    source: str,
    threat_types: Sequence[str],
    valid_from: datetime,
    valid_until: datetime | None = None,
    description: str | None = None,
    confidence: int | None = None,
    tags: Sequence[str] = (),
    more: Mapping[str, Any] | None = None,
) -> Indicator:
    """Make an indicator. The service chooses its name, so a repetition makes a second one.

    `more` are further properties as the API names them.
    """
    if not pattern.strip() or not display_name.strip():
        raise InvalidInput("An indicator needs a display name and a pattern.")
    if confidence is not None and not 0 <= confidence <= 100:
        raise InvalidInput(f"confidence is {confidence}, but goes from 0 to 100.")
    given: dict[str, Any] = {
        "displayName": display_name,
        "pattern": pattern,
        "patternType": pattern_type,
        "source": source,
        "threatTypes": list(threat_types),
        "validFrom": instant(valid_from),
        "validUntil": valid_until and instant(valid_until),
        "description": description,
        "confidence": confidence,
        "threatIntelligenceTags": list(tags),
    }
    properties = {key: value for key, value in given.items() if value is not None} | dict(more or {})
    body: Json = {"kind": "indicator", "properties": properties}
    return from_wire(await arm(context, _CREATE, "POST", _path(context, "createIndicator"), body=body))


async def append_tags(context: AzureServicesContext, name: str, tags: Sequence[str]) -> None:
    """Add tags to an indicator; those it has stay."""
    if not tags:
        raise InvalidInput("Give at least one tag.")
    body: Json = {"threatIntelligenceTags": list(tags)}
    await arm(context, _TAG, "POST", _path(context, "indicators", name, "appendTags"), body=body)


async def delete_indicator(context: AzureServicesContext, name: str) -> None:
    """Delete an indicator."""
    await arm(context, _DELETE, "DELETE", _path(context, "indicators", name))


def from_wire(source: Json) -> Indicator:
    """Make an `Indicator` of the object that the service sends."""
    properties = _wire.section(source, "properties")
    return Indicator(
        name=_wire.name_of(source),
        id=_wire.needed(source, "id"),
        etag=_wire.text(source, "etag"),
        kind=_wire.text(source, "kind") or "",
        display_name=_wire.text(properties, "displayName") or "",
        description=_wire.text(properties, "description"),
        pattern=_wire.text(properties, "pattern"),
        pattern_type=_wire.text(properties, "patternType"),
        source=_wire.text(properties, "source"),
        confidence=_wire.whole(properties, "confidence"),
        revoked=_wire.flag(properties, "revoked"),
        threat_types=_wire.strings(properties, "threatTypes"),
        tags=_wire.strings(properties, "threatIntelligenceTags"),
        valid_from=_wire.moment(properties, "validFrom"),
        valid_until=_wire.moment(properties, "validUntil"),
        created_at=_wire.moment(properties, "created"),
        modified_at=_wire.moment(properties, "lastUpdatedTimeUtc"),
        properties=properties,
        raw=source,
    )


def metrics_from_wire(answer: Json) -> IndicatorMetrics:
    """Make `IndicatorMetrics` of the answer that the service sends."""
    found = _wire.objects(answer, "value")
    properties = _wire.section(found[0], "properties") if found else {}
    return IndicatorMetrics(
        by_source=_counts(properties, "sourceMetrics"),
        by_pattern=_counts(properties, "patternTypeMetrics"),
        by_threat=_counts(properties, "threatTypeMetrics"),
        updated_at=_wire.moment(properties, "lastUpdatedTimeUtc"),
        raw=answer,
    )


def _counts(properties: Json, key: str) -> dict[str, int]:
    return {
        _wire.needed(metric, "metricName"): _wire.whole(metric, "metricValue") or 0
        for metric in _wire.objects(properties, key)
    }


def _path(context: AzureServicesContext, *names: str) -> str:
    return context.sentinel_path("threatIntelligence", "main", *names)
