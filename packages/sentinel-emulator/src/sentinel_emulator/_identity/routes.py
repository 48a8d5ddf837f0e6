"""The endpoints a managed identity fetches its tokens from: IMDS on a virtual machine, and App Service."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from .failures import MANAGED, due

if TYPE_CHECKING:
    from starlette.requests import Request

    from sentinel_emulator.emulator import Emulator


def identity_routes(emulator: Emulator) -> list[Route]:
    """Return the token endpoints."""

    async def imds(request: Request) -> Response:
        if request.headers.get("metadata", "").lower() != "true":
            return _error("invalid_request", "Required metadata header not specified")
        failure = _failure(emulator, request)
        if failure is not None:
            return _error("invalid_request", failure)
        return _token(emulator, request, {"ext_expires_in": "0"})

    async def app_service(request: Request) -> Response:
        if request.headers.get("x-identity-header") != emulator.identity_header:
            return JSONResponse({"statusCode": 401, "message": "The X-IDENTITY-HEADER is missing or wrong."}, 401)
        failure = _failure(emulator, request)
        if failure is not None:
            return JSONResponse({"statusCode": 400, "message": failure}, 400)
        return _token(emulator, request, {})

    return [
        Route("/metadata/identity/oauth2/token", imds, methods=["GET"]),
        Route("/msi/token", app_service, methods=["GET"]),
    ]


def _failure(emulator: Emulator, request: Request) -> str | None:
    """Return why there is no token: a fault that is due, or an identity that the machine does not have."""
    fault = due(emulator, request.url.path, frozenset(MANAGED))
    if fault is None and request.query_params.get("client_id", emulator.client_id).lower() != emulator.client_id:
        fault = "no-identity"
    return MANAGED[fault] if fault else None


def _token(emulator: Emulator, request: Request, more: dict[str, str]) -> Response:
    resource = request.query_params.get("resource", "")
    if not resource:
        return _error("invalid_request", "Identity requires the query parameter 'resource'.")
    token, expires_on = emulator.issue_token(resource)
    return JSONResponse(
        {
            "access_token": token,
            "client_id": emulator.client_id,
            "expires_in": "3600",
            "expires_on": str(expires_on),
            **more,
            "not_before": str(expires_on - 3600),
            "resource": resource,
            "token_type": "Bearer",
        }
    )


def _error(code: str, description: str) -> Response:
    return JSONResponse({"error": code, "error_description": description}, 400)
