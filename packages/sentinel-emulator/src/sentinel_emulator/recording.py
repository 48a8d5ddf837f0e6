"""Writes down what clients asked: one line of JSON a request, without tokens, for tests and for finding out.

A line holds the moment, method, path, query, body, status and milliseconds. Bodies hold the queries that were asked, so
nothing is recorded unless a file is named.
"""

from __future__ import annotations

import json
import threading
import time
from datetime import UTC, datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from starlette.types import ASGIApp, Message, Receive, Scope, Send

_LONGEST_BODY = 65_536
#: Paths whose bodies hold secrets.
_SECRET = ("/oauth2/", "/msi/", "/metadata/identity")


class Recorder:
    """An application that passes every request on to another and writes it down. Raises `OSError` when it cannot."""

    def __init__(self, app: ASGIApp, path: Path) -> None:
        self._app = app
        self._path = path
        self._lock = threading.Lock()
        # Better found out now than at the first request.
        path.open("a", encoding="utf-8").close()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, and write it down once it is answered."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        started, body, status = time.perf_counter(), bytearray(), 0

        async def received() -> Message:
            message = await receive()
            if len(body) < _LONGEST_BODY:
                body.extend(message.get("body", b""))
            return message

        async def sent(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self._app(scope, received, sent)
        finally:
            secret = any(part in scope["path"] for part in _SECRET)
            self._write(
                {
                    "time": datetime.now(UTC).isoformat(timespec="milliseconds"),
                    "method": scope["method"],
                    "path": scope["path"],
                    "query": scope["query_string"].decode("latin-1"),
                    "body": "" if secret else bytes(body[:_LONGEST_BODY]).decode("utf-8", "replace"),
                    "status": status,
                    "milliseconds": round((time.perf_counter() - started) * 1000, 1),
                }
            )

    def _write(self, line: dict[str, object]) -> None:
        with self._lock, self._path.open("a", encoding="utf-8") as stream:
            stream.write(json.dumps(line, ensure_ascii=False) + "\n")
