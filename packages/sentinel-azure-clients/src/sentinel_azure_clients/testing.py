"""Test doubles: run these clients, or any Azure SDK client, against recorded answers in this process.

::

    azure = FakeAzure()
    azure.answer("GET", "/incidents/{}", json={"id": ..., "name": ..., "properties": {...}})
    async with fake_context(azure) as context:
        incident = await incidents.get(context, "...")
    assert azure.requests[0].method == "GET"
"""

from __future__ import annotations

import asyncio
import json as jsonlib
import re
import time
from collections import deque
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Self
from urllib.parse import parse_qsl

from azure.core.credentials import AccessToken, AccessTokenInfo

from sentinel_azure_clients.asgi import AsgiTransport
from sentinel_azure_clients.config import AzureConfig
from sentinel_azure_clients.context import AzureServicesContext

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping, MutableMapping
    from types import TracebackType

    from sentinel_azure_clients.asgi import AsgiApp

__all__ = ["Answer", "FakeAzure", "FakeCredential", "Request", "fake_config", "fake_context"]


@dataclass(frozen=True, slots=True)
class Request:
    """A request as it arrived. `body` is the decoded JSON, or None without a body."""

    method: str
    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    body: Any


@dataclass(frozen=True, slots=True)
class Answer:
    """What to answer, after `slow` seconds. `body` wins over `json`; it is sent in so many `pieces`.

    `break_after` sends that many bytes of it and then breaks the connection.
    """

    status: int = 200
    json: Any = None
    body: bytes | None = None
    headers: Mapping[str, str] = field(default_factory=dict[str, str])
    break_after: int | None = None
    pieces: int = 1
    slow: float = 0

    def payload(self) -> bytes:
        """The bytes of the body."""
        if self.body is not None:
            return self.body
        return b"" if self.json is None else jsonlib.dumps(self.json).encode()


def _error(status: int, code: str, message: str) -> Answer:
    return Answer(status, json={"error": {"code": code, "message": message}})


class ConnectionBroken(Exception):
    """Raised inside the fake to break a connection off."""


