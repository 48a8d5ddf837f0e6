"""Work that goes on while its client does something else: bounded, cancellable, its results kept for a while.

A few tasks run at a time and the others wait in the order they came. Each has a deadline. A finished task is kept for
half an hour; when the kept results grow beyond their budget, the largest is dropped, and its task says so.
"""

import asyncio
import logging
import secrets
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from sentinel_mcp_server.errors import EXPECTED, Refused, explain

AT_ONCE = 4
MOST_TASKS = 64
KEPT_BYTES = 64 * 1024 * 1024
KEPT_FOR = timedelta(minutes=30)
_LOG = logging.getLogger(__name__)

CANCELLED = "It was cancelled."
"""The error of a task that somebody stopped."""

Work = Callable[[], Awaitable[dict[str, Any]]]
"""What a task does; it gives the answer as plain data."""


@dataclass(frozen=True, slots=True)
class TaskInfo:
    """A task as its owner sees it; once `is_complete`, `end_time` and exactly one of `result` and `error` are set."""

    id: str
    name: str
    start_time: datetime
    is_complete: bool
    result: dict[str, Any] | None
    error: str | None
    end_time: datetime | None = None


@dataclass(slots=True)
class _Task:
    owner: str
    info: TaskInfo
    size: int = 0
    job: asyncio.Task[None] | None = field(default=None, repr=False)


class TaskManager:
    """Starts tasks and answers for them; each belongs to the caller that started it.

    `now` is the clock; `measure` tells the bytes of a result.
    """

    def __init__(
        self,
        now: Callable[[], datetime],
        measure: Callable[[dict[str, Any]], int],
        *,
        at_once: int = AT_ONCE,
        most_bytes: int = KEPT_BYTES,
    ) -> None:
        self._now = now
        self._measure = measure
        self._places = asyncio.Semaphore(at_once)
        self._most_bytes = most_bytes
        self._tasks: dict[str, _Task] = {}

    def start(self, owner: str, name: str, work: Work, *, deadline: float) -> TaskInfo:
        """Begin `work` now or when a place is free; `deadline` is in seconds from the moment it runs.

        Raises:
            Refused: too many tasks are waiting or kept.
        """
        self._forget_old()
        if len(self._tasks) >= MOST_TASKS:
            raise Refused(f"There are {MOST_TASKS} tasks already: wait for one, or cancel one with task_cancel.")
        info = TaskInfo(secrets.token_urlsafe(18), name, self._now(), is_complete=False, result=None, error=None)
        task = self._tasks[info.id] = _Task(owner, info)
        task.job = asyncio.create_task(self._run(task, work, deadline), name=f"task {name}")
        task.job.add_done_callback(lambda job: self._settle(task, job))
        return info

    def get(self, owner: str, task_id: str) -> TaskInfo:
        """The owner's task.

        Raises:
            Refused: there is none of that id, it is too old, or it is somebody else's; all read the same.
        """
        return self._owned(owner, task_id).info

    def list(self, owner: str) -> list[TaskInfo]:
        """The owner's tasks, the newest first."""
        self._forget_old()
        mine = [task.info for task in self._tasks.values() if task.owner == owner]
        return sorted(mine, key=lambda info: info.start_time, reverse=True)

    async def ended(self, owner: str, task_id: str, *, within: float) -> TaskInfo:
        """The task when it has ended, or as it is after `within` seconds. Cancelling the wait cancels the task.

        Raises:
            Refused: see `get`.
        """
        task = self._owned(owner, task_id)
        if task.job is not None:
            try:
                await asyncio.wait([task.job], timeout=within)
            except asyncio.CancelledError:
                task.job.cancel()
                raise
        return task.info

    def forget(self, owner: str, task_id: str) -> None:
        """Keep an ended task no longer."""
        if self._owned(owner, task_id).info.is_complete:
            del self._tasks[task_id]

    async def abandon(self, owner: str) -> int:
        """Stop everything of an owner who is gone; how many tasks that were."""
        theirs = [task for task in self._tasks.values() if task.owner == owner and not task.info.is_complete]
        for task in theirs:
            await self.cancel(owner, task.info.id)
        return len(theirs)

    async def cancel(self, owner: str, task_id: str) -> TaskInfo:
        """Stop a task and wait until it has stopped; one that has ended already stays as it is.

        Raises:
            Refused: see `get`.
        """
        task = self._owned(owner, task_id)
        if task.job is not None and not task.job.done():
            task.job.cancel()
            await asyncio.wait([task.job])
        return task.info

    async def close(self) -> None:
        """Stop everything; afterwards no task of this manager is left."""
        jobs = [task.job for task in self._tasks.values() if task.job is not None and not task.job.done()]
        for job in jobs:
            job.cancel()
        if jobs:
            await asyncio.wait(jobs)
        self._tasks.clear()

    @property
    def running(self) -> int:
        """How many tasks have not ended."""
        return sum(1 for task in self._tasks.values() if not task.info.is_complete)

    async def _run(self, task: _Task, work: Work, deadline: float) -> None:
        try:
            async with self._places, asyncio.timeout(deadline):
                self._end(task, await work(), None)
        except TimeoutError:
            self._end(task, None, f"It took longer than {deadline:g} seconds and was stopped; ask for less.")
        except asyncio.CancelledError:
            self._end(task, None, CANCELLED)
            raise
        except EXPECTED as error:
            self._end(task, None, explain(error))

    def _settle(self, task: _Task, job: asyncio.Task[None]) -> None:
        """End a task that could not do so itself: it was cancelled before it ran, or fell over a defect."""
        if job.cancelled():
            if not task.info.is_complete:
                self._end(task, None, CANCELLED)
        elif (defect := job.exception()) is not None:
            _LOG.error("the task %s failed", task.info.name, exc_info=defect)
            self._end(task, None, "It failed in a way that this server did not expect; its log says how.")

    def _end(self, task: _Task, result: dict[str, Any] | None, error: str | None) -> None:
        task.info = replace(task.info, is_complete=True, result=result, error=error, end_time=self._now())
        task.size = 0 if result is None else self._measure(result)
        while sum(kept.size for kept in self._tasks.values()) > self._most_bytes:
            self._drop(max(self._tasks.values(), key=lambda kept: kept.size))

    def _drop(self, task: _Task) -> None:
        why = (
            f"Its result ({task.size // 1024 // 1024} MB) was dropped, because the kept results may take "
            f"{self._most_bytes // 1024 // 1024} MB together. Run it again for fewer rows."
        )
        task.info = replace(task.info, result=None, error=why)
        task.size = 0

    def _owned(self, owner: str, task_id: str) -> _Task:
        self._forget_old()
        task = self._tasks.get(task_id)
        if task is None or task.owner != owner:
            raise Refused("There is no such task here: tasks are kept for 30 minutes, for whoever started them.")
        return task

    def _forget_old(self) -> None:
        oldest = self._now() - KEPT_FOR
        for task_id, task in list(self._tasks.items()):
            if task.info.end_time is not None and task.info.end_time < oldest:
                del self._tasks[task_id]
