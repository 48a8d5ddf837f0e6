"""A small client for tests: one request to an emulator in this process, without a server, an SDK or a socket.

```python
client = Client(Emulator(seed=1))
client.rows("SigninLogs | count")
client.sentinel("GET", "incidents").json()["value"]
```
"""

from __future__ import annotations

import asyncio
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import SplitResult, quote, urlsplit

if TYPE_CHECKING:
    from ._json import Json
    from .emulator import Emulator

LOGS = "https://api.loganalytics.io"
ARM = "https://management.azure.com"

_LOGS_VERSION = "2025-07-01"
_VERSIONS = (
    ("/providers/Microsoft.SecurityInsights", "2025-09-01"),
    ("/providers/Microsoft.Authorization", "2022-04-01"),
    ("/providers/Microsoft.Insights", "2024-02-01"),
)
_LOCAL = ("127.0.0.1", 0)


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back; header names are in lower case."""

    status: int
    headers: dict[str, str]
    content: bytes

    def json(self) -> Json:
        """Return the body as JSON."""
        return json.loads(self.content)


class Client:
    """Asks an emulator as an SDK would: with a token of the right audience, a host name and JSON.

    Every method but `ask` blocks, and must not be called while an event loop runs in the same thread.
    """

    def __init__(self, emulator: Emulator) -> None:
        self.emulator = emulator

    def send(
        self,
        method: str,
        url: str,
        body: Json = None,
        headers: dict[str, str] | None = None,
        *,
        token: str | None = "",
    ) -> Answer:
        """Send one request to a whole URL, and wait for the answer.

        `body` is sent as JSON, or as it is when it is bytes. `token` is the bearer token; left out, one for the URL's
        host is issued, and None sends none.
        """
        return asyncio.run(self.ask(method, url, body, headers, token=token))

    async def ask(
        self,
        method: str,
        url: str,
        body: Json = None,
        headers: dict[str, str] | None = None,
        *,
        token: str | None = "",
    ) -> Answer:
        """Send one request as `send` does, from within an event loop."""
        parts = urlsplit(url)
        sent = {"host": parts.netloc}
        if token is not None:
            audience = f"{parts.scheme}://{parts.netloc}"
            sent["authorization"] = f"Bearer {token or self.emulator.issue_token(audience)[0]}"
        if body is not None:
            sent["content-type"] = "application/json"
        sent |= {name.lower(): value for name, value in (headers or {}).items()}
        content = body if isinstance(body, bytes) else b"" if body is None else json.dumps(body).encode()
        return await _ask(self.emulator, method, parts, sent, content)

    def arm(
        self,
        method: str,
        path: str,
        body: Json = None,
        *,
        version: str = "",
        headers: dict[str, str] | None = None,
        token: str | None = "",
    ) -> Answer:
        """Ask ARM at a path below the workspace; the path may carry a query string.

        `version` is the api-version; left out, one that the path's provider has.
        """
        mark = "&" if "?" in path else "?"
        version = version or next((usual for part, usual in _VERSIONS if part in path), _LOGS_VERSION)
        url = f"{ARM}{self.emulator.workspace.resource_id}{path}{mark}api-version={version}"
        return self.send(method, url, body, headers, token=token)

    def sentinel(
        self, method: str, path: str, body: Json = None, *, version: str = "2025-09-01", token: str | None = ""
    ) -> Answer:
        """Ask Microsoft Sentinel at a path such as `incidents/{id}/comments`."""
        return self.arm(method, f"/providers/Microsoft.SecurityInsights/{path}", body, version=version, token=token)

    def query(self, kql: str, timespan: str | None = None, prefer: str = "", token: str | None = "") -> Answer:
        """Send a query as the Python SDK does, explicit nulls included."""
        url = f"{LOGS}/v1/workspaces/{self.emulator.workspace.workspace_id}/query"
        body = {"query": kql, "timespan": timespan, "workspaces": None}
        return self.send("POST", url, body, {"Prefer": prefer}, token=token)

    def search(self, kql: str, timespan: str | None = "P30D", token: str | None = "") -> Answer:
        """Send a query to the path for Basic and Auxiliary tables, its time range where the service wants it."""
        window = f"?timespan={quote(timespan, safe='')}" if timespan is not None else ""
        url = f"{LOGS}/v1/workspaces/{self.emulator.workspace.workspace_id}/search{window}"
        return self.send("POST", url, {"query": kql}, token=token)

    def rows(self, kql: str, timespan: str | None = None) -> list[list[Any]]:
        """Return the rows of a query; raises `AssertionError` with the answer when it was refused."""
        answer = self.query(kql, timespan)
        if answer.status != 200:
            raise AssertionError(answer.content.decode())
        return answer.json()["tables"][0]["rows"]


async def _ask(emulator: Emulator, method: str, parts: SplitResult, headers: dict[str, str], content: bytes) -> Answer:
    scope = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": method,
        "scheme": parts.scheme,
        "path": parts.path,
        "raw_path": parts.path.encode(),
        "query_string": parts.query.encode(),
        "headers": [(name.encode(), value.encode("latin-1")) for name, value in headers.items()],
        "server": (parts.hostname, parts.port or 443),
        "client": _LOCAL,
        "root_path": "",
    }
    messages = [{"type": "http.request", "body": content, "more_body": False}]
    status, body = 0, b""
    answered: dict[str, str] = {}

    async def receive() -> dict[str, Any]:
        return messages.pop(0) if messages else {"type": "http.disconnect"}

    async def send(message: Any) -> None:  # noqa: ANN401 - the messages of ASGI are dictionaries of many shapes
        nonlocal status, answered, body
        if message["type"] == "http.response.start":
            status = message["status"]
            answered = {name.decode().lower(): value.decode() for name, value in message["headers"]}
        else:
            body += message.get("body", b"")

    await emulator.app(scope, receive, send)
    return Answer(status, answered, body)
