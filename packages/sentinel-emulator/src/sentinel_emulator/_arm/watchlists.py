"""Watchlists and their items; raw content becomes items, as the service makes them."""

from __future__ import annotations

import csv
import io
import uuid
from dataclasses import replace
from typing import TYPE_CHECKING

from sentinel_emulator.workspace import Workspace, seeded_guid

from .collections import Kind, delete, operations_of, properties_of, put, texts, written
from .etags import new_etag
from .faults import bad_request
from .moments import offset, offset_seconds
from .people import author_in_short
from .routing import Call, Operation, Reply, operation

if TYPE_CHECKING:
    from datetime import datetime

    from sentinel_emulator._json import Resource

_MOST_BYTES = 3_800_000


def _watchlist(call: Call, body: Resource, existing: Resource | None) -> Resource:
    sent = properties_of(body)
    texts(sent, "displayName", "provider", "itemsSearchKey")
    before: Resource = existing["properties"] if existing else {}
    alias = call.names["watchlists"]
    identity = before.get("watchlistId") or str(uuid.uuid4())
    optional = {name: sent[name] for name in ("description", "defaultDuration", "labels") if sent.get(name) is not None}
    return {
        "properties": {
            "watchlistId": identity,
            "displayName": sent["displayName"],
            "provider": sent["provider"],
            "source": sent.get("source", ""),
            "sourceType": sent.get("sourceType", "Local"),
            "itemsSearchKey": sent["itemsSearchKey"],
            "created": before.get("created") or offset(call.now),
            "updated": offset_seconds(call.now),
            "createdBy": before.get("createdBy") or author_in_short(call),
            "updatedBy": author_in_short(call),
            **optional,
            "watchlistType": "watchlist",
            "watchlistAlias": before.get("watchlistAlias", alias),
            "isDeleted": False,
            "tenantId": call.emulator.workspace.tenant_id,
        }
    }


def _item(call: Call, body: Resource, existing: Resource | None) -> Resource:
    sent = properties_of(body)
    values = sent.get("itemsKeyValue")
    if not isinstance(values, dict) or not values:
        raise bad_request("The property 'itemsKeyValue' must be an object with at least one member.")
    before: Resource = existing["properties"] if existing else {}
    return {
        "properties": {
            "watchlistItemType": "watchlist-item",
            "watchlistItemId": before.get("watchlistItemId", call.names["watchlistItems"]),
            "tenantId": call.emulator.workspace.tenant_id,
            "isDeleted": False,
            "created": before.get("created") or offset(call.now),
            "updated": offset_seconds(call.now),
            "createdBy": before.get("createdBy") or author_in_short(call),
            "updatedBy": author_in_short(call),
            "itemsKeyValue": values,
            "entityMapping": sent.get("entityMapping") or {},
        }
    }


WATCHLISTS = Kind("watchlists", "Watchlists", "Watchlist", _watchlist)
ITEMS = Kind("watchlistItems", "WatchlistItems", "Watchlist item", _item, parent=WATCHLISTS)


def operations() -> list[Operation]:
    """Return the operations on watchlists."""
    own = [item for item in operations_of(WATCHLISTS) if item.method == "GET"]
    permission = WATCHLISTS.permission
    return [
        *own,
        operation("PUT", WATCHLISTS.pattern, f"{permission}/write", _put),
        operation("DELETE", WATCHLISTS.pattern, f"{permission}/delete", _delete),
        operation("GET", "watchlists/{watchlists}/watchlistStatuses/{status}", f"{permission}/read", _status),
        *operations_of(ITEMS),
    ]


def _put(call: Call) -> Reply:
    """Write the watchlist, and make items of raw content, which the answer never repeats."""
    body = call.body()
    sent = properties_of(body)
    rows = _rows(sent)
    alias = call.names["watchlists"]
    fresh = alias.lower() not in call.emulator.sentinel.of("watchlists")
    reply = put(WATCHLISTS, call)
    items = call.emulator.sentinel.of("watchlists", alias, "watchlistItems")
    known = {str(item["properties"]["itemsKeyValue"].get(sent["itemsSearchKey"])) for item in items.values()}
    for row in rows:
        # A second upload adds what is new and leaves the rest.
        if fresh or row.get(str(sent["itemsSearchKey"])) not in known:
            name = str(uuid.uuid4())
            one = replace(call, names={**call.names, "watchlistItems": name})
            items[name] = written(ITEMS, one, name, {"properties": {"itemsKeyValue": row}}, None)
    return reply


