"""One connection pool for all clients, with one TLS context made once."""

from __future__ import annotations

import ssl
from typing import TYPE_CHECKING, Any, Self
from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass

from azure.core.exceptions import ServiceRequestError
from azure.core.pipeline import transport
from azure.core.pipeline.transport import AsyncHttpTransport
from azure.core.rest import AsyncHttpResponse, HttpRequest

from sentinel_azure_clients.errors import NotConfigured

if TYPE_CHECKING:
    from collections.abc import MutableMapping
    from types import TracebackType

_CONNECT_TIMEOUT = 10.0
_PIECE = 1 << 18  # azure-core reads 4 KiB at a time by default, which takes longer than the network


class TlsTransport(AsyncHttpTransport[HttpRequest, AsyncHttpResponse]):
    """azure-core's aiohttp transport, opened on first use, with the CA bundle read once.

    Left alone, azure-core reads the bundle again for every request and so gets a new TLS context, and with it a new
    connection, each time.
    """

    def __init__(self, *, ca_bundle: str | None, connections: int, read_timeout: float) -> None:
        self._connections = connections
        self._read_timeout = read_timeout
        self._closed = False
        self._inner: AsyncHttpTransport[HttpRequest, AsyncHttpResponse] | None = None
        try:
            self._tls = ssl.create_default_context(cafile=ca_bundle)
        except OSError as error:  # ssl.SSLError is one too
            reason = error.strerror or "it holds no certificate"
            raise NotConfigured(f"The CA bundle {ca_bundle!r} cannot be read: {reason}.") from error

    async def send(
        self,
        request: HttpRequest,
        *,
        stream: bool = False,
        proxies: MutableMapping[str, str] | None = None,
        **config: object,
    ) -> AsyncHttpResponse:
        """Send over a connection of the pool, by way of the proxy that the environment names, if any."""
        if self._closed:
            raise ServiceRequestError("The connections have been closed.")
        if self._inner is None:
            self._inner = self._opened()
        return await self._inner.send(request, stream=stream, proxies=proxies or _proxies(request.url), **config)

    async def open(self) -> None:
        """Do nothing: the first request opens, inside the running loop."""

    async def close(self) -> None:
        """Close every connection. A call that is still repeating itself gets no new one."""
        self._closed = True
        if self._inner is not None:
            await self._inner.close()
            self._inner = None

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        exc_type: type[BaseException] | None = None,
        exc_value: BaseException | None = None,
        traceback: TracebackType | None = None,
    ) -> None:
        await self.close()

    def _opened(self) -> AsyncHttpTransport[HttpRequest, AsyncHttpResponse]:
        import aiohttp

        session = aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(ssl=self._tls, limit=self._connections),
            cookie_jar=aiohttp.DummyCookieJar(),
            auto_decompress=False,
        )
        untyped: Any = transport.AioHttpTransport  # its constructor has no types
        return untyped(
            session=session,
            connection_timeout=_CONNECT_TIMEOUT,
            read_timeout=self._read_timeout,
            connection_data_block_size=_PIECE,
        )


def _proxies(url: str) -> MutableMapping[str, str] | None:
    # aiohttp would read the environment itself, but it reads ~/.netrc with it, and refuses every request whose host has
    # an entry there, because the request brings its own Authorization.
    parts = urlsplit(url)
    proxy = getproxies().get(parts.scheme)
    return None if proxy is None or proxy_bypass(parts.hostname or "") else {parts.scheme: proxy}


class SharedTransport(AsyncHttpTransport[HttpRequest, AsyncHttpResponse]):
    """Lends a transport to one client: the client may be closed, the transport stays open for the others."""

    def __init__(self, owner: AsyncHttpTransport[HttpRequest, AsyncHttpResponse]) -> None:
        self._owner = owner

    async def send(
        self,
        request: HttpRequest,
        *,
        stream: bool = False,
        proxies: MutableMapping[str, str] | None = None,
        **config: object,
    ) -> AsyncHttpResponse:
        """Send through the shared transport."""
        return await self._owner.send(request, stream=stream, proxies=proxies, **config)

    async def open(self) -> None:
        """Do nothing: the shared transport opens itself on first use."""

    async def close(self) -> None:
        """Do nothing: the context closes the shared transport."""

    async def sleep(self, duration: float) -> None:
        """Wait as the shared transport does."""
        await self._owner.sleep(duration)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        exc_type: type[BaseException] | None = None,
        exc_value: BaseException | None = None,
        traceback: TracebackType | None = None,
    ) -> None:
        return None
