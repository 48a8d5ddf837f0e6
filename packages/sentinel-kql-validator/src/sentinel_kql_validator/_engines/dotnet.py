"""Microsoft's analyser in .NET, by pythonnet: the same answers as `v8`, many times faster.

The runtime lives as long as the process. Work runs on a thread of its own with a large stack, one text after another.
A parse in .NET cannot be stopped: one that takes too long is abandoned with its thread, and the next text gets a new
one.
"""

from __future__ import annotations

import atexit
import concurrent.futures
import os
import threading
import time
from typing import TYPE_CHECKING, Any

from sentinel_kql_validator.errors import EngineUnavailable

from . import Cancellation, EngineFailure
from .dotnet_analyser import Analyser
from .dotnet_library import Library
from .dotnet_runtime import load
from .mentioned import mentioned
from .worker import Worker

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from sentinel_kql_validator.schema import Schema

START_SECONDS = 60.0
EXIT_SECONDS = 60.0


class DotnetEngine:
    """The process's one .NET engine; get it from `shared`."""

    name = "dotnet"

    def __init__(self) -> None:
        self.library_version = ""
        self._lock = threading.Lock()
        self._worker: Worker | None = None
        self._library: Library | None = None
        self._failed: str | None = None
        self._analyser: Analyser | None = None
        self._abandoned: list[Worker] = []
        if hasattr(os, "register_at_fork"):
            os.register_at_fork(after_in_child=self._after_fork)

    def start(self) -> None:
        """Load .NET and the analyser, or raise `EngineUnavailable`; a failure is remembered, since it will not mend."""
        with self._lock:
            if self._failed is not None:
                raise EngineUnavailable(self._failed)
            if self._library is not None:
                return
            self._worker = Worker("sentinel-kql-dotnet")
            try:
                self.library_version, self._library = self._worker.submit(_load).result(START_SECONDS)
            except EngineUnavailable as error:
                self._failed = str(error)
                self._worker.abandon()
                raise
            except concurrent.futures.TimeoutError as error:
                self._failed = f".NET did not start within {START_SECONDS:g} seconds."
                raise EngineUnavailable(self._failed) from error
            atexit.register(self._at_exit)  # after pythonnet registered its own, so that this runs first

    def call(
        self,
        operation: str,
        schema: Schema,
        text: str,
        options: Mapping[str, Any],
        *,
        timeout: float,
        cancellation: Cancellation,
    ) -> dict[str, Any]:
        """Answer one request, or raise `EngineFailure`."""
        names = mentioned(schema, text)

        def work(analyser: Analyser, library: Library) -> dict[str, Any]:
            try:
                return analyser.answer(operation, schema, names, text, options)
            except UnicodeDecodeError as error:  # half of a character, which .NET passes and Python does not
                raise EngineFailure("crash", "The analyser cut a character of this text in two.") from error
            except library.system.Exception as error:
                raise EngineFailure(
                    "crash", f"The analyser failed on this text ({error.GetType().FullName})."
                ) from error

        return self._run(work, timeout, cancellation)

    def describe(self) -> dict[str, list[str]]:
        """Name the functions, aggregates and plugins that the language has."""
        return self._run(lambda analyser, _library: analyser.describe(), START_SECONDS, Cancellation())

    def close(self) -> None:
        """Let the thread end and forget the schemas; the runtime itself stays as long as the process."""
        with self._lock:
            worker, self._worker = self._worker, None
            self._analyser = None
            if worker is not None:
                worker.abandon()

    def _after_fork(self) -> None:
        self._lock = threading.Lock()
        atexit.unregister(self._at_exit)
        if self._library is not None:
            self._library = self._worker = self._analyser = None
            self._failed = ".NET was started by the parent of this process, and a forked child cannot use it."

    def _run(
        self,
        work: Callable[[Analyser, Library], dict[str, Any]],
        timeout: float,
        cancellation: Cancellation,
    ) -> dict[str, Any]:
        self.start()
        with self._lock:
            library = self._library
            if library is None:
                raise EngineFailure("crash", "The .NET engine is not running.")
            worker = self._worker = self._worker or Worker("sentinel-kql-dotnet")
            analyser = self._analyser = self._analyser or Analyser(library)
        future: concurrent.futures.Future[dict[str, Any]] = worker.submit(lambda: work(analyser, library))
        cancellation.on_cancel(lambda: self._give_up(worker, future))
        try:
            return future.result(timeout)
        except concurrent.futures.CancelledError:
            raise EngineFailure("cancelled", "The check was cancelled.") from None
        except concurrent.futures.TimeoutError:
            self._give_up(worker, future)
            raise EngineFailure("timeout", f"The analyser did not finish within {timeout:g} seconds.") from None
        finally:
            cancellation.on_cancel(None)

    def _give_up(self, worker: Worker, future: concurrent.futures.Future[dict[str, Any]]) -> None:
        """Take a request back: out of the queue, or with the thread that cannot be stopped."""
        if future.cancel() or future.done():
            return
        with self._lock:
            if self._worker is worker:
                self._worker = None
                self._analyser = None  # the abandoned thread may still be using the old one
            self._abandoned = [old for old in self._abandoned if old.alive]
            self._abandoned.append(worker)
        worker.abandon()

    def _at_exit(self) -> None:
        """Let no thread be inside .NET when the interpreter ends: it would end the process with a fault."""
        with self._lock:
            workers = [*self._abandoned, *([self._worker] if self._worker else [])]
            self._worker = None
        deadline = time.monotonic() + EXIT_SECONDS
        for worker in workers:
            worker.abandon()
            worker.join(max(0.0, deadline - time.monotonic()))


def _load() -> tuple[str, Library]:
    version = load()
    return version, Library()


_shared: DotnetEngine | None = None
_making = threading.Lock()


def shared() -> DotnetEngine:
    """Give the process's one .NET engine; it starts with the first request."""
    global _shared  # noqa: PLW0603 - one runtime per process is all that .NET allows
    with _making:
        if _shared is None:
            _shared = DotnetEngine()
        return _shared
