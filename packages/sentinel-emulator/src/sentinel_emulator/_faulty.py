"""The application with its faults: asks before each request whether one is due, and spoils the answer accordingly."""

from __future__ import annotations

import json
import re
import time
from email.utils import formatdate
from typing import TYPE_CHECKING, Any, cast

from anyio import sleep

from .faults import SIGN_IN, Fault, FaultError, Faults, Kind

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

#: Where the emulator's own operations lie; faults never touch them.
ADMIN_FOLDER = "/_emulator"
ADMIN_PATH = f"{ADMIN_FOLDER}/faults"
HEADER = b"x-emulator-fault"

_STATUS = {
    "throttled": 429,
    "error": 500,
    "unavailable": 503,
    "timeout": 504,
    "expired-token": 401,
    "clock-skew": 401,
}
_CHUNKS = 10
#: The seconds a query is given when it does not say how long it may take.
_USUAL_WAIT = 180.0


class Faulty:
    """The application with its faults: asks before each request whether one is due."""

    def __init__(self, app: ASGIApp, faults: Faults) -> None:
        self._app = app
        self._faults = faults

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, rightly or wrongly."""
        path = str(scope.get("path", ""))
        if scope["type"] == "http" and path == ADMIN_PATH:
            await _administer(self._faults, scope, receive, send)
        elif scope["type"] != "http" or path.startswith(f"{ADMIN_FOLDER}/"):
            await self._app(scope, receive, send)
        else:
            await self._answer(scope, receive, send, path)

    async def _answer(self, scope: Scope, receive: Receive, send: Send, path: str) -> None:
        asked = dict(scope["headers"]).get(HEADER)
        try:
            fault = _parsed(asked.decode("latin-1")) if asked else self._faults.take(path)
        except FaultError as error:
            await _reply(send, 400, {"error": {"code": "EmulatorFaultError", "message": str(error)}})
            return
        if fault is None:
            await self._app(scope, receive, send)
        elif fault.kind == "long-query" and await _is_given_up(fault, scope):
            await _refuse(Fault("timeout"), path, send)
        elif fault.kind in _STATUS:
            await _refuse(fault, path, send)
        else:
            await _spoil(fault, self._app, scope, receive, send)


def _parsed(header: str) -> Fault:
    """Read `kind; retry-after=2; seconds=0.5`."""
    kind, *options = (part.strip() for part in header.split(";"))
    if kind in SIGN_IN:
        raise FaultError(f"The fault {kind!r} happens to a sign-in, so no request to an API can ask for it.")
    given = {name: value for name, _, value in (option.partition("=") for option in options)}
    unknown = set(given) - {"retry-after", "seconds"}
    if unknown:
        raise FaultError(f"The option {min(unknown)!r} is unknown; there are retry-after and seconds.")
    try:
        retry_after = int(given["retry-after"]) if "retry-after" in given else None
        seconds = float(given.get("seconds", "1"))
    except ValueError as error:
        raise FaultError(f"An option of {header!r} is no number.") from error
    return Fault(cast("Kind", kind), retry_after=retry_after, seconds=seconds)


async def _is_given_up(fault: Fault, scope: Scope) -> bool:
    """Wait as long as a long query takes, or as long as it is given; report whether its time was not enough."""
    prefer = dict(scope["headers"]).get(b"prefer", b"").decode("latin-1")
    asked = re.search(r"\bwait=(\d{1,4})\b", prefer)
    given = float(asked.group(1)) if asked else _USUAL_WAIT
    await sleep(min(fault.seconds, given))
    return fault.seconds >= given


async def _refuse(fault: Fault, path: str, send: Send) -> None:
    headers = {} if fault.retry_after is None else {"Retry-After": str(fault.retry_after)}
    if fault.kind == "clock-skew":
        headers["Date"] = formatdate(time.time() + fault.seconds, usegmt=True)
    await _reply(send, _STATUS[fault.kind], _body(fault, path), headers)


def _body(fault: Fault, path: str) -> dict[str, Any]:
    """Return the body of a refusal: the recorded one where there is one, of the emulator's own words elsewhere."""
    logs = path.startswith("/v1/")
    wait = fault.retry_after or 0
    if fault.kind == "timeout" and logs:
        inner = {"code": "GatewayTimeout", "message": "ADX query timed out"}
        return {"error": {"message": "Gateway timeout", "code": "GatewayTimeout", "innererror": inner}}
    if fault.kind == "throttled" and not logs:
        message = f"Number of 'read' requests for subscription exceeded. Please try again after '{wait}' seconds."
        return {"error": {"code": "SubscriptionRequestsThrottled", "message": message}}
    words = {
        "throttled": ("ThrottledError", "The request was throttled (a fault on demand)."),
        "error": ("InternalServerError", "Something went wrong (a fault on demand)."),
        "unavailable": ("ServiceUnavailable", "The service is unavailable (a fault on demand)."),
        "timeout": ("GatewayTimeout", "The gateway did not receive a response in time (a fault on demand)."),
        "clock-skew": ("InvalidAuthenticationToken", "The access token is not valid yet (a fault on demand)."),
        "expired-token": ("ExpiredAuthenticationToken", "The access token has expired (a fault on demand)."),
    }
    code, message = words[fault.kind]
    return {"error": {"code": code, "message": message}}


