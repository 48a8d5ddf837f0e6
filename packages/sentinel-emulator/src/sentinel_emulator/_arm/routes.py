"""The way into ARM: who asks, which api-version, which subscription, group and workspace, and then which operation."""

from __future__ import annotations

import re
import time
from typing import TYPE_CHECKING

from anyio import to_thread
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from sentinel_emulator._identity.tokens import Claims, TokenRefused

from . import (
    access,
    automation,
    bookmarks,
    connectors,
    content,
    enrichment,
    entities,
    entity_views,
    hunts,
    incident_writes,
    incidents,
    intelligence,
    metrics,
    rule_runs,
    rules,
    saved_searches,
    source_controls,
    stix,
    watchlists,
    workspaces,
)
from .answer_headers import Allowance, identifying_headers
from .faults import (
    ArmFault,
    bad_api_version,
    missing_api_version,
    no_such_operation,
    not_onboarded,
    resource_group_not_found,
    resource_not_found,
    subscription_not_found,
)
from .routing import Call, Operation, Reply
from .token_faults import token_fault
from .versions import check_version

if TYPE_CHECKING:
    from starlette.requests import Request

    from sentinel_emulator.emulator import Emulator
    from sentinel_emulator.workspace import Workspace

#: The names under which ARM's tokens are issued.
AUDIENCES = frozenset({"https://management.azure.com", "https://management.core.windows.net"})

_LOGS = "Microsoft.OperationalInsights"
_SENTINEL = "Microsoft.SecurityInsights"
_API_VERSION = re.compile(r"20\d\d-\d\d-\d\d(-preview)?")
#: Operations of Sentinel that older versions have below a resource group: what they enrich, and the permission.
_ENRICHMENT: dict[tuple[str, ...], tuple[str, str]] = {
    ("enrichment", "ip", "geodata"): ("ip", "enrichment/ip/geodata/read"),
    ("enrichment", "domain", "whois"): ("domain", "enrichment/domain/whois/read"),
}
_METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD"]


def arm_routes(emulator: Emulator) -> list[Route]:
    """Return the route of ARM."""
    arm = _Arm(emulator)
    return [Route("/{path:path}", arm.answer, methods=_METHODS)]


def workspace_operations() -> list[Operation]:
    """Return every operation below the workspace, but for Sentinel's."""
    return [*workspaces.operations(), *saved_searches.operations(), *access.operations(), *metrics.operations()]


def sentinel_operations() -> list[Operation]:
    """Return every operation of Sentinel."""
    return [
        *incidents.operations(),
        *incident_writes.operations(),
        *rules.operations(),
        *rule_runs.operations(),
        *watchlists.operations(),
        *bookmarks.operations(),
        *automation.operations(),
        *intelligence.operations(),
        *stix.operations(),
        *connectors.operations(),
        *content.operations(),
        *source_controls.operations(),
        *hunts.operations(),
        *enrichment.operations(),
        *entities.operations(),
        *entity_views.operations(),
    ]


