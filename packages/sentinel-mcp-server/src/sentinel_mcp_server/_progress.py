"""A sign of life for calls that take long: progress to the client, once a second."""

import asyncio
from collections.abc import Awaitable, Callable, Generator
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from typing import Any, TypeVar

from mcp.server.mcpserver import Context

T = TypeVar("T")
_EVERY = 1.0
_quiet: ContextVar[bool] = ContextVar("quiet", default=False)


@contextmanager
def without_progress() -> Generator[None]:
    """Work begun in here reports none: its request may be answered first, and after that a client expects silence."""
    token = _quiet.set(True)
    try:
        yield
    finally:
        _quiet.reset(token)


async def with_progress(ctx: Context[Any], name: str, work: Callable[[], Awaitable[T]]) -> T:
    """The result of `work`; a client that asked for progress hears of it after the first second."""
    if _quiet.get():
        return await work()
    ticking = asyncio.create_task(_tick(ctx, name))
    try:
        return await work()
    finally:
        ticking.cancel()
        with suppress(asyncio.CancelledError):
            await ticking


async def _tick(ctx: Context[Any], name: str) -> None:
    seconds = 0.0
    while True:
        await asyncio.sleep(_EVERY)
        seconds += _EVERY
        await ctx.report_progress(seconds, None, f"{name}: {seconds:.0f} s")
