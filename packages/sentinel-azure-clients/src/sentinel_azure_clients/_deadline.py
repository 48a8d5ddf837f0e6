"""How long a call may take in all: its queue, its pages, its repeats."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from contextvars import Context, ContextVar, copy_context
from typing import TYPE_CHECKING

from sentinel_azure_clients.errors import TimedOut

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

    from sentinel_azure_clients._operation import Operation

# When the call that is being made has to be over, in the running loop's time.
_ENDS: ContextVar[float | None] = ContextVar("sentinel_call_ends", default=None)


@asynccontextmanager
async def within(deadline: float, call: Operation) -> AsyncGenerator[None]:
    """Run a block in a time that is for all of it. Within another such block the earlier end counts.

    Raises `TimedOut` when the time is over.
    """
    ends = asyncio.get_running_loop().time() + deadline
    outer = _ENDS.get()
    token = _ENDS.set(ends if outer is None else min(ends, outer))
    try:
        async with asyncio.timeout(deadline):
            yield
    except TimeoutError as error:
        raise TimedOut(f"No answer within {deadline:g} s while {call.doing}.", limit=deadline, by="client") from error
    finally:
        _ENDS.reset(token)


def too_late(wait: float) -> bool:
    """Whether a wait would outlast the time of the call that is being made."""
    ends = _ENDS.get()
    return ends is not None and asyncio.get_running_loop().time() + wait >= ends


def apart() -> Context:
    """The current context for work that is not this call's alone, and so has not its end."""
    context = copy_context()
    context.run(_ENDS.set, None)
    return context
