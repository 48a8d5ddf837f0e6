"""Threat intelligence as STIX objects: indicators, and who and what stands behind them (a preview of the service).

Objects are queried by conditions over their fields. The operators are those of the service's SDK; what a field is
called and how its values compare is told by the object itself, and a field that no object has meets no condition.
"""

from __future__ import annotations

import base64
import json
from importlib.resources import files
from typing import TYPE_CHECKING, cast

from sentinel_emulator.workspace import seeded_guid

from .collections import objects_of
from .conditions import Condition
from .faults import bad_request
from .intelligence import indicators_of
from .moments import zulu
from .paging import carried_by, paged
from .routing import Call, Operation, Reply, operation

if TYPE_CHECKING:
    from sentinel_emulator._json import Json, Resource

_BASE = "threatIntelligence/main"
_PERMISSION = "Microsoft.SecurityInsights/threatIntelligence"
_MOST = 1000
_NOBODY = {"objectId": "00000000-0000-0000-0000-000000000000", "email": "", "name": ""}
_NO_RULES = "00000000-0000-0000-0000-000000000000"


def operations() -> list[Operation]:
    """Return the operations on STIX objects."""
    return [
        operation("POST", f"{_BASE}/query", f"{_PERMISSION}/query/action", _query),
        # Clients follow the link to the next page with GET and without the body they asked with.
        operation("GET", f"{_BASE}/query", f"{_PERMISSION}/query/action", _query),
        operation("POST", f"{_BASE}/count", f"{_PERMISSION}/count/action", _count),
        operation("GET", f"{_BASE}/threatActors", f"{_PERMISSION}/threatActors/read", _actors),
    ]


def _query(call: Call) -> Reply:
    """Answer a page of the objects that meet a condition, in the order that was asked."""
    asked: Resource = carried_by(call) or (call.body() if call.content else {})
    sizes = [asked.get(name) for name in ("maxPageSize", "minPageSize") if asked.get(name) is not None]
    if any(not isinstance(size, int) or not 0 < size <= _MOST for size in sizes):
        raise bad_request(f"The properties 'minPageSize' and 'maxPageSize' must be numbers from 1 to {_MOST}.")
    sort: Json = asked.get("sortBy") or {}
    if not isinstance(sort, dict):
        raise bad_request("The property 'sortBy' must be an object.")
    found = _meeting(call, asked.get("condition"))
    order = cast("Resource", sort)
    field = str(order.get("field") or "lastUpdatedDateTimeUtc")
    ascending = str(order.get("direction") or "DESC").upper() == "ASC"
    found.sort(key=lambda item: _sortable(item, field), reverse=not ascending)
    return paged(call, found, cast("list[int]", sizes)[0] if sizes else 100, carried=asked)


def _count(call: Call) -> Reply:
    """Answer how many objects meet a condition; it stands in `properties` in newer versions (known from the SDK)."""
    body = call.body()
    held = objects_of([body.get("properties")])
    return Reply({"count": len(_meeting(call, (held[0] if held else body).get("condition")))})


def _actors(call: Call) -> Reply:
    """Answer the threat actors, in the shape that this older operation has."""
    actors = [item for item in _objects(call) if item["kind"] == "ThreatActor"]
    base = f"{call.emulator.workspace.sentinel_id}/ThreatIntelligence/main/stixThreatActors"
    kind = "Microsoft.SecurityInsights/ThreatIntelligence/main/stixThreatActors"
    return paged(
        call, [{**item, "id": f"{base}/{item['name']}", "type": kind, "kind": "threat-actor"} for item in actors]
    )


def _meeting(call: Call, condition: Json) -> list[Resource]:
    met = Condition(condition, call.now)
    return [item for item in _objects(call) if met(item["properties"])]


def _sortable(item: Resource, field: str) -> str:
    properties: Resource = item["properties"]
    value = properties.get(field, properties["data"].get(field, ""))
    return str(properties["lastUpdatedDateTimeUtc"] if field == "lastUpdatedTimeUtc" else value)


