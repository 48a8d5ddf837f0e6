"""An application in front of the emulator that plants text where an attacker or a colleague could have written it."""

import json
from collections.abc import Awaitable, Callable, MutableMapping
from itertools import cycle
from typing import Any, TypeAlias

Json: TypeAlias = "str | int | float | bool | list[Json] | dict[str, Json] | None"
Message = MutableMapping[str, Any]
App = Callable[
    [MutableMapping[str, Any], Callable[[], Awaitable[Message]], Callable[[Message], Awaitable[None]]], Awaitable[None]
]

FREE_TEXT = frozenset(
    {
        "title", "description", "displayname", "friendlyname", "message", "labelname", "alertdisplayname", "notes",
        "comment", "commandline", "hostname", "accountname", "resourcename", "assignedto", "name_text", "category_text",
        "queryresult", "remediation", "author", "source_text", "organization", "city", "country", "contentproduct",
    }
)  # fmt: skip
"""Members of Azure's bodies, in small letters, in which the service keeps whatever was written."""

KEYS = frozenset({"Type", "DataType", "SystemAlertId", "TenantId", "TableName", "table"})
"""Columns by which the server finds its way; no row of a log can choose them freely."""


class Polluted:
    """Passes requests on; into each text of an answer that somebody else may have written it puts one of `planted`.

    An answer is asked for once and then told again, with other texts, so that many texts cost no time.
    """

    def __init__(self, app: App) -> None:
        self._app = app
        self._told: dict[tuple[str, ...], list[Message]] = {}
        self._planted = cycle([""])
        self.count = 0

    def plant(self, texts: list[str]) -> None:
        """Use these texts, one after another."""
        self._planted = cycle(texts)
        self.count = 0

    async def __call__(
        self,
        scope: MutableMapping[str, Any],
        receive: Callable[[], Awaitable[Message]],
        send: Callable[[Message], Awaitable[None]],
    ) -> None:
        """Answer one request."""
        first = await receive()
        body = first.get("body", b"")
        while first.get("more_body"):
            first = await receive()
            body += first.get("body", b"")
        key = (scope["method"], scope["path"], scope["query_string"].decode(), body.decode())
        if key not in self._told:
            messages: list[Message] = []
            given = iter([{"type": "http.request", "body": body, "more_body": False}])

            async def once() -> Message:
                return next(given, None) or await receive()

            async def keep(message: Message) -> None:
                messages.append(message)

            await self._app(scope, once, keep)
            self._told[key] = messages
        start, *parts = self._told[key]
        whole = b"".join(part.get("body", b"") for part in parts)
        if start["status"] == 200 and whole[:1] in {b"{", b"["}:
            whole = json.dumps(self._spoilt(json.loads(whole))).encode()
        headers = [header for header in start["headers"] if header[0].lower() != b"content-length"]
        await send({**start, "headers": [*headers, (b"content-length", str(len(whole)).encode())]})
        await send({"type": "http.response.body", "body": whole})

    def _spoilt(self, value: Json, *, free: bool = False) -> Json:
        if isinstance(value, str):
            return self._next(value) if free else value
        if isinstance(value, list):
            return [self._spoilt(item, free=free) for item in value]
        if not isinstance(value, dict):
            return value
        if "columns" in value and "rows" in value:
            table: Any = value
            return table | {"rows": [self._row(table["columns"], row) for row in table["rows"]]}
        return {
            key: self._spoilt(item, free=free or key.lower() in FREE_TEXT or key == "itemsKeyValue")
            for key, item in value.items()
        }

    def _row(self, columns: list[dict[str, str]], row: list[Any]) -> list[Any]:
        return [
            self._next(cell) if isinstance(cell, str) and _free(column) else cell
            for column, cell in zip(columns, row, strict=True)
        ]

    def _next(self, before: str) -> str:
        text = next(self._planted)
        if not text:
            return before
        self.count += 1
        return text


def _free(column: dict[str, str]) -> bool:
    return column["type"] == "string" and column["name"] not in KEYS