async def _spoil(fault: Fault, app: ASGIApp, scope: Scope, receive: Receive, send: Send) -> None:
    """Let the application answer, and pass its answer on in the wrong way."""
    start: Message = {}
    body = bytearray()

    async def keep(message: Message) -> None:
        nonlocal start
        if message["type"] == "http.response.start":
            start = message
        else:
            body.extend(message.get("body", b""))

    await app(scope, receive, keep)
    if fault.kind == "slow-start":
        await sleep(fault.seconds)
    content = _spoiled(fault.kind, bytes(body))
    await send({**start, "headers": _headers(fault.kind, start["headers"], len(content))})
    if fault.kind in {"no-body", "cut-body"}:
        # What is missing never comes: the server notices and closes the connection.
        kept = 0 if fault.kind == "no-body" else len(content) // 2
        await send({"type": "http.response.body", "body": content[:kept], "more_body": True})
    elif fault.kind == "slow-body":
        size = max(1, len(content) // _CHUNKS)
        for place in range(0, len(content), size):
            await sleep(fault.seconds / _CHUNKS)
            await send({"type": "http.response.body", "body": content[place : place + size], "more_body": True})
        await send({"type": "http.response.body", "body": b""})
    else:
        await send({"type": "http.response.body", "body": content})


def _spoiled(kind: str, content: bytes) -> bytes:
    if kind == "malformed":
        return content[: len(content) // 2]
    if kind == "wrong-type":
        return b"<html><body>This is not the page you are looking for.</body></html>"
    if kind == "partial" and b'"tables"' in content:
        detail = {
            "code": "EngineError",
            "message": "Something went wrong processing your query on the server.",
            "innererror": {
                "code": "-2133196788",
                "message": "The emulator was told to answer in part.",
                "severity": 2,
                "severityName": "Error",
            },
        }
        error = {
            "code": "PartialError",
            "message": "There were some errors when processing your query.",
            "details": [detail],
        }
        return json.dumps({**json.loads(content), "error": error}, separators=(",", ":")).encode()
    return content


def _headers(kind: str, headers: list[tuple[bytes, bytes]], size: int) -> list[tuple[bytes, bytes]]:
    kept = [(name, value) for name, value in headers if name.lower() != b"content-length"]
    if kind == "wrong-type":
        kept = [(name, value) for name, value in kept if name.lower() != b"content-type"]
        kept.append((b"content-type", b"text/html"))
    return [*kept, (b"content-length", str(size).encode())]


async def _administer(faults: Faults, scope: Scope, receive: Receive, send: Send) -> None:
    """Answer the admin API: GET tells what is due, POST adds, DELETE forgets."""
    method = scope["method"]
    try:
        for fault in _posted(await _received(receive)) if method == "POST" else ():
            faults.add(
                fault.kind, times=fault.times, path=fault.path, retry_after=fault.retry_after, seconds=fault.seconds
            )
    except FaultError as error:
        await _reply(send, 400, {"error": {"code": "EmulatorFaultError", "message": str(error)}})
        return
    if method == "DELETE":
        faults.clear()
    due = [{"kind": fault.kind, "times": fault.times, "path": fault.path} for fault in faults.pending()]
    await _reply(send, 200, {"value": due})


async def _received(receive: Receive) -> bytes:
    body, more = b"", True
    while more:
        message = await receive()
        body += message.get("body", b"")
        more = message.get("more_body", False)
    return body


def _posted(body: bytes) -> list[Fault]:
    try:
        parsed = json.loads(body)
        return [Fault(**item) for item in parsed]
    except (ValueError, TypeError, RecursionError) as error:
        if isinstance(error, FaultError):
            raise
        raise FaultError('The body must be a list such as [{"kind": "throttled", "times": 3}].') from error


async def _reply(send: Send, status: int, body: Any, headers: dict[str, str] | None = None) -> None:  # noqa: ANN401 - JSON
    content = json.dumps(body).encode()
    more = [(name.encode(), value.encode()) for name, value in (headers or {}).items()]
    kind, length = (b"content-type", b"application/json"), (b"content-length", str(len(content)).encode())
    await send({"type": "http.response.start", "status": status, "headers": [kind, length, *more]})
    await send({"type": "http.response.body", "body": content})
