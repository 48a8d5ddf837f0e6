"""Several things at once, and nothing left running when one of them fails."""

import asyncio
from collections.abc import Coroutine
from typing import Any, TypeAlias, TypeVar, overload

T = TypeVar("T")
A = TypeVar("A")
B = TypeVar("B")
C = TypeVar("C")
D = TypeVar("D")
E = TypeVar("E")
F = TypeVar("F")
Work: TypeAlias = Coroutine[Any, Any, T]


@overload
async def together(a: Work[A], b: Work[B], c: Work[C], /) -> tuple[A, B, C]: ...
@overload
async def together(a: Work[A], b: Work[B], c: Work[C], d: Work[D], /) -> tuple[A, B, C, D]: ...
@overload
async def together(a: Work[A], b: Work[B], c: Work[C], d: Work[D], e: Work[E], /) -> tuple[A, B, C, D, E]: ...
@overload
async def together(
    a: Work[A], b: Work[B], c: Work[C], d: Work[D], e: Work[E], f: Work[F], /
) -> tuple[A, B, C, D, E, F]: ...
@overload
async def together(*work: Work[T]) -> tuple[T, ...]: ...
async def together(*work: Work[Any]) -> tuple[Any, ...]:
    """The results in the order of the work. The first failure ends the others, and is raised when they have ended."""
    tasks = [asyncio.create_task(each) for each in work]
    try:
        return tuple(await asyncio.gather(*tasks))
    except BaseException:  # cancellation too must end the others; whatever it is goes on to the caller
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        raise
