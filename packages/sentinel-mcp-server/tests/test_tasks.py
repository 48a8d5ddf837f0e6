import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from sentinel_mcp_server.errors import Refused
from sentinel_mcp_server.tasks import CANCELLED, KEPT_FOR, MOST_TASKS, TaskInfo, TaskManager

pytestmark = pytest.mark.anyio


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


class Clock:
    """A clock that stands still until told."""

    def __init__(self) -> None:
        self.now = datetime(2026, 1, 31, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
async def clock() -> Clock:
    return Clock()


@pytest.fixture
async def manager(clock: Clock) -> AsyncIterator[TaskManager]:
    manager = TaskManager(clock, lambda result: int(result.get("size", 1)), at_once=2, most_bytes=100)
    yield manager
    await manager.close()


async def ended(manager: TaskManager, task: TaskInfo, owner: str = "me") -> TaskInfo:
    for _ in range(1000):
        info = manager.get(owner, task.id)
        if info.is_complete:
            return info
        await asyncio.sleep(0.001)
    raise AssertionError("the task did not end")


def giving(**result: Any) -> Any:
    async def work() -> dict[str, Any]:
        return result

    return work


async def waiting() -> dict[str, Any]:
    await asyncio.Event().wait()
    return {}


async def test_a_task_ends_with_its_result(manager: TaskManager) -> None:
    task = manager.start("me", "query_run", giving(rows=3), deadline=5)
    assert (task.name, task.is_complete, task.result, task.error) == ("query_run", False, None, None)
    info = await ended(manager, task)
    assert (info.result, info.error) == ({"rows": 3}, None)
    assert manager.running == 0


async def test_an_expected_failure_is_its_error(manager: TaskManager) -> None:
    async def work() -> dict[str, Any]:
        raise Refused("No.")

    info = await ended(manager, manager.start("me", "x", work, deadline=5))
    assert (info.result, info.error) == (None, "No.")


async def test_a_deadline_stops_it(manager: TaskManager) -> None:
    task = manager.start("me", "x", waiting, deadline=0.01)
    await asyncio.sleep(0.05)
    assert "longer than 0.01 seconds" in str((await ended(manager, task)).error)


async def test_no_more_run_at_once_than_there_are_places_and_the_rest_wait_in_order(manager: TaskManager) -> None:
    running = 0
    most = 0
    order: list[int] = []

    def counting(number: int) -> Any:
        async def work() -> dict[str, Any]:
            nonlocal running, most
            order.append(number)
            running += 1
            most = max(most, running)
            await asyncio.sleep(0.001)
            running -= 1
            return {}

        return work

    tasks = [manager.start("me", "x", counting(number), deadline=5) for number in range(8)]
    for task in tasks:
        await ended(manager, task)
    assert most == 2
    assert order == list(range(8))
    assert all(manager.get("me", task.id).is_complete for task in tasks)


async def test_cancelling_reaches_the_work_and_frees_its_place(manager: TaskManager) -> None:
    stopped = asyncio.Event()

    async def work() -> dict[str, Any]:
        try:
            await asyncio.Event().wait()
        finally:
            stopped.set()
        return {}

    blocked = [manager.start("me", "x", work, deadline=5) for _ in range(2)]
    behind = manager.start("me", "x", giving(), deadline=5)
    await asyncio.sleep(0)
    info = await manager.cancel("me", blocked[0].id)
    assert info.error == "It was cancelled."
    assert stopped.is_set()
    await ended(manager, behind)


async def test_cancelling_an_ended_task_changes_nothing(manager: TaskManager) -> None:
    info = await ended(manager, manager.start("me", "x", giving(a=1), deadline=5))
    assert await manager.cancel("me", info.id) == info


async def test_somebody_elses_task_reads_like_none_at_all(manager: TaskManager) -> None:
    task = manager.start("me", "x", giving(), deadline=5)
    with pytest.raises(Refused) as theirs:
        manager.get("you", task.id)
    with pytest.raises(Refused) as missing:
        manager.get("me", "no-such-task")
    assert str(theirs.value) == str(missing.value)
    assert manager.list("you") == []
    with pytest.raises(Refused):
        await manager.cancel("you", task.id)


async def test_the_largest_result_is_dropped_with_a_message_when_they_are_too_large(manager: TaskManager) -> None:
    large = await ended(manager, manager.start("me", "x", giving(size=70), deadline=5))
    small = await ended(manager, manager.start("me", "x", giving(size=40), deadline=5))
    assert manager.get("me", small.id).result is not None
    dropped = manager.get("me", large.id)
    assert dropped.result is None
    assert "was dropped" in str(dropped.error)


async def test_an_ended_task_is_forgotten_after_a_while_and_a_running_one_is_not(
    manager: TaskManager, clock: Clock
) -> None:
    done = await ended(manager, manager.start("me", "x", giving(), deadline=5))
    going = manager.start("me", "x", waiting, deadline=5)
    clock.now += KEPT_FOR + timedelta(seconds=1)
    assert [info.id for info in manager.list("me")] == [going.id]
    with pytest.raises(Refused):
        manager.get("me", done.id)


async def test_too_many_tasks_are_refused(manager: TaskManager) -> None:
    for _ in range(MOST_TASKS):
        manager.start("me", "x", waiting, deadline=5)
    with pytest.raises(Refused, match="tasks already"):
        manager.start("me", "x", waiting, deadline=5)


async def test_closing_leaves_no_task_behind(clock: Clock) -> None:
    before = asyncio.all_tasks()
    manager = TaskManager(clock, lambda _: 1)
    for _ in range(10):
        manager.start("me", "x", waiting, deadline=5)
    await asyncio.sleep(0)
    await manager.close()
    assert asyncio.all_tasks() == before
    assert manager.running == 0


async def test_a_leaver_takes_along_their_own_tasks_only(manager: TaskManager) -> None:
    mine = manager.start("me", "x", waiting, deadline=5)
    theirs = manager.start("you", "x", waiting, deadline=5)
    assert await manager.abandon("me") == 1
    assert manager.get("me", mine.id).error == CANCELLED
    assert not manager.get("you", theirs.id).is_complete
    assert await manager.abandon("nobody") == 0


async def test_a_task_cancelled_before_it_ran_ends_too(manager: TaskManager) -> None:
    task = manager.start("me", "x", waiting, deadline=5)
    assert (await manager.cancel("me", task.id)).error == CANCELLED
    assert manager.running == 0


async def test_a_defect_ends_the_task_and_is_logged_without_its_text_reaching_the_client(
    manager: TaskManager, caplog: pytest.LogCaptureFixture
) -> None:
    async def work() -> dict[str, Any]:
        raise ZeroDivisionError("a secret")

    info = await ended(manager, manager.start("me", "x", work, deadline=5))
    assert info.error == "It failed in a way that this server did not expect; its log says how."
    assert "a secret" in caplog.text


async def test_waiting_for_a_task_ends_with_it_or_with_the_time(manager: TaskManager) -> None:
    slow = manager.start("me", "x", waiting, deadline=5)
    assert not (await manager.ended("me", slow.id, within=0.01)).is_complete
    quick = manager.start("me", "x", giving(rows=1), deadline=5)
    assert (await manager.ended("me", quick.id, within=5)).result == {"rows": 1}
    manager.forget("me", quick.id)
    manager.forget("me", slow.id)
    assert [info.id for info in manager.list("me")] == [slow.id]


async def test_cancelling_the_wait_cancels_the_task(manager: TaskManager) -> None:
    task = manager.start("me", "x", waiting, deadline=5)
    wait = asyncio.create_task(manager.ended("me", task.id, within=5))
    await asyncio.sleep(0.01)
    wait.cancel()
    with pytest.raises(asyncio.CancelledError):
        await wait
    assert (await ended(manager, task)).error == CANCELLED