def _objects(call: Call) -> list[Resource]:
    """Return every object: the indicators as they stand, and those that came with the feed."""
    return [*(_of_indicator(call, item) for item in indicators_of(call).values()), *_of_feed(call)]


def _of_indicator(call: Call, indicator: Resource) -> Resource:
    properties: Resource = indicator["properties"]
    data: Resource = {
        "name": properties.get("displayName"),
        "description": properties.get("description"),
        "indicator_types": properties.get("threatTypes", []),
        "pattern": properties["pattern"],
        "pattern_type": "stix",
        "valid_from": properties["validFrom"],
        "valid_until": properties.get("validUntil"),
        "kill_chain_phases": properties.get("killChainPhases"),
        "confidence": properties["confidence"],
        "labels": properties["labels"],
        "revoked": properties["revoked"],
    }
    moments = (str(properties["created"]), str(properties["lastUpdatedTimeUtc"]))
    return _resource(call, "indicator", indicator["name"], data, str(properties["source"]), moments)


def _of_feed(call: Call) -> list[Resource]:
    text = files("sentinel_emulator._data").joinpath("stix.json").read_text(encoding="utf-8")
    moment = zulu(call.emulator.started.replace(hour=0, minute=0, second=0, microsecond=0))
    made: list[Resource] = []
    for item in json.loads(text):
        kind, key = item.pop("type"), item.pop("key")
        for end in ("source", "target"):
            if end in item:
                item[f"{end}_ref"] = _identity(call, *item.pop(end).split(" ", 1))
        made.append(_resource(call, kind, _guid(call, kind, key), item, "Contoso threat feed", (moment, moment)))
    return made


def _guid(call: Call, kind: str, key: str) -> str:
    return seeded_guid(call.emulator.seed, "stix", kind, key)


def _identity(call: Call, kind: str, key: str) -> str:
    return f"{kind}--{_guid(call, kind, key)}"


def _resource(call: Call, kind: str, guid: str, data: Resource, source: str, moments: tuple[str, str]) -> Resource:
    """Return an object as a resource: its name is its source in base64 and its STIX id."""
    created, modified = moments
    identity = f"{kind}--{guid}"
    name = f"{base64.urlsafe_b64encode(source.encode()).decode().rstrip('=')}---{identity}"
    return {
        "id": f"{call.emulator.workspace.sentinel_id}/threatintelligence/{name}",
        "name": name,
        "type": "Microsoft.SecurityInsights/threatintelligence",
        "kind": kind.title().replace("-", ""),
        "properties": {
            "data": {
                **_NOTHING.get(kind, {}),
                "external_references": None,
                "granular_markings": None,
                "confidence": None,
                "lang": None,
                "labels": None,
                "revoked": None,
                **data,
                "extensions": {"sentinel-ext": {"severity": None}},
                "type": kind,
                "id": identity,
                "created": created,
                "modified": modified,
                "spec_version": "2.1",
                "created_by_ref": None if kind == "identity" else _identity(call, "identity", "feed"),
                "object_marking_refs": None,
            },
            "createdBy": _NOBODY,
            "source": source,
            "firstIngestedTimeUtc": created,
            "lastIngestedTimeUtc": modified,
            "ingestionRulesVersion": _NO_RULES,
            "lastUpdateMethod": "Sentinel REST API",
            "lastModifiedBy": _NOBODY,
            "lastUpdatedDateTimeUtc": modified,
            "relationshipHints": None,
        },
    }


#: Members of a kind that are null where nothing is set.
_NOTHING: dict[str, Resource] = {
    "attack-pattern": dict.fromkeys(("name", "description", "kill_chain_phases", "aliases")),
    "threat-actor": dict.fromkeys(
        (
            "name",
            "description",
            "threat_actor_types",
            "aliases",
            "first_seen",
            "last_seen",
            "roles",
            "goals",
            "sophistication",
            "resource_level",
            "primary_motivation",
            "secondary_motivations",
            "personal_motivations",
        )
    ),
}
