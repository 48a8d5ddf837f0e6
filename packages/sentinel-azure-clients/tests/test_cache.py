import asyncio
import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sentinel_azure_clients import NotConfigured
from sentinel_azure_clients._cache import Facts
from sentinel_azure_clients._deadline import too_late, within
from sentinel_azure_clients._operation import Operation


async def test_ten_callers_cause_one_load() -> None:
    facts = Facts(ttl=60)
    loads = 0

    async def load() -> str:
        nonlocal loads
        loads += 1
        await asyncio.sleep(0)
        return "fact"

    assert await asyncio.gather(*(facts.get("k", load) for _ in range(10))) == ["fact"] * 10
    assert await facts.get("k", load) == "fact"
    assert loads == 1
    assert facts.peek("k") == "fact"


async def test_a_fact_is_loaded_again_after_its_time() -> None:
    now = 0.0
    facts = Facts(ttl=10, clock=lambda: now)
    loaded: list[int] = []

    async def load() -> int:
        loaded.append(len(loaded) + 1)
        return loaded[-1]

    assert await facts.get("k", load) == 1
    now = 9.9
    assert await facts.get("k", load) == 1
    now = 10.1
    assert await facts.get("k", load) == 2


async def test_an_error_reaches_every_caller_and_is_not_kept() -> None:
    facts = Facts(ttl=60)
    loads = 0

    async def load() -> str:
        nonlocal loads
        loads += 1
        await asyncio.sleep(0)
        if loads == 1:
            raise LookupError("once")
        return "fact"

    first = await asyncio.gather(*(facts.get("k", load) for _ in range(3)), return_exceptions=True)
    assert [type(error) for error in first] == [LookupError] * 3
    assert await facts.get("k", load) == "fact"


async def test_a_cancelled_caller_leaves_the_load_to_the_others() -> None:
    facts = Facts(ttl=60)
    release = asyncio.Event()

    async def load() -> str:
        await release.wait()
        return "fact"

    leaving, staying = (asyncio.create_task(facts.get("k", load)) for _ in range(2))
    await asyncio.sleep(0)
    leaving.cancel()
    await asyncio.sleep(0)
    release.set()
    assert await staying == "fact"
    with pytest.raises(asyncio.CancelledError):
        await leaving


async def test_the_last_caller_to_leave_stops_the_load() -> None:
    facts = Facts(ttl=60)
    ended: list[str] = []

    async def load() -> str:
        try:
            await asyncio.sleep(60)
        except asyncio.CancelledError:
            ended.append("stopped")
            raise
        return "fact"

    caller = asyncio.create_task(facts.get("k", load))
    await asyncio.sleep(0.01)
    caller.cancel()
    with pytest.raises(asyncio.CancelledError):
        await caller
    await asyncio.sleep(0)
    assert ended == ["stopped"]
    assert facts.peek("k") is None

    async def quick() -> str:
        return "fact"

    assert await facts.get("k", quick) == "fact"


async def test_a_refresh_does_not_take_what_was_read_before_it_was_asked_for() -> None:
    facts = Facts(ttl=60)
    world = "old"
    loads = 0

    async def load() -> str:
        nonlocal loads
        loads += 1
        seen = world
        await asyncio.sleep(0.01)
        return seen

    first = asyncio.create_task(facts.get("k", load))
    while not loads:  # noqa: ASYNC110 - the load counts, it has no event
        await asyncio.sleep(0)
    world = "new"
    assert await asyncio.gather(*(facts.refresh("k", load) for _ in range(10))) == ["new"] * 10
    assert await first == "old"
    assert facts.peek("k") == "new"
    assert loads == 2


async def test_a_refresh_keeps_the_old_fact_until_the_new_one_is_there() -> None:
    facts = Facts(ttl=60)
    release = asyncio.Event()

    async def old() -> str:
        return "old"

    async def new() -> str:
        await release.wait()
        return "new"

    await facts.get("k", old)
    refreshing = asyncio.create_task(facts.refresh("k", new))
    await asyncio.sleep(0)
    assert await facts.get("k", old) == "old"
    release.set()
    assert await refreshing == "new"
    assert facts.peek("k") == "new"
    facts.forget("k")
    assert facts.peek("k") is None


