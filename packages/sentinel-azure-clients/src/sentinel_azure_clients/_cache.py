"""What is remembered for a while: the workspace's own facts (its schema, its GUID). Never rows, incidents or errors."""

from __future__ import annotations

import asyncio
import logging
import time
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from cachetools import TTLCache

from sentinel_azure_clients._deadline import apart
from sentinel_azure_clients.errors import NotConfigured

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Coroutine

T = TypeVar("T")

_FRESH = 0.8  # of its time to live a fact is fresh; after that it is loaded anew when it is asked for
_LOG = logging.getLogger(__name__)


class Facts:
    """A small cache with a time to live in which ten callers of a missing fact cause one load.

    The load runs on its own: a caller that is cancelled leaves, and the load goes on for the others; when the last
    one has left it is cancelled too. A load that fails is forgotten, and every caller gets its error.
    A fact that is asked for in the last fifth of its time is given as it is and loaded anew in the background, so that
    what is used is refreshed again and again and nobody waits for it; if that fails, the fact lives out its time.
    It belongs to one context, and so to one credential and one workspace.
    """

    def __init__(self, *, ttl: float, size: int = 64, clock: Callable[[], float] = time.monotonic) -> None:
        self._kept: TTLCache[str, tuple[Any, float]] = TTLCache(maxsize=size, ttl=ttl, timer=clock)
        self._clock = clock
        self._fresh_for = ttl * _FRESH
        self._loading: dict[str, _Load[Any]] = {}

    def peek(self, key: str) -> object:
        """The fact if it is known now, else None."""
        known = self._kept.get(key)
        return None if known is None else known[0]

    async def get(self, key: str, load: Callable[[], Awaitable[T]]) -> T:
        """The fact: remembered, or from the load that is under way, or from a new one.

        Raises `NotConfigured` when `aclose` ends the load.
        """
        known = self._kept.get(key)
        if known is None:
            return await self._join(key, load)
        value, since = known
        if self._clock() - since > self._fresh_for and key not in self._loading:
            self._start(key, load).task.add_done_callback(_note)
        return value

    async def refresh(self, key: str, load: Callable[[], Awaitable[T]]) -> T:
        """The fact from a load that begins after this call, whatever is known; the old one stays until it is there.

        Those who ask while another load is under way wait for its end and then share one load. Errors are as in `get`.
        """
        earlier = self._loading.get(key)
        if earlier is not None:
            await asyncio.wait({earlier.task})
        return await self._join(key, load)

    async def _join(self, key: str, load: Callable[[], Awaitable[T]]) -> T:
        return await (self._loading.get(key) or self._start(key, load)).share()

    def _start(self, key: str, load: Callable[[], Awaitable[T]]) -> _Load[T]:
        started: _Load[T] = _Load(self._run(key, load), on_end=lambda: self._end(key, started))
        self._loading[key] = started
        return started

    def _end(self, key: str, load: _Load[Any]) -> None:
        # One that everybody has left may still be ending when the next one has begun.
        if self._loading.get(key) is load:
            del self._loading[key]

    def forget(self, key: str | None = None) -> None:
        """Drop one fact, or all."""
        if key is None:
            self._kept.clear()
        else:
            self._kept.pop(key, None)

    async def aclose(self) -> None:
        """Stop what is being loaded and forget everything."""
        tasks = [load.task for load in self._loading.values()]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        self._kept.clear()

    async def _run(self, key: str, load: Callable[[], Awaitable[T]]) -> T:
        value = await load()
        self._kept[key] = value, self._clock()
        return value


class _Load(Generic[T]):
    """A load under way and how many wait for it. `on_end` is called once nobody is to join it any more."""

    def __init__(self, load: Coroutine[Any, Any, T], *, on_end: Callable[[], None]) -> None:
        # Callers that join later have other deadlines than the first.
        self.task = asyncio.get_running_loop().create_task(load, context=apart())
        self.task.add_done_callback(lambda _: on_end())
        self._on_end = on_end
        self._waiting = 0

    async def share(self) -> T:
        self._waiting += 1
        try:
            return await asyncio.shield(self.task)
        except asyncio.CancelledError:
            caller = asyncio.current_task()
            if self.task.cancelled() and (caller is None or not caller.cancelling()):
                raise NotConfigured("The AzureServicesContext was closed while it was asked.") from None
            raise
        finally:
            self._waiting -= 1
            if not self._waiting and not self.task.done():
                self._on_end()
                self.task.cancel()


def _note(task: asyncio.Future[Any]) -> None:
    # Nobody waits for a load in the background; the next caller tries again and is told.
    if not task.cancelled() and (error := task.exception()) is not None:
        _LOG.warning("What is remembered could not be refreshed: %s", error)
