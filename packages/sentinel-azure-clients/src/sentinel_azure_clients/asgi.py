"""The SDK clients answered by an ASGI application in this process: no port, no certificate, no thread.

::

    async with AzureServicesContext(config, credential=credential, transport=AsgiTransport(app)) as context:
        ...

The application runs in a task of its own for each request. Its body is handed over piece by piece, at most
`PIECES_AHEAD` ahead of the reader, so that a large answer is never held whole. When the caller is cancelled, or closes
the answer early, the application gets `http.disconnect` and its task is cancelled and awaited.
The application's lifespan is not run.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
import zlib
from typing import TYPE_CHECKING, Any, Self
from urllib.parse import unquote, urlsplit

from azure.core.exceptions import HttpResponseError, ServiceResponseError
from azure.core.pipeline.transport import AsyncHttpTransport
from azure.core.rest import AsyncHttpResponse, HttpRequest
from azure.core.utils import CaseInsensitiveDict

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable, MutableMapping
    from types import TracebackType

    Message = MutableMapping[str, Any]
    AsgiApp = Callable[
        [MutableMapping[str, Any], Callable[[], Awaitable[Message]], Callable[[Message], Awaitable[None]]],
        Awaitable[None],
    ]

PIECES_AHEAD = 4
_LOG = logging.getLogger(__name__)


class AsgiTransport(AsyncHttpTransport[HttpRequest, AsyncHttpResponse]):
    """An azure-core async transport in front of an ASGI application.

    What the application raises reaches the caller as azure-core's `ServiceResponseError`, as a connection that breaks
    off does; the application's own exception is its `__cause__`.
    """

    def __init__(self, app: AsgiApp) -> None:
        self._app = app
        self._running: set[_Exchange] = set()

    async def send(self, request: HttpRequest, *, stream: bool = False, **_options: object) -> AsgiResponse:
        """Run the application on one request. Connection options have no meaning here and are ignored."""
        exchange = _Exchange(self._app, request)
        self._running.add(exchange)
        exchange.on_end(lambda: self._running.discard(exchange))
        try:
            status, headers = await exchange.start()
            answer = AsgiResponse(request, status, headers, exchange)
            if not stream:
                await answer.read()
        # A cancelled request too must leave nothing running; the error goes on to the caller.
        except BaseException:
            await exchange.stop()
            raise
        return answer

    async def open(self) -> None:
        """Do nothing: there is no connection."""

    async def close(self) -> None:
        """Stop what still runs."""
        await asyncio.gather(*(exchange.stop(even_after_the_answer=True) for exchange in tuple(self._running)))

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        exc_type: type[BaseException] | None = None,
        exc_value: BaseException | None = None,
        traceback: TracebackType | None = None,
    ) -> None:
        await self.close()


class AsgiResponse(AsyncHttpResponse):
    """An answer whose body is read from the running application."""

    def __init__(self, request: HttpRequest, status: int, headers: CaseInsensitiveDict, exchange: _Exchange) -> None:
        self._request = request
        self._status = status
        self._headers = headers
        self._exchange = exchange
        self._content: bytes | None = None
        self._consumed = False
        self._closed = False
        self._encoding: str | None = None

    @property
    def request(self) -> HttpRequest:
        """The request this answers."""
        return self._request

    @property
    def status_code(self) -> int:
        """The HTTP status."""
        return self._status

    @property
    def headers(self) -> MutableMapping[str, str]:
        """The headers, by name in any case."""
        return self._headers

    @property
    def reason(self) -> str:
        """Always empty: ASGI has no reason phrase."""
        return ""

    @property
    def content_type(self) -> str | None:
        """The Content-Type header."""
        return self._headers.get("content-type")

    @property
    def is_closed(self) -> bool:
        """Whether the application has been told to stop, or has ended."""
        return self._closed

    @property
    def is_stream_consumed(self) -> bool:
        """Whether the body has been taken."""
        return self._consumed

    @property
    def encoding(self) -> str | None:
        """The encoding set by the caller, if any; `text` uses UTF-8 without one."""
        return self._encoding

    @encoding.setter
    def encoding(self, value: str | None) -> None:
        self._encoding = value

    @property
    def url(self) -> str:
        """The address asked."""
        return self._request.url

    @property
    def content(self) -> bytes:
        """The whole body, after `read`."""
        if self._content is None:
            raise ValueError("Read the answer first: await response.read().")
        return self._content

    def body(self) -> bytes:
        """The whole body, under the name that older SDK clients use."""
        return self.content

    def text(self, encoding: str | None = None) -> str:
        """The body as text."""
        return self.content.decode(encoding or self._encoding or "utf-8-sig", "replace")

    def json(self) -> object:
        """The body as JSON."""
        return json.loads(self.text())

    def raise_for_status(self) -> None:
        """Raise azure-core's `HttpResponseError` for a status of 400 and above."""
        if self._status >= 400:
            raise HttpResponseError(response=self)

    async def read(self) -> bytes:
        """Take the whole body."""
        if self._content is None:
            self._content = b"".join([piece async for piece in self.iter_bytes()])
        return self._content

    async def iter_raw(self, **_options: object) -> AsyncIterator[bytes]:
        """The body as the application sends it, piece by piece."""
        if self._consumed:
            raise ValueError("The body of this answer has been taken already.")
        self._consumed = True
        try:
            async for piece in self._exchange.pieces():
                yield piece
        finally:
            await self.close()

    async def iter_bytes(self, **_options: object) -> AsyncIterator[bytes]:
        """The body, unpacked if the application packed it with gzip or deflate."""
        if self._content is not None:
            yield self._content
            return
        if self._headers.get("content-encoding", "identity") not in {"gzip", "deflate"}:
            async for piece in self.iter_raw():
                yield piece
            return
        unpack = zlib.decompressobj(wbits=32 + zlib.MAX_WBITS)
        async for piece in self.iter_raw():
            yield unpack.decompress(piece)
        yield unpack.flush()

    async def close(self) -> None:
        """Tell the application to stop if it still runs."""
        self._closed = True
        await self._exchange.stop()

    async def __aexit__(
        self,
        exc_type: type[BaseException] | None = None,
        exc_value: BaseException | None = None,
        traceback: TracebackType | None = None,
    ) -> None:
        await self.close()


