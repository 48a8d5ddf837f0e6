"""The query API's paths. What a request may hold is what the SDK really sends, explicit nulls included."""

from __future__ import annotations

import json
import re
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any, cast

from anyio import CapacityLimiter, get_cancelled_exc_class, to_thread
from starlette.requests import Request as HttpRequest
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from sentinel_emulator._arm.access import QUERY, allows
from sentinel_emulator._identity.tokens import TokenRefused

from .execute import Request, execute
from .faults import QueryFault, forbidden_fault, not_found_fault, request_fault
from .timespan import TimespanError, parse_timespan

if TYPE_CHECKING:
    from sentinel_emulator._json import Json
    from sentinel_emulator.emulator import Emulator
    from sentinel_emulator.workspace import Workspace

    from .plans import Api

#: The names under which the service's tokens are issued.
AUDIENCES = frozenset({"https://api.loganalytics.io", "https://api.loganalytics.azure.com"})

_DEFAULT_SECONDS, _LONGEST_SECONDS = 180, 600
#: How many queries of one user the service runs at a time; more wait.
_CONCURRENT: dict[Api, int] = {"query": 5, "search": 2}

#: Members and values as recorded; the rest of the recorded headers belong to the network in between.
_HEADERS = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Expose-Headers": "Retry-After,Age,WWW-Authenticate,x-resource-identities,x-ms-status-location",
    "Strict-Transport-Security": "max-age=15724800; includeSubDomains",
    "X-Content-Type-Options": "nosniff",
}

_TOKEN_FAULTS = {
    "missing": (401, "AuthenticationFailed", "Authentication failed. The 'Authorization' header is missing."),
    "invalid": (403, "InvalidAuthenticationToken", "The access token is invalid."),
    "expired": (403, "InvalidAuthenticationToken", "The access token is invalid."),
    "audience": (
        403,
        "InvalidAuthenticationTokenAudience",
        (
            "The access token has been obtained from wrong audience or resource '{audience}'. It should exactly match "
            "(including forward slash) with one of the allowed audiences {allowed}."
        ),
    ),
}

Handler = Callable[[HttpRequest], Awaitable[Response]]


def query_routes(emulator: Emulator) -> list[Route]:
    """Return the routes of the query API."""
    api = _QueryApi(emulator)
    return [
        Route("/v1/workspaces/{workspace}/query", api.answering(api.query), methods=["GET", "POST"]),
        Route("/v1/workspaces/{workspace}/search", api.answering(api.search), methods=["POST"]),
        Route("/v1/workspaces/{workspace}/metadata", api.answering(api.metadata), methods=["GET", "POST"]),
        Route("/v1/{workspace:path}/query", api.answering(api.query), methods=["GET", "POST"]),
        Route("/v1/$batch", api.answering(api.batch), methods=["POST"]),
        Route("/v1/{rest:path}", api.answering(api.nowhere), methods=["GET", "POST", "PUT", "PATCH", "DELETE"]),
    ]


