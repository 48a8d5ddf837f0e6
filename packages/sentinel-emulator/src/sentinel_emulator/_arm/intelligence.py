"""Threat intelligence: the indicators of the workspace, which are the rows of `ThreatIntelIndicators`."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING, cast

from sentinel_emulator.workspace import seeded_guid

from .collections import list_of_texts, properties_of, texts
from .etags import new_etag, require_current
from .faults import bad_request, sentinel_not_found
from .moments import zulu
from .paging import carried_by, paged
from .routing import Call, Operation, Reply, operation

if TYPE_CHECKING:
    from sentinel_emulator._json import Json, Resource

    from .state import Resources

_BASE = "threatIntelligence/main"
_PERMISSION = "Microsoft.SecurityInsights/threatIntelligence"
_COMPARED = re.compile(r"\[\s*([a-z0-9-]+):([^=]+?)\s*=\s*'((?:[^'\\]|\\.)*)'\s*\]", re.IGNORECASE)
_MOST = 1000
_LATEST = "9999"


def operations() -> list[Operation]:
    """Return the operations on indicators."""
    one = f"{_BASE}/indicators/{{indicators}}"
    return [
        operation("GET", f"{_BASE}/indicators", f"{_PERMISSION}/indicators/read", _list),
        operation("GET", one, f"{_PERMISSION}/indicators/read", lambda call: Reply(_found(call))),
        operation("PUT", one, f"{_PERMISSION}/indicators/write", _put),
        operation("DELETE", one, f"{_PERMISSION}/indicators/delete", _delete),
        operation("POST", f"{one}/appendTags", f"{_PERMISSION}/indicators/appendTags/action", _append_tags),
        operation("POST", f"{one}/replaceTags", f"{_PERMISSION}/indicators/replaceTags/action", _replace_tags),
        operation("POST", f"{_BASE}/createIndicator", f"{_PERMISSION}/createIndicator/action", _create),
        operation("POST", f"{_BASE}/queryIndicators", f"{_PERMISSION}/queryIndicators/action", _query),
        # Clients follow the link to the next page with GET and without the body they asked with.
        operation("GET", f"{_BASE}/queryIndicators", f"{_PERMISSION}/queryIndicators/action", _query),
        operation("GET", f"{_BASE}/metrics", f"{_PERMISSION}/metrics/read", _metrics),
    ]


def indicators_of(call: Call) -> Resources:
    """Return the indicators; on the first call those that the table holds."""
    state = call.emulator.sentinel
    known = "threatintelligence/main/indicators" in state.collections
    items = state.of("threatIntelligence", "main", "indicators")
    if not known:
        rows = call.emulator.store().read(
            "SELECT Id, Confidence, Created, Modified, ValidFrom, ValidUntil, Pattern, Source, Tags, ObservableKey "
            "FROM store.ThreatIntelIndicators ORDER BY TimeGenerated DESC, Id"
        )
        for row in rows:
            resource = _of_row(call, row)
            items[resource["name"]] = resource
    return items


def _of_row(call: Call, row: tuple[Json, ...]) -> Resource:
    identity, confidence, created, modified, valid_from, valid_until, pattern, source, tags, key = row
    name = seeded_guid(call.emulator.seed, "indicator", identity)
    sent = {
        "confidence": confidence,
        "source": source,
        "threatIntelligenceTags": [tags] if tags else [],
        "displayName": f"{str(key).partition(':')[0]} on the feed",
        "threatTypes": ["malicious-activity"],
        "pattern": pattern,
        "patternType": str(key).partition(":")[0],
        "validFrom": zulu(valid_from),
        "validUntil": zulu(valid_until),
    }
    return _resource(call, name, sent, created=zulu(created), updated=zulu(modified), external=str(identity))


def _resource(call: Call, name: str, sent: Resource, *, created: str, updated: str, external: str) -> Resource:
    optional = (
        "displayName",
        "description",
        "threatTypes",
        "createdByRef",
        "killChainPhases",
        "externalReferences",
        "granularMarkings",
    )
    pattern = str(sent.get("pattern", ""))
    properties: Resource = {
        "confidence": sent.get("confidence", 0),
        "created": created,
        "extensions": {"sentinel-ext": {"severity": None}},
        "externalId": external,
        "labels": sent.get("labels") or [],
        "lastUpdatedTimeUtc": updated,
        "revoked": sent.get("revoked", False),
        "source": sent.get("source", "Microsoft Sentinel"),
        "threatIntelligenceTags": sent.get("threatIntelligenceTags") or [],
        **{member: sent[member] for member in optional if sent.get(member) is not None},
        "parsedPattern": _parsed(pattern),
        "pattern": pattern,
        "patternType": sent.get("patternType", ""),
        "validFrom": sent.get("validFrom") or created,
        **({"validUntil": sent["validUntil"]} if sent.get("validUntil") else {}),
    }
    return {
        "id": f"{call.emulator.workspace.sentinel_id}/threatIntelligence/main/indicators/{name}",
        "name": name,
        "etag": new_etag(call.now),
        "type": "Microsoft.SecurityInsights/threatIntelligence/main/indicators",
        "kind": "indicator",
        "properties": properties,
    }


def _parsed(pattern: str) -> list[Resource]:
    found = _COMPARED.findall(pattern)
    return [
        {"patternTypeKey": kind, "patternTypeValues": [{"valueType": kind, "value": value}]} for kind, _, value in found
    ]


def _found(call: Call) -> Resource:
    name = call.names["indicators"]
    indicator = indicators_of(call).get(name.lower())
    if indicator is None:
        raise sentinel_not_found("Threat intelligence indicator", name)
    return indicator


def _list(call: Call) -> Reply:
    return paged(call, list(indicators_of(call).values()), 100)


def _checked(body: Resource) -> Resource:
    if body.get("kind") != "indicator":
        raise bad_request("The member 'kind' must be 'indicator'.")
    sent = properties_of(body)
    texts(sent, "pattern", "patternType", "displayName", "source")
    confidence = sent.get("confidence", 0)
    if not isinstance(confidence, int) or not 0 <= confidence <= 100:
        raise bad_request("The property 'confidence' must be a number from 0 to 100.")
    if not _COMPARED.search(str(sent["pattern"])):
        raise bad_request("The property 'pattern' must be a STIX pattern such as [ipv4-addr:value = '203.0.113.1'].")
    return sent


def _create(call: Call) -> Reply:
    sent = _checked(call.body())
    name = seeded_guid(call.emulator.seed, "written indicator", len(indicators_of(call)), call.now.isoformat())
    resource = _written(call, name, sent, None)
    return Reply(resource, 201)


def _put(call: Call) -> Reply:
    body = call.body()
    sent, items = _checked(body), indicators_of(call)
    name = call.names["indicators"].lower()
    existing = items.get(name)
    if existing is not None and body.get("etag"):
        require_current(body["etag"], existing["etag"], name)
    return Reply(_written(call, name, sent, existing), 200 if existing else 201)


def _written(call: Call, name: str, sent: Resource, existing: Resource | None) -> Resource:
    before: Resource = existing["properties"] if existing else {}
    moment = zulu(call.now)
    external = before.get("externalId") or f"indicator--{name}"
    created = before.get("created", moment)
    resource = _resource(call, name, sent, created=created, updated=moment, external=str(external))
    indicators_of(call)[name] = resource
    _record(call, resource)
    return resource


def _record(call: Call, resource: Resource) -> None:
    """Leave a row in `ThreatIntelIndicators`, where queries look for indicators."""
    properties: Resource = resource["properties"]
    compared = _COMPARED.search(str(properties["pattern"]))
    row: Resource = {
        "TimeGenerated": call.now,
        "Id": properties["externalId"],
        "Confidence": properties["confidence"],
        "Created": str(properties["created"]).removesuffix("Z"),
        "Modified": call.now,
        "IsActive": not properties["revoked"],
        "IsDeleted": False,
        "Revoked": properties["revoked"],
        "ObservableKey": f"{compared.group(1)}:{compared.group(2)}" if compared else "",
        "ObservableValue": compared.group(3) if compared else "",
        "Pattern": properties["pattern"],
        "Source": properties["source"],
        "Tags": ",".join(properties["threatIntelligenceTags"]),
        "WorkspaceId": call.emulator.workspace.workspace_id,
        "Data": {"type": "indicator", "id": properties["externalId"], "pattern": properties["pattern"]},
        "SourceSystem": "Microsoft Sentinel",
    }
    call.emulator.log("ThreatIntelIndicators", row)


def _delete(call: Call) -> Reply:
    gone = indicators_of(call).pop(call.names["indicators"].lower(), None)
    return Reply(status=200 if gone else 204)


def _append_tags(call: Call) -> Reply:
    indicator, tags = _found(call), _tags(call.body().get("threatIntelligenceTags"))
    held = cast("list[str]", indicator["properties"]["threatIntelligenceTags"])
    held.extend(tag for tag in tags if tag not in held)
    return Reply()


def _replace_tags(call: Call) -> Reply:
    indicator = _found(call)
    sent = properties_of(call.body())
    indicator["properties"]["threatIntelligenceTags"] = _tags(sent.get("threatIntelligenceTags"))
    indicator["etag"] = new_etag(call.now)
    return Reply(indicator)


def _tags(value: Json) -> list[str]:
    if not isinstance(value, list) or not all(isinstance(tag, str) for tag in cast("list[Json]", value)):
        raise bad_request("The property 'threatIntelligenceTags' must be a list of texts.")
    return cast("list[str]", value)


def _query(call: Call) -> Reply:
    """Answer the indicators that meet every criterion that was sent."""
    asked: Resource = carried_by(call) or (call.body() if call.content else {})
    size = asked.get("pageSize", 100)
    if not isinstance(size, int) or not 0 < size <= _MOST:
        raise bad_request(f"The property 'pageSize' must be a number from 1 to {_MOST}.")
    found = [item for item in indicators_of(call).values() if _meets(item["properties"], asked)]
    for sort in reversed(_sorting(asked)):
        key = str(sort.get("itemKey"))
        found.sort(key=lambda item: str(item["properties"].get(key, "")), reverse=sort.get("sortOrder") == "descending")
    return paged(call, found, size, carried=asked)


def _sorting(asked: Resource) -> list[Resource]:
    sort: Json = asked.get("sortBy") or []
    if not isinstance(sort, list):
        raise bad_request("The property 'sortBy' must be a list.")
    return [cast("Resource", item) for item in cast("list[Json]", sort) if isinstance(item, dict)]


def _meets(properties: Resource, asked: Resource) -> bool:
    confidence, least, most = properties["confidence"], asked.get("minConfidence"), asked.get("maxConfidence")
    if any(not isinstance(value, int | None) for value in (least, most)):
        raise bad_request("The properties 'minConfidence' and 'maxConfidence' must be numbers.")
    if not (least or 0) <= confidence <= (100 if most is None else most):
        return False
    until = str(properties.get("validUntil", _LATEST))
    if not str(asked.get("minValidUntil") or "") <= until <= str(asked.get("maxValidUntil") or f"{_LATEST}z"):
        return False
    if properties["revoked"] and not asked.get("includeDisabled"):
        return False
    words = [word.lower() for word in list_of_texts(asked, "keywords")]
    text = f"{properties['pattern']} {properties.get('displayName', '')}".lower()
    sources, kinds = list_of_texts(asked, "sources"), list_of_texts(asked, "patternTypes")
    threats, identifiers = list_of_texts(asked, "threatTypes"), list_of_texts(asked, "ids")
    return (
        all(word in text for word in words)
        and (not sources or properties["source"] in sources)
        and (not kinds or properties["patternType"] in kinds)
        and (not threats or bool(set(properties.get("threatTypes", [])) & set(threats)))
        and (not identifiers or properties["externalId"] in identifiers)
    )


def _metrics(call: Call) -> Reply:
    items = [item["properties"] for item in indicators_of(call).values()]
    counted = {
        "threatTypeMetrics": Counter(kind for item in items for kind in item.get("threatTypes", [])),
        "patternTypeMetrics": Counter(str(item["patternType"]) for item in items),
        "sourceMetrics": Counter(str(item["source"]) for item in items),
    }
    metrics = {
        member: [{"metricName": name, "metricValue": number} for name, number in counter.items()]
        for member, counter in counted.items()
    }
    return Reply({"value": [{"properties": {"lastUpdatedTimeUtc": zulu(call.now), **metrics}}]})
