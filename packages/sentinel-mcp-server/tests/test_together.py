import asyncio

import pytest

from sentinel_mcp_server._together import together

pytestmark = pytest.mark.anyio


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


async def give(value: int) -> int:
    await asyncio.sleep(0.01 / value)
    return value


async def fail() -> int:
    raise KeyError("first")


async def test_results_come_in_the_order_of_the_work() -> None:
    assert await together(give(1), give(2), give(3)) == (1, 2, 3)
    assert await together() == ()


async def test_a_failure_leaves_nothing_running() -> None:
    ended: list[str] = []

    async def linger() -> int:
        try:
            await asyncio.sleep(60)
        finally:
            ended.append("lingering")
        return 0

    before = asyncio.all_tasks()
    with pytest.raises(KeyError, match="first"):
        await together(linger(), fail(), linger())
    assert ended == ["lingering"] * 2
    assert asyncio.all_tasks() == before


async def test_cancelling_it_cancels_the_work() -> None:
    started = asyncio.Event()

    async def wait() -> int:
        started.set()
        await asyncio.sleep(60)
        return 0

    before = asyncio.all_tasks()
    whole = asyncio.create_task(together(wait(), wait()))
    await started.wait()
    whole.cancel()
    with pytest.raises(asyncio.CancelledError):
        await whole
    assert asyncio.all_tasks() == before
