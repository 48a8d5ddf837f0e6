"""Puts the APIs together: their paths do not collide, so one application answers for every host name."""

from __future__ import annotations

from email.utils import formatdate
from typing import TYPE_CHECKING

from anyio import to_thread
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.responses import Response
from starlette.routing import Route

from ._arm.routes import arm_routes
from ._faulty import ADMIN_FOLDER, Faulty
from ._identity.entra import entra_routes
from ._identity.routes import identity_routes
from ._query.routes import query_routes
from ._version import __version__

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

    from .emulator import Emulator

RESET_PATH = f"{ADMIN_FOLDER}/reset"


def build_app(emulator: Emulator) -> ASGIApp:
    """Return the application with every API, and the emulator's own for taking everything back to the start."""

    async def reset(request: Request) -> Response:
        if request.method != "POST":
            return Response(status_code=405, headers={"Allow": "POST"})
        await to_thread.run_sync(emulator.reset)
        return Response(status_code=204)

    routes = [
        Route(RESET_PATH, reset, methods=["GET", "POST", "PUT", "PATCH", "DELETE"]),
        *query_routes(emulator),
        *identity_routes(emulator),
        *entra_routes(emulator),
        *arm_routes(emulator),
    ]
    return Starlette(routes=routes, middleware=[Middleware(Signed), Middleware(Faulty, emulator.faults)])


def build_identity_app(emulator: Emulator) -> ASGIApp:
    """Return an application with the token endpoints alone, which clients call without TLS."""
    routes = [*identity_routes(emulator)]
    return Starlette(routes=routes, middleware=[Middleware(Signed), Middleware(Faulty, emulator.faults)])


class Signed:
    """Says in every answer's headers what gave it, so that no emulated answer passes for one of Azure, and when."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on and sign the answer."""

        async def signed(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message["headers"], (b"x-sentinel-emulator", __version__.encode())]
                if not any(name.lower() == b"date" for name, _ in message["headers"]):
                    message["headers"].append((b"date", formatdate(usegmt=True).encode()))
            await send(message)

        await self._app(scope, receive, signed if scope["type"] == "http" else send)
