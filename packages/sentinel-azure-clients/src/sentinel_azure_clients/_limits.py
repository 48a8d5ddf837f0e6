"""How much at once: a fair queue for places, and a sliding window for the pace."""

from __future__ import annotations

import asyncio
import time
from collections import deque
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Awaitable, Callable


class Limiter:
    """At most `places` calls at a time and `starts` starts within `window` seconds, first come first served.

    A caller that is cancelled while it waits, or while it holds a place, gives its turn to the next one.
    `clock` and `sleep` are for tests that do not want to wait.
    """

    def __init__(
        self,
        places: int,
        *,
        starts: int | None = None,
        window: float = 30.0,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._places = places
        self._starts = starts
        self._window = window
        self._clock = clock
        self._sleep = sleep
        self._held = 0
        self._queue: deque[asyncio.Future[None]] = deque()
        self._started: deque[float] = deque()
        self._pacing: asyncio.Lock | None = None

    @property
    def held(self) -> int:
        """How many places are taken now."""
        return self._held

    @property
    def waiting(self) -> int:
        """How many callers wait for a place now."""
        return sum(not turn.done() for turn in self._queue)

    @asynccontextmanager
    async def place(self) -> AsyncGenerator[None]:
        """Hold a place for the length of the block."""
        await self._take()
        try:
            yield
        finally:
            self._give()

    async def pace(self) -> None:
        """Wait until one more start fits into the window, and count it."""
        if self._starts is None:
            return
        if self._pacing is None:
            self._pacing = asyncio.Lock()
        async with self._pacing:  # asyncio.Lock is fair: the queue keeps its order
            while True:
                now = self._clock()
                while self._started and self._started[0] <= now - self._window:
                    self._started.popleft()
                if len(self._started) < self._starts:
                    self._started.append(now)
                    return
                await self._sleep(self._started[0] + self._window - now)

    async def _take(self) -> None:
        if self._held < self._places and not self.waiting:
            self._held += 1
            return
        turn: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._queue.append(turn)
        try:
            await turn
        except asyncio.CancelledError:
            if turn.done() and not turn.cancelled():
                self._give()  # the place was handed over in the same moment: pass it on
            raise

    def _give(self) -> None:
        while self._queue:
            turn = self._queue.popleft()
            if not turn.done():
                turn.set_result(None)  # the place changes hands, so the number of held ones stays
                return
        self._held -= 1