class FakeAzure:
    """An ASGI application that gives prepared answers and keeps what was asked.

    A path is matched at its end, in any case; `{}` stands for one segment. Several answers for one place are given in
    turn, the last one for ever. What was not prepared gets 404 with code `NotPrepared`.
    """

    def __init__(self) -> None:
        self.requests: list[Request] = []
        self._versions = 0
        self._prepared: list[tuple[str, re.Pattern[str], deque[Answer | Callable[[Request], Answer]]]] = []

    def answer(
        self,
        method: str,
        path: str,
        *answers: Answer | Callable[[Request], Answer],
        json: object = None,
        status: int = 200,
    ) -> None:
        """Prepare answers for a method and the end of a path; with none given, one of `json` and `status`."""
        pattern = re.compile(re.escape(path).replace(r"\{\}", "[^/]+") + "$", re.IGNORECASE)
        prepared = deque(answers or (Answer(status=status, json=json),))
        self._prepared.insert(0, (method.upper(), pattern, prepared))

    def keep(self, path: str, *objects: dict[str, Any]) -> dict[str, dict[str, Any]]:
        """Keep objects below a path as the services do: list, get, put and delete, with an etag for every version.

        Gives the objects by name, to look into and to change behind a client's back (with a new etag). A put with an
        etag that is not the current one is refused with 409.
        """
        kept = {str(found["name"]): found for found in objects}

        def one(request: Request) -> Answer:
            name = request.path.rsplit("/", 1)[-1]
            there = kept.get(name)
            if request.method == "DELETE":
                return Answer(200 if kept.pop(name, None) else 204)
            if request.method == "GET":
                return Answer(json=there) if there else _error(404, "NotFound", f"There is no {name}.")
            if there and request.body.get("etag") not in {None, "*", there.get("etag")}:
                newer = f"Newer version of resource '{name}' exists. Data was not saved"
                return _error(409, "Conflict", newer)
            self._versions += 1
            kept[name] = {"id": request.path, "name": name, **request.body, "etag": f'"{self._versions}"'}
            return Answer(200 if there else 201, json=kept[name])

        self.answer("GET", path, lambda _: Answer(json={"value": list(kept.values())}))
        for method in ("GET", "PUT", "DELETE"):
            self.answer(method, f"{path}/{{}}", one)
        return kept

    async def __call__(
        self,
        scope: MutableMapping[str, Any],
        receive: Callable[[], Awaitable[MutableMapping[str, Any]]],
        send: Callable[[MutableMapping[str, Any]], Awaitable[None]],
    ) -> None:
        """Answer one request, as ASGI has it."""
        body = (await receive()).get("body", b"")
        request = Request(
            method=scope["method"],
            path=scope["path"],
            query=dict(parse_qsl(scope["query_string"].decode(), keep_blank_values=True)),
            headers={name.decode(): value.decode() for name, value in scope["headers"]},
            body=jsonlib.loads(body) if body else None,
        )
        self.requests.append(request)
        answer = self._choose(request)
        if answer.slow:
            await asyncio.sleep(answer.slow)
        payload = answer.payload()
        headers = {"content-type": "application/json; charset=utf-8", **answer.headers}
        if answer.break_after == 0:
            raise ConnectionBroken
        await send(
            {
                "type": "http.response.start",
                "status": answer.status,
                "headers": [(name.encode(), value.encode()) for name, value in headers.items()],
            }
        )
        if answer.break_after is not None:
            await send({"type": "http.response.body", "body": payload[: answer.break_after], "more_body": True})
            raise ConnectionBroken
        size = max(1, -(-len(payload) // answer.pieces))
        for start in range(0, len(payload), size):
            await send({"type": "http.response.body", "body": payload[start : start + size], "more_body": True})
        await send({"type": "http.response.body"})

    def _choose(self, request: Request) -> Answer:
        for method, pattern, prepared in self._prepared:
            if method == request.method and pattern.search(request.path):
                chosen = prepared[0] if len(prepared) == 1 else prepared.popleft()
                return chosen if isinstance(chosen, Answer) else chosen(request)
        told = f"No answer was prepared for {request.method} {request.path}."
        return Answer(status=404, json={"error": {"code": "NotPrepared", "message": told}})


class FakeCredential:
    """A credential that gives a new made-up token each time, and keeps the scopes it was asked for."""

    def __init__(self, token: Callable[[str], str] | None = None) -> None:
        self.scopes: list[str] = []
        self._token = token or self._made_up

    async def get_token(self, *scopes: str, **_options: object) -> AccessToken:
        """A token good for an hour."""
        self.scopes.extend(scopes)
        return AccessToken(self._token(scopes[0]), int(time.time()) + 3600)

    async def get_token_info(self, *scopes: str, options: object = None) -> AccessTokenInfo:  # noqa: ARG002 - the protocol's name
        """A token good for an hour."""
        token, expires = await self.get_token(*scopes)
        return AccessTokenInfo(token, expires)

    def _made_up(self, scope: str) -> str:
        return f"token-{len(self.scopes)}-for-{scope}"

    async def close(self) -> None:
        """Do nothing."""

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        exc_type: type[BaseException] | None = None,
        exc_value: BaseException | None = None,
        traceback: TracebackType | None = None,
    ) -> None:
        return None


def fake_config(**settings: object) -> AzureConfig:
    """Settings of a workspace that does not exist; `settings` are fields of `AzureConfig` and win."""
    made_up: dict[str, Any] = {
        "subscription_id": "11111111-1111-1111-1111-111111111111",
        "resource_group": "rg-soc",
        "workspace_name": "law-soc",
        "workspace_id": "22222222-2222-2222-2222-222222222222",
    }
    made_up.update(settings)
    return AzureConfig(**made_up)


def fake_context(app: AsgiApp, **settings: object) -> AzureServicesContext:
    """A context whose every request goes to an ASGI application, `FakeAzure` or any other."""
    return AzureServicesContext(fake_config(**settings), credential=FakeCredential(), transport=AsgiTransport(app))