class _Arm:
    def __init__(self, emulator: Emulator) -> None:
        self._emulator = emulator
        self._workspace_operations = workspace_operations()
        self._sentinel_operations = sentinel_operations()
        self._allowance = Allowance()

    async def answer(self, request: Request) -> Response:
        """Answer one request; every fault is an answer of ARM's shape."""
        content = await request.body()
        object_id = ""
        try:
            claims = self._emulator.tokens.check(request.headers.get("authorization"), AUDIENCES)
            object_id = claims.object_id
            # Handlers may wait for rows or for the analyser, so they run beside the loop, one at a time.
            reply = await to_thread.run_sync(self._reply, request, content, claims)
        except TokenRefused as refusal:
            fault = token_fault(refusal, self._emulator.workspace.tenant_id)
            reply = Reply(fault.body(), fault.status, fault.headers)
        except ArmFault as fault:
            reply = Reply(fault.body(), fault.status, fault.headers)
        emulator = self._emulator
        collection = request.url.path.lower().rpartition("/microsoft.securityinsights/")[2].partition("/")[0]
        headers = {
            **identifying_headers(emulator.workspace, object_id, emulator.clock.now()),
            **self._allowance.headers(request.method, collection, time.monotonic()),
            **reply.headers,
        }
        if reply.body is None:
            return Response(status_code=reply.status, headers=headers)
        return JSONResponse(reply.body, reply.status, headers, media_type="application/json; charset=utf-8")

    def _reply(self, request: Request, content: bytes, claims: Claims) -> Reply:
        query = dict(request.query_params)
        version = query.get("api-version")
        if not version:
            raise missing_api_version()
        if not _API_VERSION.fullmatch(version):
            raise bad_api_version(version)
        path = request.url.path
        segments = tuple(part for part in path.split("/") if part)
        operation, names = self._find(request.method, segments)
        check_version(segments, version, self._emulator.workspace.location)
        call = Call(
            emulator=self._emulator,
            method=request.method,
            path=path,
            origin=f"{request.url.scheme}://{request.headers.get('host', 'management.azure.com')}",
            names=names,
            query=query,
            content=content,
            claims=claims,
            now=self._emulator.clock.now(),
        )
        if operation.action and not access.allows(claims, operation.action):
            raise access.forbidden(claims, operation.action, self._emulator.workspace)
        state = self._emulator.sentinel
        with state.lock:
            if operation.action.startswith(f"{_SENTINEL}/") and not state.of("onboardingStates"):
                self._require_onboarding(operation)
            return operation.handler(call)

    def _require_onboarding(self, operation: Operation) -> None:
        if operation.pattern[0] != "onboardingStates":
            raise not_onboarded(self._emulator.workspace.workspace_name)

    def _list_operations(self, _: Call) -> Reply:
        """Answer every action of Sentinel that the emulator knows."""
        actions = sorted({operation.action for operation in self._sentinel_operations})
        return Reply(
            {
                "value": [
                    {
                        "name": action,
                        "display": {
                            "provider": _SENTINEL,
                            "resource": action.split("/")[1],
                            "operation": action.rpartition("/")[2],
                            "description": action.partition("/")[2],
                        },
                        "origin": "sentinel-emulator",
                        "isDataAction": False,
                    }
                    for action in actions
                ]
            }
        )

    def _find(self, method: str, segments: tuple[str, ...]) -> tuple[Operation, dict[str, str]]:
        """Walk down the path; each level that does not exist has a 404 of its own."""
        path = "/" + "/".join(segments)
        if _lower(segments) == ("providers", _SENTINEL.lower(), "operations") and method == "GET":
            return Operation(method, ("operations",), "", self._list_operations), {}
        if len(segments) < 2 or segments[0].lower() != "subscriptions":
            raise no_such_operation(method, path)
        if segments[1].lower() != self._emulator.workspace.subscription_id:
            raise subscription_not_found(segments[1])
        rest, group = segments[2:], ""
        if rest[:1] and rest[0].lower() == "resourcegroups" and len(rest) > 1:
            group, rest = rest[1], rest[2:]
            if group.lower() not in {known.resource_group for known in self._emulator.workspaces}:
                raise resource_group_not_found(group)
        if _lower(rest) == ("providers", "microsoft.logic", "workflows") and method == "GET":
            return Operation(method, (), "Microsoft.Logic/workflows/read", workspaces.list_playbooks), {"group": group}
        if group and _lower(rest[:2]) == ("providers", _SENTINEL.lower()) and method == "GET":
            enriching = _ENRICHMENT.get(_lower(rest[2:]))
            if enriching is not None:
                what, action = enriching
                return Operation(method, (), f"{_SENTINEL}/{action}", enrichment.of_resource_group), {"what": what}
        if _lower(rest[:3]) != ("providers", _LOGS.lower(), "workspaces"):
            raise no_such_operation(method, path)
        rest = rest[3:]
        if not rest and method == "GET":
            return Operation(method, (), f"{_LOGS}/workspaces/read", workspaces.list_workspaces), {"group": group}
        if not rest:
            raise no_such_operation(method, path)
        name, rest = rest[0], rest[1:]
        workspace = next((known for known in self._emulator.workspaces if _is_at(known, group, name)), None)
        if workspace is None:
            raise resource_not_found(f"{_LOGS}/workspaces/{name}", group)
        if not rest and method == "GET":
            return Operation(method, (), f"{_LOGS}/workspaces/read", workspaces.get_workspace), {"workspace": name}
        known = self._workspace_operations
        if _lower(rest[:2]) == ("providers", _SENTINEL.lower()):
            known, rest = self._sentinel_operations, rest[2:]
            if workspace is not self._emulator.workspace:
                raise not_onboarded(workspace.workspace_name)
        if workspace is not self._emulator.workspace:
            raise no_such_operation(method, path)
        for operation in known:
            names = operation.match(method, rest)
            if names is not None:
                return operation, names
        raise no_such_operation(method, path)


def _is_at(workspace: Workspace, group: str, name: str) -> bool:
    return (workspace.resource_group, workspace.workspace_name) == (group.lower(), name.lower())


def _lower(segments: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(segment.lower() for segment in segments)
