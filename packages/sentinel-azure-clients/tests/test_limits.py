import asyncio
import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sentinel_azure_clients._limits import Limiter


async def test_no_more_than_the_places_run_at_once_and_in_order() -> None:
    limiter = Limiter(2)
    running = most = 0
    order: list[int] = []

    async def work(number: int) -> None:
        nonlocal running, most
        async with limiter.place():
            order.append(number)
            running += 1
            most = max(most, running)
            await asyncio.sleep(0)
            running -= 1

    await asyncio.gather(*(work(number) for number in range(20)))
    assert most == 2
    assert order == list(range(20))
    assert (limiter.held, limiter.waiting) == (0, 0)


@pytest.mark.parametrize("who", ["holder", "waiter", "both"])
async def test_a_cancelled_caller_gives_its_turn_to_the_next(who: str) -> None:
    limiter = Limiter(1)
    reached: list[str] = []

    async def work(name: str) -> None:
        async with limiter.place():
            reached.append(name)
            await asyncio.sleep(60 if name == "holder" else 0)

    tasks = {name: asyncio.create_task(work(name)) for name in ("holder", "waiter", "last")}
    await asyncio.sleep(0)
    if who in {"holder", "both"}:
        tasks["holder"].cancel()
    if who in {"waiter", "both"}:
        tasks["waiter"].cancel()
    if who == "waiter":
        await asyncio.sleep(0)
        tasks["holder"].cancel()
    await asyncio.wait_for(tasks["last"], 5)
    await asyncio.gather(*tasks.values(), return_exceptions=True)
    assert reached[-1] == "last"
    assert ("waiter" in reached) == (who == "holder")
    assert (limiter.held, limiter.waiting) == (0, 0)


async def test_a_place_handed_over_to_a_caller_cancelled_in_the_same_moment_is_passed_on() -> None:
    limiter = Limiter(1)
    first = limiter.place()
    await first.__aenter__()

    async def work() -> str:
        async with limiter.place():
            return "in"

    doomed, lucky = asyncio.create_task(work()), asyncio.create_task(work())
    await asyncio.sleep(0)
    await first.__aexit__(None, None, None)  # hands the place to `doomed`
    doomed.cancel()
    assert await asyncio.wait_for(lucky, 5) == "in"
    assert limiter.held == 0


async def test_starts_within_a_window_are_limited() -> None:
    now = 0.0
    waits: list[float] = []

    async def sleep(seconds: float) -> None:
        nonlocal now
        waits.append(seconds)
        now += seconds

    limiter = Limiter(5, starts=3, window=30.0, clock=lambda: now, sleep=sleep)
    started: list[float] = []
    for _ in range(7):
        await limiter.pace()
        started.append(now)
        now += 1
    assert started == [0, 1, 2, 30, 31, 32, 60]
    assert waits == [27, 27]


async def test_without_a_window_nobody_waits() -> None:
    limiter = Limiter(1)
    for _ in range(1000):
        await limiter.pace()
    assert limiter.held == 0


async def crowd(seed: int) -> tuple[Limiter, int, int]:
    """Forty callers, half of them leaving at some moment; the limiter afterwards, its places and the most at once."""
    chance = random.Random(seed)
    places = chance.randint(1, 4)
    limiter = Limiter(places, starts=chance.choice([None, 3]), window=0.002)
    running = most = 0

    async def work() -> None:
        nonlocal running, most
        async with limiter.place():
            running += 1
            most = max(most, running)
            try:
                await limiter.pace()
                for _ in range(chance.randint(0, 3)):
                    await asyncio.sleep(0)
            finally:
                running -= 1

    tasks: list[asyncio.Task[None]] = []
    for _ in range(40):
        tasks.append(asyncio.create_task(work()))
        if chance.random() < 0.5:
            await asyncio.sleep(0)
        if chance.random() < 0.5:
            chance.choice(tasks).cancel()
    async with asyncio.timeout(10):
        await asyncio.gather(*tasks, return_exceptions=True)
    return limiter, places, most


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 2**32))
def test_whoever_leaves_and_when_no_place_is_lost(seed: int) -> None:
    limiter, places, most = asyncio.run(crowd(seed))
    assert (limiter.held, limiter.waiting) == (0, 0)
    assert most <= places
