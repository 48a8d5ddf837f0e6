"""Microsoft Entra's token endpoint for applications: client secrets and federated assertions.

Only what clients without a browser need: the OpenID configuration, and tokens for client credentials. Error bodies have
the recorded members; texts without a recording follow Microsoft's list of AADSTS codes.
"""

from __future__ import annotations

import uuid
from datetime import UTC, datetime
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl

from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from .failures import ENTRA, due

if TYPE_CHECKING:
    from starlette.requests import Request

    from sentinel_emulator.emulator import Emulator

_ASSERTION = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
_LIFETIME = 86_399
_LARGEST_FORM = 65_536


def entra_routes(emulator: Emulator) -> list[Route]:
    """Return the routes below a tenant's name."""

    async def configuration(request: Request) -> Response:
        tenant = request.path_params["tenant"]
        if tenant.lower() != emulator.workspace.tenant_id:
            return _unknown_tenant(tenant)
        origin = f"{request.url.scheme}://{request.headers.get('host', 'login.microsoftonline.com')}"
        base = f"{origin}/{tenant}"
        return JSONResponse(
            {
                "token_endpoint": f"{base}/oauth2/v2.0/token",
                "jwks_uri": f"{base}/discovery/v2.0/keys",
                "token_endpoint_auth_methods_supported": ["client_secret_post", "private_key_jwt"],
                "response_types_supported": ["token"],
                "scopes_supported": ["openid"],
                "issuer": f"{base}/v2.0",
                "authorization_endpoint": f"{base}/oauth2/v2.0/authorize",
                "tenant_region_scope": "EU",
            }
        )

    async def keys(_: Request) -> Response:
        # Tokens are signed with a secret of this process, so there is no key that anybody else could check them with.
        return JSONResponse({"keys": []})

    async def token(request: Request) -> Response:
        tenant = request.path_params["tenant"]
        if tenant.lower() != emulator.workspace.tenant_id:
            return _unknown_tenant(tenant)
        fault = due(emulator, request.url.path, frozenset(ENTRA))
        if fault is not None:
            status, code, number, text = ENTRA[fault]
            return _error(status, code, number, text.format(app=emulator.client_id))
        body = await request.body()
        if len(body) > _LARGEST_FORM:
            return _error(400, "invalid_request", 9000411, "The request is too large.")
        return _token(emulator, dict(parse_qsl(body.decode("utf-8", "replace"))))

    return [
        Route("/{tenant}/v2.0/.well-known/openid-configuration", configuration, methods=["GET"]),
        Route("/{tenant}/discovery/v2.0/keys", keys, methods=["GET"]),
        Route("/{tenant}/oauth2/v2.0/token", token, methods=["POST"]),
    ]


def _token(emulator: Emulator, form: dict[str, str]) -> Response:
    client = form.get("client_id", "")
    if form.get("grant_type") != "client_credentials":
        text = f"The app requested an unsupported grant type '{form.get('grant_type', '')}'."
        return _error(400, "unsupported_grant_type", 70003, text)
    if client.lower() != emulator.client_id:
        text = (
            f"Application with identifier '{client}' was not found in the directory '{emulator.workspace.tenant_id}'. "
            "This can happen if the application has not been installed by the administrator of the tenant."
        )
        return _error(400, "unauthorized_client", 700016, text)
    if form.get("client_assertion_type") == _ASSERTION:
        if form.get("client_assertion") != emulator.federated_token:
            return _error(
                401, "invalid_client", 700213, "No matching federated identity record found for the assertion."
            )
    elif form.get("client_secret") != emulator.client_secret:
        text = (
            "Invalid client secret provided. Ensure the secret being sent in the request is the client secret value, "
            f"not the client secret ID, for a secret added to app '{client}'."
        )
        return _error(401, "invalid_client", 7000215, text)
    scope = form.get("scope", "")
    if not scope.endswith("/.default"):
        text = f"The provided request must include a 'scope' that ends with /.default, not '{scope}'."
        return _error(400, "invalid_scope", 1002012, text)
    issued, _ = emulator.issue_token(scope, lifetime=_LIFETIME)
    return JSONResponse(
        {
            "token_type": "Bearer",
            "expires_in": _LIFETIME,
            "ext_expires_in": _LIFETIME,
            "refresh_in": _LIFETIME // 2,
            "access_token": issued,
        },
        headers={"Cache-Control": "no-store, no-cache", "Pragma": "no-cache"},
    )


def _unknown_tenant(tenant: str) -> Response:
    text = f"Tenant '{tenant}' not found. Check to make sure you have the correct tenant ID."
    return _error(400, "invalid_request", 90002, text)


def _error(status: int, code: str, number: int, text: str) -> Response:
    trace, correlation = uuid.uuid4(), uuid.uuid4()
    moment = f"{datetime.now(UTC):%Y-%m-%d %H:%M:%SZ}"
    description = f"AADSTS{number}: {text}\r\nTrace ID: {trace}\r\nCorrelation ID: {correlation}\r\nTimestamp: {moment}"
    return JSONResponse(
        {
            "error": code,
            "error_description": description,
            "error_codes": [number],
            "timestamp": moment,
            "trace_id": str(trace),
            "correlation_id": str(correlation),
            "error_uri": f"https://login.microsoftonline.com/error?code={number}",
        },
        status,
    )