async def test_a_caller_that_comes_while_a_load_that_everybody_left_is_ending_gets_one_of_its_own() -> None:
    facts = Facts(ttl=60)

    async def slow_to_end() -> str:
        try:
            await asyncio.sleep(60)
        finally:
            await asyncio.sleep(0.01)
        return "never"

    async def quick() -> str:
        return "fact"

    leaving = asyncio.create_task(facts.get("k", slow_to_end))
    await asyncio.sleep(0)
    leaving.cancel()
    coming = asyncio.create_task(facts.get("k", quick))
    assert await coming == "fact"
    with pytest.raises(asyncio.CancelledError):
        await leaving
    await asyncio.sleep(0.02)
    assert facts.peek("k") == "fact"


async def test_the_first_of_ten_callers_may_be_cancelled() -> None:
    facts = Facts(ttl=60)
    loads = 0

    async def load() -> str:
        nonlocal loads
        loads += 1
        await asyncio.sleep(0.01)
        return "fact"

    callers = [asyncio.create_task(facts.get("k", load)) for _ in range(10)]
    await asyncio.sleep(0)
    callers[0].cancel()
    outcomes = await asyncio.gather(*callers, return_exceptions=True)
    assert isinstance(outcomes[0], asyncio.CancelledError)
    assert outcomes[1:] == ["fact"] * 9
    assert loads == 1


async def test_a_load_does_not_end_with_the_deadline_of_its_first_caller() -> None:
    facts = Facts(ttl=60)
    call = Operation("a", "n", "testing", "read", "-", "-", "-")

    async def load() -> bool:
        return too_late(5)

    async with within(1, call):
        assert too_late(5)
        assert await facts.get("k", load) is False


async def test_closing_stops_what_is_being_loaded() -> None:
    facts = Facts(ttl=60)

    async def load() -> str:
        await asyncio.sleep(60)
        return "never"

    caller = asyncio.create_task(facts.get("k", load))
    await asyncio.sleep(0.01)
    await facts.aclose()
    with pytest.raises(NotConfigured, match="closed"):
        await caller


async def test_a_fact_in_use_is_refreshed_in_the_background_before_its_time_is_over() -> None:
    now = 0.0
    facts = Facts(ttl=100, clock=lambda: now)
    loaded: list[int] = []

    async def load() -> int:
        loaded.append(len(loaded) + 1)
        return loaded[-1]

    assert await facts.get("k", load) == 1
    now = 79
    assert await facts.get("k", load) == 1
    await asyncio.sleep(0.01)
    assert loaded == [1]
    now = 85
    assert [await facts.get("k", load) for _ in range(3)] == [1, 1, 1]
    await asyncio.sleep(0.01)
    assert loaded == [1, 2]
    now = 160
    assert await facts.get("k", load) == 2


async def test_a_refresh_that_fails_leaves_the_fact_and_is_told(caplog: pytest.LogCaptureFixture) -> None:
    now = 0.0
    facts = Facts(ttl=100, clock=lambda: now)

    async def good() -> str:
        return "fact"

    async def bad() -> str:
        raise LookupError("gone")

    await facts.get("k", good)
    now = 90
    assert await facts.get("k", bad) == "fact"
    await asyncio.sleep(0.01)
    assert await facts.get("k", good) == "fact"
    assert [record.message for record in caplog.records] == ["What is remembered could not be refreshed: gone"]


async def many_callers(seed: int) -> list[tuple[asyncio.Task[int], object]]:
    """Sixty callers of two facts that go stale at once, some leaving, some loads failing; each with what it got."""
    chance = random.Random(seed)
    facts = Facts(ttl=0.003)

    async def load() -> int:
        for _ in range(chance.randint(0, 3)):
            await asyncio.sleep(0)
        if chance.random() < 0.2:
            raise LookupError("now and then")
        return 1

    tasks: list[asyncio.Task[int]] = []
    for _ in range(60):
        ask = facts.get if chance.random() < 0.7 else facts.refresh
        tasks.append(asyncio.create_task(ask(chance.choice("ab"), load)))
        if chance.random() < 0.5:
            await asyncio.sleep(0)
        if chance.random() < 0.4:
            chance.choice(tasks).cancel()
    async with asyncio.timeout(10):
        outcomes = await asyncio.gather(*tasks, return_exceptions=True)
    await facts.aclose()
    return list(zip(tasks, outcomes, strict=True))


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 2**32))
def test_nobody_is_cancelled_because_somebody_else_left(seed: int) -> None:
    for task, outcome in asyncio.run(many_callers(seed)):
        assert outcome == 1 or isinstance(outcome, LookupError) or task.cancelling()
