"""What the page of an entity shows: insights, which are queries over the rows, and a timeline."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sentinel_emulator._data.insights import INSIGHTS, Insight, value_of_entity
from sentinel_emulator._query.execute import Request, execute
from sentinel_emulator._query.faults import QueryFault
from sentinel_emulator._query.timespan import Window
from sentinel_emulator.workspace import seeded_guid

from .collections import list_of_texts
from .entities import alerts_naming, found_entity, mapped_values, named_by
from .faults import bad_request
from .moments import offset, zulu
from .requested_times import asked_times
from .routing import Call, Operation, Reply, operation

if TYPE_CHECKING:
    from sentinel_emulator._data.cases import Alert
    from sentinel_emulator._json import Resource

_TIMELINE = ("Activity", "Bookmark", "SecurityAlert")
_SECONDS = 60.0


def operations() -> list[Operation]:
    """Return the operations behind the page of an entity."""
    one = "entities/{entity}"
    return [
        operation("POST", f"{one}/getInsights", "Microsoft.SecurityInsights/entities/getInsights/action", _insights),
        operation("POST", f"{one}/getTimeline", "Microsoft.SecurityInsights/entities/gettimeline/action", _timeline),
    ]


def _insights(call: Call) -> Reply:
    """Answer each insight of the entity's kind; one whose query failed is told among the errors."""
    entity, body = found_entity(call), call.body()
    start, end = asked_times(body)
    chosen = [text.lower() for text in list_of_texts(body, "insightQueryIds")]
    value: list[Resource] = []
    errors: list[Resource] = []
    for insight in INSIGHTS:
        if insight.kind != entity["kind"] or (chosen and insight.id not in chosen):
            continue
        try:
            value.append(_insight(call, insight, value_of_entity(entity), Window(start, end)))
        except QueryFault as fault:
            errors.append({"kind": "Insight", "queryId": insight.id, "errorMessage": str(fault)})
    return Reply({"value": value, "metaData": {"totalCount": len(value), "errors": errors}})


def _insight(call: Call, insight: Insight, value: str, window: Window) -> Resource:
    table, chart = (_run(call, query, window) for query in insight.queries(value))
    return {
        "tableQueryResults": table,
        "chartQueryResults": [chart],
        "queryTimeInterval": {"startTime": offset(window.start), "endTime": offset(window.end)},
        "queryId": insight.id,
    }


def _run(call: Call, query: str, window: Window) -> Resource:
    emulator = call.emulator
    request = Request(query, window, _SECONDS, statistics=False, render=False)
    body = execute(request, emulator.validator, emulator.store, emulator.catalogue, call.now, emulator.watchlist)
    table = body["tables"][0]
    return {"columns": table["columns"], "rows": table["rows"]}


def _timeline(call: Call) -> Reply:
    """Answer the alerts and bookmarks that name the entity, the newest first, and how many there are of each kind."""
    entity, body = found_entity(call), call.body()
    start, end = asked_times(body)
    kinds = list_of_texts(body, "kinds") or list(_TIMELINE)
    wrong = next((kind for kind in kinds if kind not in _TIMELINE), None)
    if wrong is not None:
        raise bad_request(f"The kind '{wrong}' of a timeline is not one of {', '.join(_TIMELINE)}.")
    items: list[Resource] = []
    if "SecurityAlert" in kinds:
        items += [_alert_item(call, alert) for alert in alerts_naming(call, entity, start, end)]
    if "Bookmark" in kinds:
        items += _bookmark_items(call, entity, offset(start), offset(end))
    items.sort(key=lambda item: str(item["startTimeUtc"]), reverse=True)
    counts = [{"kind": kind, "count": sum(item["kind"] == kind for item in items)} for kind in _TIMELINE]
    return Reply({"value": items, "metaData": {"aggregations": counts, "totalCount": len(items)}})


def _alert_item(call: Call, alert: Alert) -> Resource:
    emulator = call.emulator
    name = seeded_guid(emulator.seed, "alert", alert.key)
    rule = seeded_guid(emulator.seed, "rule", alert.rule)
    return {
        "kind": "SecurityAlert",
        "azureResourceId": f"{emulator.workspace.sentinel_id}/Entities/{name}",
        "productName": "Azure Sentinel",
        "description": alert.description,
        "displayName": alert.title,
        "severity": alert.severity,
        "endTimeUtc": zulu(alert.end),
        "startTimeUtc": zulu(alert.start),
        "timeGenerated": zulu(alert.raised),
        "alertType": f"{emulator.workspace.workspace_id}_{rule}",
        "intent": ", ".join(alert.tactics),
        "techniques": list(alert.techniques),
    }


def _bookmark_items(call: Call, entity: Resource, start: str, end: str) -> list[Resource]:
    items: list[Resource] = []
    for bookmark in call.emulator.sentinel.of("bookmarks").values():
        properties: dict[str, Any] = bookmark["properties"]
        moment = str(properties.get("eventTime") or properties["created"])
        if start <= moment <= end and mapped_values(bookmark) & named_by(entity):
            items.append(
                {
                    "kind": "Bookmark",
                    "azureResourceId": bookmark["id"],
                    "displayName": properties["displayName"],
                    "notes": properties.get("notes", ""),
                    "endTimeUtc": properties.get("queryEndTime", moment),
                    "startTimeUtc": properties.get("queryStartTime", moment),
                    "eventTime": moment,
                    "createdBy": properties["createdBy"],
                    "labels": properties["labels"],
                }
            )
    return items
