"""Puts the APIs together: their paths do not collide, so one application answers for every host name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.applications import Starlette
from starlette.middleware import Middleware

from ._arm.routes import arm_routes
from ._identity.entra import entra_routes
from ._identity.routes import identity_routes
from ._query.routes import query_routes
from ._version import __version__
from .faults import Faulty

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

    from .emulator import Emulator


def build_app(emulator: Emulator) -> ASGIApp:
    """Return the application with every API."""
    routes = [*query_routes(emulator), *identity_routes(emulator), *entra_routes(emulator), *arm_routes(emulator)]
    return Starlette(routes=routes, middleware=[Middleware(Signed), Middleware(Faulty, emulator.faults)])


def build_identity_app(emulator: Emulator) -> ASGIApp:
    """Return an application with the token endpoints alone, which clients call without TLS."""
    return Starlette(routes=[*identity_routes(emulator)], middleware=[Middleware(Signed)])


class Signed:
    """Says in every answer's headers what gave it, so that no emulated answer passes for one of Azure."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on and sign the answer."""

        async def signed(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message["headers"], (b"x-sentinel-emulator", __version__.encode())]
            await send(message)

        await self._app(scope, receive, signed if scope["type"] == "http" else send)
