"""A service over real TLS that misbehaves exactly as told, one behaviour after another, and keeps count."""

from __future__ import annotations

import asyncio
import contextlib
import json
import ssl
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, cast

import trustme

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Sequence
    from pathlib import Path


@dataclass(frozen=True)
class Behaviour:
    """What the service does with one request: an answer, and where it breaks off or falls asleep."""

    status: int = 200
    body: bytes | None = None
    content_type: str = "application/json"
    headers: dict[str, str] = field(default_factory=dict[str, str])
    reset_after: int | None = None
    sleep_after: int | None = None


@dataclass
class FaultyService:
    """Where it listens, what to trust, the requests it has had (method and path), and whether a client left early."""

    url: str
    ca_file: Path
    requests: list[tuple[str, str]]
    left: asyncio.Event


GOOD: dict[str, Any] = {
    "token": {"access_token": "secret-token", "token_type": "Bearer", "expires_in": 3600},
    "query": {"tables": [{"name": "t", "columns": [{"name": "n", "type": "long"}], "rows": [[1]]}]},
    "incidents": {"value": []},
    "metricdefinitions": {"value": []},
    "comments": {"id": "/c", "name": "c", "properties": {"message": "m"}},
    "workspace": {"id": "/w", "name": "w", "properties": {"customerId": "g", "padding": "x" * 1000}},
}


@asynccontextmanager
async def faulty_service(behaviours: Sequence[Behaviour], folder: Path) -> AsyncGenerator[FaultyService]:
    """Serve the behaviours in turn, the last one for ever. A behaviour without a body gives the right one."""
    authority = trustme.CA()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    cast("Any", authority.issue_cert("127.0.0.1")).configure_cert(context)
    ca_file = folder / "ca.pem"
    authority.cert_pem.write_to_path(str(ca_file))
    requests: list[tuple[str, str]] = []
    left = asyncio.Event()
    busy: set[asyncio.Task[None]] = set()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        busy.add(task)
        with contextlib.suppress(asyncio.IncompleteReadError, ConnectionError, ssl.SSLError):
            while await _one(reader, writer, behaviours, requests, left):
                pass
        writer.transport.abort()
        busy.discard(task)

    server = await asyncio.start_server(serve, "127.0.0.1", 0, ssl=context)
    try:
        port = server.sockets[0].getsockname()[1]
        yield FaultyService(f"https://127.0.0.1:{port}", ca_file, requests, left)
    finally:
        server.close()
        for task in tuple(busy):
            task.cancel()
        await asyncio.gather(*busy, return_exceptions=True)
        await server.wait_closed()


async def _one(
    reader: asyncio.StreamReader,
    writer: asyncio.StreamWriter,
    behaviours: Sequence[Behaviour],
    requests: list[tuple[str, str]],
    left: asyncio.Event,
) -> bool:
    head = (await reader.readuntil(b"\r\n\r\n")).decode()
    method, target, _ = head.split(" ", 2)
    lines = [line.partition(":") for line in head.split("\r\n")[1:] if line]
    headers = {name.lower(): value.strip() for name, _, value in lines}
    await reader.readexactly(int(headers.get("content-length", "0")))
    behaviour = behaviours[min(len(requests), len(behaviours) - 1)]
    path = target.partition("?")[0]
    requests.append((method, path))
    body = behaviour.body if behaviour.body is not None else _right(path)
    answer = [
        f"HTTP/1.1 {behaviour.status} X",
        f"Content-Type: {behaviour.content_type}",
        f"Content-Length: {len(body)}",
        *(f"{name}: {value}" for name, value in behaviour.headers.items()),
    ]
    writer.write("\r\n".join([*answer, "", ""]).encode())
    end = behaviour.reset_after if behaviour.reset_after is not None else behaviour.sleep_after
    writer.write(body if end is None else body[:end])
    await writer.drain()
    if behaviour.sleep_after is not None:
        await reader.read()  # until the client goes away
        left.set()
        return False
    if behaviour.reset_after is not None:
        await asyncio.sleep(0.02)  # lets the client see the beginning before the end comes
        writer.transport.abort()
        return False
    return True


def _right(path: str) -> bytes:
    parts = path.lower().split("/")
    for name in ("token", "query", "comments", "incidents", "metricdefinitions"):
        if name in parts:
            return json.dumps(GOOD[name]).encode()
    return json.dumps(GOOD["workspace"]).encode()