def _rows(sent: Resource) -> list[dict[str, str]]:
    content = sent.get("rawContent")
    if content is None:
        return []
    if not isinstance(content, str) or len(content.encode()) > _MOST_BYTES:
        raise bad_request(f"The property 'rawContent' must be a text of at most {_MOST_BYTES} bytes.")
    skipped = sent.get("numberOfLinesToSkip") or 0
    if not isinstance(skipped, int) or skipped < 0:
        raise bad_request("The property 'numberOfLinesToSkip' must be a number that is not negative.")
    lines = content.splitlines()[skipped:]
    separator = "\t" if str(sent.get("contentType", "")).lower() in {"text/tsv", "tsv"} else ","
    reader = csv.DictReader(io.StringIO("\n".join(lines)), delimiter=separator, strict=True)
    try:
        rows = [dict(row) for row in reader]
    except csv.Error as error:
        raise bad_request(
            f"The raw content cannot be read as {sent.get('contentType', 'text/csv')}: {error}."
        ) from error
    names = list(reader.fieldnames or ())
    if sent.get("itemsSearchKey") not in names:
        raise bad_request(f"The search key '{sent.get('itemsSearchKey')}' is not among the columns {', '.join(names)}.")
    for number, row in enumerate(rows, start=skipped + 2):
        if None in row or None in row.values():
            raise bad_request(f"Line {number} of the raw content does not have {len(names)} values.")
    return rows


def _delete(call: Call) -> Reply:
    """Delete at once; newer versions of the service answer as if it took a while (202 and where to ask)."""
    reply = delete(WATCHLISTS, call)
    if reply.status != 200 or call.query["api-version"] < "2023":
        return reply
    path = f"{call.path}/watchlistStatuses/{uuid.uuid4()}"
    return Reply(
        status=202, headers={"Azure-AsyncOperation": f"{call.origin}{path}?api-version={call.query['api-version']}"}
    )


def _status(call: Call) -> Reply:
    return Reply({"id": call.path, "name": call.names["status"], "status": "Succeeded"})


def starting_watchlists(workspace: Workspace, seed: int, now: datetime) -> dict[str, list[Resource]]:
    """Return the watchlists the workspace starts with: by alias, the list first and then its items."""
    author = {"objectId": seeded_guid(seed, "setup"), "email": None, "name": "Contoso setup"}
    made: dict[str, list[Resource]] = {}
    for alias, title, key, rows in _STARTING:
        moments = {"created": offset(now), "updated": offset_seconds(now), "createdBy": author, "updatedBy": author}
        resources: list[Resource] = [
            {
                "id": f"{workspace.sentinel_id}/Watchlists/{alias}",
                "name": alias,
                "etag": new_etag(now),
                "type": "Microsoft.SecurityInsights/Watchlists",
                "properties": {
                    "watchlistId": seeded_guid(seed, "watchlist", alias),
                    "displayName": title,
                    "provider": "Custom",
                    "source": f"{alias}.csv",
                    "sourceType": "Local",
                    "itemsSearchKey": key,
                    **moments,
                    "watchlistType": "watchlist",
                    "watchlistAlias": alias,
                    "isDeleted": False,
                    "tenantId": workspace.tenant_id,
                },
            }
        ]
        for row in rows:
            name = seeded_guid(seed, "watchlist item", alias, row[key])
            resources.append(
                {
                    "id": f"{workspace.sentinel_id}/Watchlists/{alias}/WatchlistItems/{name}",
                    "name": name,
                    "etag": new_etag(now),
                    "type": "Microsoft.SecurityInsights/Watchlists/WatchlistItems",
                    "properties": {
                        "watchlistItemType": "watchlist-item",
                        "watchlistItemId": name,
                        "tenantId": workspace.tenant_id,
                        "isDeleted": False,
                        **moments,
                        "itemsKeyValue": row,
                        "entityMapping": {},
                    },
                }
            )
        made[alias] = resources
    return made


_STARTING = (
    (
        "HighValueAssets",
        "High value assets",
        "Asset",
        (
            {"Asset": "DC01.contoso.com", "Owner": "faye.fern@contoso.com", "Tier": "0"},
            {"Asset": "DC02.contoso.com", "Owner": "faye.fern@contoso.com", "Tier": "0"},
            {"Asset": "SQL01.contoso.com", "Owner": "noel.nettle@contoso.com", "Tier": "1"},
        ),
    ),
    (
        "OfficeAddresses",
        "Addresses of the offices",
        "Address",
        (
            {"Address": "198.51.100.10", "Office": "Berlin"},
            {"Address": "198.51.100.20", "Office": "Seattle"},
            {"Address": "198.51.100.30", "Office": "London"},
        ),
    ),
)
