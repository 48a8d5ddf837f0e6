"""What is remembered for a while: the workspace's own facts (its schema, its GUID). Never rows, incidents or errors."""

from __future__ import annotations

import asyncio
import time
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from cachetools import TTLCache

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

T = TypeVar("T")


class Facts:
    """A small cache with a time to live in which ten callers of a missing fact cause one load.

    The load runs on its own: a caller that is cancelled leaves, and the load goes on for the others; when the last
    one has left it is cancelled too. A load that fails is forgotten, and every caller gets its error.
    It belongs to one context, and so to one credential and one workspace.
    """

    def __init__(self, *, ttl: float, size: int = 64, clock: Callable[[], float] = time.monotonic) -> None:
        self._kept: TTLCache[str, Any] = TTLCache(maxsize=size, ttl=ttl, timer=clock)
        self._loading: dict[str, _Load[Any]] = {}

    def peek(self, key: str) -> object:
        """The fact if it is known now, else None."""
        return self._kept.get(key)

    async def get(self, key: str, load: Callable[[], Awaitable[T]]) -> T:
        """The fact: remembered, or from the load that is under way, or from a new one."""
        known = self._kept.get(key)
        if known is not None:
            return known
        under_way = self._loading.get(key)
        if under_way is None:
            under_way = self._loading[key] = _Load(asyncio.ensure_future(self._run(key, load)))
        return await under_way.share()

    async def refresh(self, key: str, load: Callable[[], Awaitable[T]]) -> T:
        """Load again even if the fact is known; the old one stays until the new one is there."""
        under_way = self._loading.get(key)
        if under_way is None:
            under_way = self._loading[key] = _Load(asyncio.ensure_future(self._run(key, load)))
        return await under_way.share()

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
        try:
            value = await load()
            self._kept[key] = value
            return value
        finally:
            self._loading.pop(key, None)


class _Load(Generic[T]):
    """A load under way and how many wait for it."""

    def __init__(self, task: asyncio.Future[T]) -> None:
        self.task = task
        self._waiting = 0

    async def share(self) -> T:
        self._waiting += 1
        try:
            return await asyncio.shield(self.task)
        finally:
            self._waiting -= 1
            if not self._waiting and not self.task.done():
                self.task.cancel()