class _QueryApi:
    def __init__(self, emulator: Emulator) -> None:
        self._emulator = emulator
        self._limiters: dict[Api, CapacityLimiter] = {}

    def answering(self, handler: Handler) -> Handler:
        """Wrap a handler so that it is asked with a good token only, and its faults become answers."""

        async def answer(request: HttpRequest) -> Response:
            try:
                claims = self._emulator.tokens.check(request.headers.get("authorization"), AUDIENCES)
                if not allows(claims, QUERY):
                    raise forbidden_fault()
                response = await handler(request)
            except TokenRefused as refusal:
                response = _refused(refusal)
            except QueryFault as fault:
                response = JSONResponse(fault.body(), fault.status)
            response.headers.update(_HEADERS)
            wait = _preferences(request.headers.get("prefer", "")).get("wait")
            if wait is not None:
                response.headers["Preference-Applied"] = f"wait={wait}"
            return response

        return answer

    async def query(self, request: HttpRequest) -> Response:
        return await self._asked(request, "query")

    async def search(self, request: HttpRequest) -> Response:
        return await self._asked(request, "search")

    async def _asked(self, request: HttpRequest, api: Api) -> Response:
        if request.method == "GET":
            asked: dict[str, Any] = dict(request.query_params)
        else:
            if "application/json" not in request.headers.get("content-type", ""):
                # Microsoft's error reference documents this: 200 with an empty body.
                return Response(b"", 200)
            asked = _json_object(await request.body())
        if api == "search" and "timespan" in request.query_params:
            # The documented place of a search's time range; clients that know `/query` alone send it in the body.
            asked["timespan"] = request.query_params["timespan"]
        workspace = request.path_params["workspace"]
        body = await self._run(workspace, asked, request.headers.get("prefer", ""), api)
        return JSONResponse(body) if body is not None else Response(status_code=204)

    async def batch(self, request: HttpRequest) -> Response:
        asked = _json_object(await request.body()).get("requests")
        if not isinstance(asked, list) or not asked:
            raise request_fault("The batch needs a member 'requests' with at least one request.")
        return JSONResponse({"responses": [await self._batched(part) for part in cast("list[Any]", asked)]})

    async def _batched(self, part: Json) -> dict[str, Any]:
        """Answer one request of a batch; faults are answers too, and have no headers (as recorded)."""
        try:
            member = _as_object(part, "Every request of a batch must be an object.")
        except QueryFault as fault:
            return {"id": "", "status": fault.status, "body": fault.body()}
        headers = member.get("headers")
        prefer = str(cast("dict[str, Any]", headers).get("Prefer") or "") if isinstance(headers, dict) else ""
        identity = str(member.get("id", ""))
        try:
            asked = _as_object(member.get("body"), "Every request of a batch needs a body with a query.")
            body = await self._run(str(member.get("workspace", "")), asked, prefer, "query")
        except QueryFault as fault:
            return {"id": identity, "status": fault.status, "body": fault.body()}
        return {"id": identity, "status": 200, "body": body} if body is not None else {"id": identity, "status": 204}

    async def _run(self, workspace: str, asked: dict[str, Any], prefer: str, api: Api) -> dict[str, Any] | None:
        """Return a query's answer; None for a workspace that has no data (204, says Microsoft's error reference)."""
        asked_one = self._check_workspace(workspace)
        others: Json = asked.get("workspaces") or []
        if isinstance(others, str):
            others = others.split(",")
        if not isinstance(others, list):
            raise request_fault("The member 'workspaces' must be a list of workspaces.")
        for other in cast("list[Any]", others):
            self._check_workspace(str(other))
        query, timespan = asked.get("query"), asked.get("timespan")
        if not isinstance(query, str) or not query.strip():
            raise request_fault("The request needs a member 'query' that holds a KQL query.")
        if timespan is not None and not isinstance(timespan, str):
            raise request_fault("The member 'timespan' must be a text such as P1D.")
        now = self._emulator.clock.now()
        preferences = _preferences(prefer)
        try:
            window = parse_timespan(timespan, now) if timespan else None
        except TimespanError as error:
            raise request_fault(str(error)) from error
        parsed = Request(
            query=query,
            window=window,
            seconds=_seconds(preferences.get("wait")),
            statistics=preferences.get("include-statistics") == "true",
            render=preferences.get("include-render") == "true",
            api=api,
        )
        if asked_one is not self._emulator.workspace:
            return None
        # Made here, since a limiter belongs to the event loop it is first used in.
        limiter = self._limiters.setdefault(api, CapacityLimiter(_CONCURRENT[api]))
        emulator = self._emulator
        try:
            # Nobody waits for a cancelled query: it is told to stop, and its place is free once it has.
            return await to_thread.run_sync(
                lambda: execute(
                    parsed, emulator.validator, emulator.store, emulator.catalogue, now, emulator.watchlist
                ),
                limiter=limiter,
                abandon_on_cancel=True,
            )
        except get_cancelled_exc_class():
            parsed.stop.ask()
            raise

    async def metadata(self, request: HttpRequest) -> Response:
        self._check_workspace(request.path_params["workspace"])
        return JSONResponse(self._metadata())

    async def nowhere(self, _: HttpRequest) -> Response:
        raise not_found_fault()

    def _check_workspace(self, asked: str) -> Workspace:
        """Microsoft's error reference answers 403 for a workspace one cannot see, whether or not it exists."""
        found = next((known for known in self._emulator.workspaces if known.is_called(asked)), None)
        if found is None:
            raise forbidden_fault()
        return found

    def _metadata(self) -> dict[str, Any]:
        workspace = self._emulator.workspace
        tables = [
            {
                "id": name,
                "name": name,
                "timespanColumn": "TimeGenerated",
                "columns": [{"name": column, "type": kind} for column, kind in columns.items()],
                "related": {"solutions": ["SecurityInsights"]},
            }
            for name, columns in self._emulator.catalogue.query.items()
        ]
        everything = [table["id"] for table in tables]
        return {
            "tables": tables,
            "solutions": [
                {
                    "id": "SecurityInsights",
                    "name": "SecurityInsights",
                    "displayName": "Microsoft Sentinel",
                    "related": {"tables": everything, "workspaces": [workspace.workspace_id]},
                }
            ],
            "workspaces": [
                {
                    "id": workspace.workspace_id,
                    "resourceId": workspace.resource_id,
                    "name": workspace.workspace_name,
                    "region": workspace.location,
                    "related": {"tables": everything, "solutions": ["SecurityInsights"]},
                }
            ],
        }


def _refused(refusal: TokenRefused) -> Response:
    status, code, message = _TOKEN_FAULTS[refusal.fault]
    allowed = ",".join(f"'{audience}'" for audience in sorted(AUDIENCES))
    text = message.format(audience=refusal.audience, allowed=allowed)
    return JSONResponse({"error": {"code": code, "message": text}}, status)


def _preferences(prefer: str) -> dict[str, str]:
    pairs = (part.partition("=") for part in re.split(r"[,;]", prefer) if part.strip())
    return {name.strip().lower(): value.strip().lower() for name, _, value in pairs}


def _seconds(wait: str | None) -> float:
    if wait is None:
        return _DEFAULT_SECONDS
    if not wait.isdigit() or not 0 < int(wait) <= _LONGEST_SECONDS:
        raise request_fault(f"The preference wait={wait} must be a number of seconds from 1 to {_LONGEST_SECONDS}.")
    return int(wait)


def _json_object(body: bytes) -> dict[str, Any]:
    try:
        return _as_object(json.loads(body), "The body must be a JSON object.")
    except (ValueError, RecursionError) as error:
        raise request_fault("The body is not valid JSON.") from error


def _as_object(value: Json, otherwise: str) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise request_fault(otherwise)
    return cast("dict[str, Any]", value)
