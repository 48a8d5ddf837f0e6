"""A thread with a large stack that does one thing after another, for code that cannot be interrupted."""

from __future__ import annotations

import queue
import threading
from concurrent.futures import Future
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

T = TypeVar("T")
STACK_BYTES = 16 * 1024 * 1024
_starting = threading.Lock()


class Worker:
    """Runs what it is given, in order. `abandon` lets it end after what it does now, without waiting for that."""

    def __init__(self, name: str) -> None:
        self._jobs: queue.SimpleQueue[Callable[[], None] | None] = queue.SimpleQueue()
        self._thread = thread = threading.Thread(target=self._run, name=name, daemon=True)
        with _starting:  # the stack size is the process's, so set and reset it around one start
            before = threading.stack_size(STACK_BYTES)
            try:
                thread.start()
            finally:
                threading.stack_size(before)

    def _run(self) -> None:
        while (job := self._jobs.get()) is not None:
            job()

    def submit(self, work: Callable[[], T]) -> Future[T]:
        """Queue a piece of work. A future that is cancelled before its turn is passed over."""
        future: Future[T] = Future()

        def job() -> None:
            if not future.set_running_or_notify_cancel():
                return
            try:
                result = work()
            # The boundary of a thread: whatever it was belongs to the caller.
            except BaseException as error:  # noqa: BLE001
                future.set_exception(error)
            else:
                future.set_result(result)

        self._jobs.put(job)
        return future

    def abandon(self) -> None:
        """End the thread after the work that it does now; work still queued before this call is done first."""
        self._jobs.put(None)

    def join(self, seconds: float) -> None:
        """Wait for an abandoned thread to end."""
        self._thread.join(seconds)

    @property
    def alive(self) -> bool:
        """Whether the thread still runs."""
        return self._thread.is_alive()
