"""The headers of ARM's answers, as recorded in March 2026: ids to quote, and how many requests are left."""

from __future__ import annotations

import uuid
from collections import deque
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

    from sentinel_emulator.workspace import Workspace

_WINDOW = 60.0
#: What one subscription may ask, by the kind of request: of one region, and of all.
_LIMITS = {"reads": (1100, 16_500), "writes": (800, 12_000), "deletes": (800, 12_000)}
#: Collections whose answers count requests to the resource instead (recorded).
_COUNTED_BY_RESOURCE = {"automationrules", "dataconnectors", "onboardingstates"}


class Allowance:
    """Counts the requests of the last minute. Only the count is told: nobody is throttled for it."""

    def __init__(self) -> None:
        self._asked: dict[str, deque[float]] = {kind: deque() for kind in _LIMITS}

    def headers(self, method: str, collection: str, now: float) -> dict[str, str]:
        """Count a request, and return the headers that say how many are left."""
        kind = {"PUT": "writes", "PATCH": "writes", "DELETE": "deletes"}.get(method, "reads")
        asked = self._asked[kind]
        asked.append(now)
        while asked[0] < now - _WINDOW:
            asked.popleft()
        here, everywhere = (max(0, limit - len(asked)) for limit in _LIMITS[kind])
        start, collection = "x-ms-ratelimit-remaining-subscription", collection.lower()
        incident = collection == "incidents" and method in {"POST", "PUT", "PATCH"}
        if incident or (collection in _COUNTED_BY_RESOURCE and method == "GET"):
            return {f"{start}-resource-requests": str(here)}
        return {f"{start}-{kind}": str(here), f"{start}-global-{kind}": str(everywhere)}


def identifying_headers(workspace: Workspace, object_id: str, now: datetime) -> dict[str, str]:
    """Return the headers that every answer carries, whatever it is about."""
    request = str(uuid.uuid4())
    return {
        "Cache-Control": "no-cache",
        "Pragma": "no-cache",
        "Expires": "-1",
        "Strict-Transport-Security": "max-age=31536000; includeSubDomains",
        "X-Content-Type-Options": "nosniff",
        "X-Cache": "CONFIG_NOCACHE",
        "x-ms-operation-identifier": f"tenantId={workspace.tenant_id},objectId={object_id}"
        f"/{workspace.location}/{uuid.uuid4()}",
        "x-ms-request-id": request,
        "x-ms-correlation-request-id": request,
        "x-ms-routing-request-id": f"{workspace.location.upper()}:{now:%Y%m%dT%H%M%SZ}:{request}",
    }