class _Exchange:
    """One request and its answer: the application in a task, its messages in a bounded queue."""

    def __init__(self, app: AsgiApp, request: HttpRequest) -> None:
        self._scope = _scope(request)
        self._body = _content(request)
        self._messages: asyncio.Queue[Message | None] = asyncio.Queue(PIECES_AHEAD)
        self._gone = asyncio.Event()
        self._asked = False
        self._complete = False
        self._task = asyncio.create_task(self._run(app))

    def on_end(self, call: Callable[[], object]) -> None:
        def ended(task: asyncio.Task[None]) -> None:
            call()
            error = None if task.cancelled() else task.exception()
            if error is not None and self._complete:
                # The caller has its whole answer and can be told no more.
                _LOG.error("The application failed after it had answered.", exc_info=error)

        self._task.add_done_callback(ended)

    async def start(self) -> tuple[int, CaseInsensitiveDict]:
        message = await self._next()
        if message is None or message["type"] != "http.response.start":
            raise self._broken("before it answered")
        headers = CaseInsensitiveDict(
            {name.decode("latin-1"): value.decode("latin-1") for name, value in message.get("headers", ())}
        )
        return message["status"], headers

    async def pieces(self) -> AsyncIterator[bytes]:
        more = True
        while more:
            message = await self._next()
            if message is None:
                raise self._broken("before its answer was complete")
            more = message.get("more_body", False)
            if piece := message.get("body", b""):
                yield piece
        self._complete = True

    async def stop(self, *, even_after_the_answer: bool = False) -> None:
        self._gone.set()
        if self._complete and not even_after_the_answer:
            return  # what the application does after a complete answer is its own affair
        self._task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await asyncio.gather(self._task, return_exceptions=True)

    async def _run(self, app: AsgiApp) -> None:
        try:
            await app(self._scope, self._receive, self._messages.put)
        finally:
            if not self._gone.is_set():
                await self._messages.put(None)  # the end, for a reader that still waits

    async def _receive(self) -> Message:
        if not self._asked:
            self._asked = True
            return {"type": "http.request", "body": self._body, "more_body": False}
        await self._gone.wait()
        return {"type": "http.disconnect"}

    async def _next(self) -> Message | None:
        return await self._messages.get()

    def _broken(self, when: str) -> ServiceResponseError:
        cause = self._task.exception() if self._task.done() and not self._task.cancelled() else None
        broken = ServiceResponseError(f"The application broke off {when}.")
        broken.__cause__ = cause
        return broken


def _scope(request: HttpRequest) -> MutableMapping[str, Any]:
    parts = urlsplit(request.url)
    return {
        "type": "http",
        "asgi": {"version": "3.0", "spec_version": "2.4"},
        "http_version": "1.1",
        "method": request.method,
        "scheme": parts.scheme,
        "path": unquote(parts.path),
        "raw_path": parts.path.encode(),
        "query_string": parts.query.encode(),
        "root_path": "",
        "headers": [
            (b"host", parts.netloc.encode()),
            *(
                (name.lower().encode("latin-1"), str(value).encode("latin-1"))
                for name, value in request.headers.items()
            ),
        ],
        "client": ("127.0.0.1", 0),
        "server": (parts.hostname, parts.port or 443),
    }


def _content(request: HttpRequest) -> bytes:
    # Older SDK clients send azure-core's earlier request class, which keeps its body under another name.
    content: object = getattr(request, "content", None)
    if content is None:
        content = getattr(request, "body", None)
    if content is None:
        return b""
    if isinstance(content, str):
        return content.encode()
    if isinstance(content, bytes):
        return content
    raise TypeError("AsgiTransport sends text and bytes only.")
