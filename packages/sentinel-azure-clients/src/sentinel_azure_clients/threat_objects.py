"""Threat intelligence in the STIX object model: attack patterns, identities, indicators, relationships, threat actors.

`threat_intelligence` has the indicators in the older model, which can also be written.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from sentinel_azure_clients import _wire
from sentinel_azure_clients._area import Area
from sentinel_azure_clients._call import arm
from sentinel_azure_clients._operation import CONTRIBUTOR
from sentinel_azure_clients._paging import Listing, collect
from sentinel_azure_clients.errors import InvalidInput, MalformedAnswer

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sentinel_azure_clients._wire import Json
    from sentinel_azure_clients.context import AzureServicesContext

_WHERE = "threatIntelligence/main"
# No stable version has the STIX object model; this is the newest whose examples show how to ask. These calls only read,
# but their permissions are actions, which the Reader does not have.
_AREA = Area("threat objects", "threat object", _WHERE, api="2025-01-01-preview", reader=CONTRIBUTOR)
_QUERY = _AREA.listing("query", method="POST", where=f"{_WHERE}/query")
_COUNT = _AREA.reading("count", method="POST", where=f"{_WHERE}/count")

STIX_TYPES = ("attack-pattern", "identity", "indicator", "relationship", "threat-actor")
OPERATORS = (
    "AfterAbsolute",
    "AfterRelative",
    "ArrayContains",
    "ArrayNotContains",
    "BeforeAbsolute",
    "BeforeRelative",
    "Equals",
    "GreaterThan",
    "GreaterThanEqual",
    "IsFalse",
    "IsNull",
    "IsTrue",
    "LessThan",
    "LessThanEqual",
    "NotEquals",
    "OnOrAfterAbsolute",
    "OnOrAfterRelative",
    "OnOrBeforeAbsolute",
    "OnOrBeforeRelative",
    "StringContains",
    "StringEndsWith",
    "StringIsEmpty",
    "StringNotContains",
    "StringNotEndsWith",
    "StringNotStartsWith",
    "StringStartsWith",
)


@dataclass(frozen=True, slots=True)
class Clause:
    """A condition: a `field` such as lastUpdatedTimeUtc, one of `OPERATORS`, and the values it compares with."""

    field: str
    operator: str
    values: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """Refuse an operator that the service does not have."""
        if not self.field.strip():
            raise InvalidInput("A condition on threat objects needs a field.")
        if self.operator not in OPERATORS:
            raise InvalidInput(f"There is no operator {self.operator[:40]!r}; use one of {', '.join(OPERATORS)}.")


@dataclass(frozen=True, slots=True)
class ThreatObject:
    """A STIX object. `data` is the object in STIX's own words; `stix_type` and `stix_id` are its type and id there.

    `updated_at` is when the workspace took its last change in. A time of the year 1 is the service's "never".
    """

    name: str
    id: str
    kind: str
    stix_type: str | None
    stix_id: str | None
    display_name: str
    description: str | None
    source: str | None
    confidence: int | None
    revoked: bool | None
    labels: tuple[str, ...]
    created_at: datetime | None
    modified_at: datetime | None
    updated_at: datetime | None
    data: Json = field(repr=False)
    properties: Json = field(repr=False)
    raw: Json = field(repr=False)


async def query_objects(
    context: AzureServicesContext,
    *,
    stix_type: str | None = None,
    clauses: Sequence[Clause] = (),
    sort_by: str = "lastUpdatedTimeUtc",
    descending: bool = True,
    page_size: int = 100,
    most: int | None = 1000,
) -> Listing[ThreatObject]:
    """The objects of one of `STIX_TYPES`, or of all, that match every clause; at most `most`."""
    if not 1 <= page_size <= 1000:
        raise InvalidInput(f"page_size is {page_size}, but a page has 1 to 1000 objects.")
    body: Json = {
        "condition": _condition(stix_type, clauses),
        "sortBy": {"field": sort_by, "direction": "DESC" if descending else "ASC"},
        "maxPageSize": page_size,
    }
    path = context.sentinel_path("threatIntelligence", "main", "query")
    return await collect(context, _QUERY, path, from_wire, method="POST", body=body, most=most)


async def count_objects(
    context: AzureServicesContext, *, stix_type: str | None = None, clauses: Sequence[Clause] = ()
) -> int:
    """How many objects match every clause."""
    path = context.sentinel_path("threatIntelligence", "main", "count")
    answer = await arm(context, _COUNT, "POST", path, body={"condition": _condition(stix_type, clauses)})
    return count_from_wire(answer)


def from_wire(source: Json) -> ThreatObject:
    """Make a `ThreatObject` of the object that the service sends."""
    properties = _wire.section(source, "properties")
    data = _wire.section(properties, "data")
    return ThreatObject(
        name=_wire.name_of(source),
        id=_wire.needed(source, "id"),
        kind=_wire.text(source, "kind") or "",
        stix_type=_wire.text(data, "type"),
        stix_id=_wire.text(data, "id"),
        display_name=_wire.text(data, "name") or "",
        description=_wire.text(data, "description"),
        source=_wire.text(properties, "source"),
        confidence=_wire.whole(data, "confidence"),
        revoked=_wire.flag(data, "revoked"),
        labels=_wire.strings(data, "labels"),
        created_at=_wire.moment(data, "created"),
        modified_at=_wire.moment(data, "modified"),
        updated_at=_wire.moment(properties, "lastUpdatedDateTimeUtc"),
        data=data,
        properties=properties,
        raw=source,
    )


def count_from_wire(source: Json) -> int:
    """The number in the answer to a count."""
    count = _wire.whole(source, "count")
    if count is None:
        raise MalformedAnswer("The service's answer has no 'count'.")
    return count


def _condition(stix_type: str | None, clauses: Sequence[Clause]) -> Json:
    if stix_type is not None and stix_type not in STIX_TYPES:
        raise InvalidInput(f"There is no STIX type {stix_type[:40]!r} here; use {', '.join(STIX_TYPES)}.")
    condition: Json = {
        "clauses": [
            {"field": clause.field, "operator": clause.operator, "values": list(clause.values)} for clause in clauses
        ],
        "conditionConnective": "And",
    }
    return condition if stix_type is None else {**condition, "stixObjectType": stix_type}
