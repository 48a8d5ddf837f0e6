"""Entities: who and what the alerts name, and what hangs together with it (preview operations of the service)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sentinel_emulator._data.insights import INSIGHTS
from sentinel_emulator.workspace import seeded_guid

from .bookmarks import BOOKMARKS
from .collections import Kind, objects_of, operations_of, properties_of, texts
from .faults import bad_request, sentinel_not_found
from .incident_shapes import alert_resource, entity_resource
from .paging import paged
from .requested_times import asked_times
from .routing import Call, Operation, Reply, operation

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from sentinel_emulator._data.cases import Alert
    from sentinel_emulator._json import Resource

READ = "Microsoft.SecurityInsights/entities/read"

#: Expansions: what they are called, and whether they lead to alerts.
_EXPANSIONS = (("alerts", "Related alerts", True), ("together", "Entities of the same alerts", False))
_KINDS = ("Account", "Host", "Ip")


def _query(_call: Call, body: Resource, _existing: Resource | None) -> Resource:
    if body.get("kind") != "Activity":
        raise bad_request("Only entity queries of the kind 'Activity' can be written.")
    sent = properties_of(body)
    texts(sent, "title", "content", "inputEntityType")
    return {"kind": "Activity", "properties": sent}


QUERIES = Kind("entityQueries", "entityQueries", "Entity query", _query)


def operations() -> list[Operation]:
    """Return the operations on entities."""
    one = "entities/{entity}"
    written = [item for item in operations_of(QUERIES) if item.method != "GET"]
    return [
        operation("GET", "entities", READ, _list),
        operation("GET", one, READ, lambda call: Reply(found_entity(call))),
        operation("GET", f"{one}/relations", "Microsoft.SecurityInsights/entities/relations/read", _relations),
        operation(
            "GET", f"{one}/relations/{{relation}}", "Microsoft.SecurityInsights/entities/relations/read", _relation
        ),
        operation("GET", f"{one}/queries", READ, _insight_queries),
        operation("POST", f"{one}/expand", "Microsoft.SecurityInsights/entities/expand/action", _expand),
        operation(
            "POST",
            f"{BOOKMARKS.pattern}/expand",
            "Microsoft.SecurityInsights/bookmarks/expand/action",
            _expand_bookmark,
        ),
        operation("GET", "entityQueries", f"{QUERIES.permission}/read", _list_queries),
        operation("GET", QUERIES.pattern, f"{QUERIES.permission}/read", _get_query),
        *written,
    ]


def found_entity(call: Call) -> Resource:
    """Return the entity that a call is about, whichever incident it belongs to; raises a 404."""
    name = call.names["entity"]
    found = _all_entities(call).get(name.lower())
    if found is None:
        raise sentinel_not_found("Entity", name)
    return found


def alerts_naming(call: Call, entity: Resource, start: datetime, end: datetime) -> list[Alert]:
    """Return the alerts that name an entity and were raised within a window."""
    alerts = (alert for case in call.emulator.cases for alert in case.alerts)
    seed = call.emulator.seed
    return [
        alert
        for alert in alerts
        if start <= alert.raised <= end
        and any(seeded_guid(seed, "entity", named.key) == entity["name"] for named in alert.entities)
    ]


def _all_entities(call: Call) -> dict[str, Resource]:
    """Return every entity as this list shows it: small letters in its type, and how many alerts name it."""
    emulator = call.emulator
    found: dict[str, Resource] = {}
    for case in emulator.cases:
        for alert in case.alerts:
            for entity in alert.entities:
                resource = entity_resource(emulator.workspace, emulator.seed, entity)
                known = found.get(resource["name"])
                count = int(known["properties"]["additionalData"]["AlertCount"]) if known else 0
                found[resource["name"]] = _as_listed(resource, count + 1)
    return found


def _as_listed(entity: Resource, alerts: int) -> Resource:
    properties = dict(entity["properties"])
    name = properties.pop("friendlyName")
    counted = {"AlertCount": str(alerts), "IsExactMatch": False}
    return {
        **entity,
        "id": entity["id"].replace("/Entities/", "/entities/"),
        "type": "Microsoft.SecurityInsights/entities",
        "properties": {**properties, "additionalData": counted, "friendlyName": name},
    }


def _list(call: Call) -> Reply:
    """Answer a page of the entities of every incident, each once."""
    return paged(call, list(_all_entities(call).values()))


def _relations(call: Call) -> Reply:
    """Answer what was related to an entity by hand: nothing, since no operation relates anything to one."""
    found_entity(call)
    return Reply({"value": []})


def _relation(call: Call) -> Reply:
    found_entity(call)
    raise sentinel_not_found("Entity relation", call.names["relation"])


def _insight_queries(call: Call) -> Reply:
    """Answer the queries behind the insights of an entity."""
    entity = found_entity(call)
    if call.query.get("kind", "").lower() != "insight":
        raise bad_request("The parameter 'kind' must be Insight.")
    base = f"{call.emulator.workspace.sentinel_id}/entityQueries"
    return Reply(
        {
            "value": [
                {
                    "id": f"{base}/{insight.id}",
                    "name": insight.id,
                    "type": "Microsoft.SecurityInsights/entities/queries",
                    "kind": "Insight",
                    "properties": {
                        "dataTypes": [{"dataType": insight.source}],
                        "inputEntityType": insight.kind,
                        "requiredInputFieldsSets": [],
                        "displayName": insight.title,
                        "description": insight.description,
                        "baseQuery": insight.base,
                        "tableQuery": {
                            "columnsDefinitions": [],
                            "queriesDefinitions": [{"filter": insight.table, "summarize": "", "project": ""}],
                        },
                        "chartQuery": [{"query": insight.chart}],
                        "defaultTimeRange": {"beforeRange": "12h", "afterRange": "12h"},
                    },
                }
                for insight in INSIGHTS
                if insight.kind == entity["kind"]
            ]
        }
    )


def _built_in_queries(call: Call) -> list[Resource]:
    """Return the expansions there are, one of each for every kind of entity."""
    return [
        {
            "id": f"{call.emulator.workspace.sentinel_id}/entityQueries/{name}",
            "name": name,
            "type": "Microsoft.SecurityInsights/entityQueries",
            "kind": "Expansion",
            "properties": {
                "dataSources": ["SecurityAlert"],
                "displayName": title,
                "inputEntityType": kind,
                "inputFields": [],
                "outputEntityTypes": ["SecurityAlert"] if to_alerts else list(_KINDS),
                "queryTemplate": "",
            },
        }
        for key, title, to_alerts in _EXPANSIONS
        for kind in _KINDS
        for name in (seeded_guid(0, "expansion", key, kind),)
    ]


def _list_queries(call: Call) -> Reply:
    queries = [*_built_in_queries(call), *QUERIES.items(call).values()]
    kind = call.query.get("kind", "").lower()
    return paged(call, [query for query in queries if kind in {"", query["kind"].lower()}])


def _get_query(call: Call) -> Reply:
    name = call.names[QUERIES.segment].lower()
    built_in = next((query for query in _built_in_queries(call) if query["name"] == name), None)
    return Reply(built_in or QUERIES.found(call))


def _expand(call: Call) -> Reply:
    """Answer what an expansion leads to from an entity, and the edges to it."""
    entity, body = found_entity(call), call.body()
    start, end = asked_times(body)
    asked = str(body.get("expansionId", "")).lower()
    found = next((query for query in _built_in_queries(call) if query["name"] == asked), None)
    if found is None or found["properties"]["inputEntityType"] != entity["kind"]:
        raise bad_request(f"There is no expansion '{asked}' for entities of the kind {entity['kind']}.")
    emulator = call.emulator
    alerts = alerts_naming(call, entity, start, end)
    if found["properties"]["outputEntityTypes"] == ["SecurityAlert"]:
        return _expanded(alert_resource(emulator.workspace, emulator.seed, alert) for alert in alerts)
    named = (entity_resource(emulator.workspace, emulator.seed, one) for alert in alerts for one in alert.entities)
    return _expanded({one["name"]: one for one in named if one["name"] != entity["name"]}.values())


def _expand_bookmark(call: Call) -> Reply:
    """Answer the entities that a bookmark maps, as far as alerts know them."""
    bookmark, body = BOOKMARKS.found(call), call.body()
    asked_times(body)
    texts(body, "expansionId")
    values = mapped_values(bookmark)
    return _expanded(one for one in _all_entities(call).values() if values & named_by(one))


def mapped_values(bookmark: Resource) -> set[str]:
    """Return the values, in lower case, that a bookmark maps to entities."""
    mappings = objects_of(bookmark["properties"].get("entityMappings"))
    fields = (field for mapping in mappings for field in objects_of(mapping.get("fieldMappings")))
    return {str(field.get("value", "")).lower() for field in fields} - {""}


def named_by(entity: Resource) -> set[str]:
    """Return the texts, in lower case, by which an entity is known."""
    return {str(value).lower() for value in entity["properties"].values() if isinstance(value, str) and value}


def _expanded(entities: Iterable[Resource]) -> Reply:
    shown = list(entities)
    counts: dict[str, int] = {}
    for entity in shown:
        counts[entity["kind"]] = counts.get(entity["kind"], 0) + 1
    return Reply(
        {
            "metaData": {"aggregations": [{"entityKind": kind, "count": count} for kind, count in counts.items()]},
            "value": {
                "entities": shown,
                "edges": [{"targetEntityId": one["id"], "additionalData": {}} for one in shown],
            },
        }
    )
