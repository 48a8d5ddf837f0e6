"""Faults on demand: what a service, a network and a clock can do to a client, one request at a time.

```python
emulator.faults.add("throttled", retry_after=2, times=3)       # the next three requests
emulator.faults.add("unavailable", path="/incidents")          # the next request whose path holds this
emulator.faults.chaos(0.05, seed=1)                            # one request in twenty, the same ones every time
```

A client that cannot reach the object sends the header `x-emulator-fault: throttled; retry-after=2` with a request, or
posts `[{"kind": "throttled", "times": 3}]` to `/_emulator/faults`.
"""

from __future__ import annotations

import json
import random
import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, cast, get_args

from anyio import sleep

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

Kind = Literal[
    "throttled",
    "error",
    "unavailable",
    "timeout",
    "slow-start",
    "slow-body",
    "no-body",
    "cut-body",
    "malformed",
    "wrong-type",
    "expired-token",
    "partial",
]
KINDS: tuple[str, ...] = get_args(Kind)

#: Where the emulator's own operations lie; faults never touch them.
ADMIN_FOLDER = "/_emulator"
ADMIN_PATH = f"{ADMIN_FOLDER}/faults"
HEADER = b"x-emulator-fault"

_STATUS = {"throttled": 429, "error": 500, "unavailable": 503, "timeout": 504, "expired-token": 401}
_CHUNKS = 10
_LONGEST = 3600.0
_UNTOUCHED = ("/metadata/identity", "/msi/", f"{ADMIN_FOLDER}/")


class FaultError(ValueError):
    """A fault was asked for in a way that makes no sense; the message says what is wrong."""


@dataclass(slots=True)
class Fault:
    """One fault, due on the next `times` requests whose path holds `path`.

    `retry_after` is the header of a throttled or unavailable answer (None sends none); `seconds` is how long a slow
    start or a slow body takes.
    """

    kind: Kind
    times: int = 1
    path: str = ""
    retry_after: int | None = None
    seconds: float = 1.0

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise FaultError(f"There is no fault {self.kind!r}; there are {', '.join(KINDS)}.")
        if self.times < 1 or not 0 <= self.seconds <= _LONGEST:
            raise FaultError(f"times must be at least 1, and seconds from 0 to {_LONGEST:.0f}.")


class Faults:
    """The faults that are due, in the order in which they were asked for. Safe to use from several threads."""

    def __init__(self) -> None:
        self._due: list[Fault] = []
        self._chaos: tuple[float, random.Random] | None = None
        self._lock = threading.Lock()

    def add(
        self,
        kind: Kind,
        *,
        times: int = 1,
        path: str = "",
        retry_after: int | None = None,
        seconds: float = 1.0,
    ) -> None:
        """Make the next `times` requests whose path holds `path` go wrong. Raises `FaultError` for what cannot be."""
        fault = Fault(kind, times, path, retry_after, seconds)
        with self._lock:
            self._due.append(fault)

    def chaos(self, probability: float, *, seed: int) -> None:
        """Make requests go wrong at random, the same ones for the same seed; 0 ends it."""
        if not 0 <= probability <= 1:
            raise FaultError(f"The probability is {probability}, but must lie between 0 and 1.")
        with self._lock:
            self._chaos = (probability, random.Random(seed)) if probability else None  # noqa: S311 - reproducible on purpose

    def clear(self) -> None:
        """Forget every fault that is due, and end the chaos."""
        with self._lock:
            self._due.clear()
            self._chaos = None

    def pending(self) -> list[Fault]:
        """Return the faults that are due."""
        with self._lock:
            return list(self._due)

    def take(self, path: str) -> Fault | None:
        """Return the fault that is due for a request, and count it as done."""
        with self._lock:
            for fault in self._due:
                if fault.path.lower() in path.lower():
                    fault.times -= 1
                    if fault.times == 0:
                        self._due.remove(fault)
                    return fault
            if self._chaos is not None:
                probability, chance = self._chaos
                if chance.random() < probability:
                    return Fault(cast("Kind", chance.choice(("throttled", "error", "unavailable"))), retry_after=0)
        return None


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
        elif scope["type"] != "http" or path.startswith(_UNTOUCHED):
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
        elif fault.kind in _STATUS:
            await _refuse(fault, path, send)
        else:
            await _spoil(fault, self._app, scope, receive, send)


def _parsed(header: str) -> Fault:
    """Read `kind; retry-after=2; seconds=0.5`."""
    kind, *options = (part.strip() for part in header.split(";"))
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


async def _refuse(fault: Fault, path: str, send: Send) -> None:
    headers = {} if fault.retry_after is None else {"Retry-After": str(fault.retry_after)}
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
