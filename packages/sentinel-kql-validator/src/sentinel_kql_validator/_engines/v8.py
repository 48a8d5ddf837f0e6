"""Microsoft's analyser as JavaScript, in V8 by mini-racer: needs no .NET.

One V8 context serves the whole process. It lives on a thread and an event loop of its own, never on the caller's,
starts with the first request and is closed at exit: an open one can hang the interpreter's end. A child made by fork
leaves the parent's context alone and makes its own.
"""

from __future__ import annotations

import asyncio
import atexit
import concurrent.futures
import ctypes
import json
import os
import threading
from collections import OrderedDict
from typing import TYPE_CHECKING, Any

from sentinel_kql_validator.errors import EngineUnavailable

from . import Cancellation, EngineFailure
from .analyser import analyser_scripts, analyser_version
from .mentioned import declaration, mentioned

if TYPE_CHECKING:
    from collections.abc import Mapping

    from py_mini_racer import JSFunction, MiniRacer

    from sentinel_kql_validator.schema import Schema

START_SECONDS = 60.0
MEMORY_BYTES = 1024 * 1024 * 1024
SCHEMAS_KEPT = 16
CLOSE_SECONDS = 5.0


class _Context:
    """One V8 isolate with the analyser loaded, on its own thread; used by one request at a time."""

    def __init__(self) -> None:
        self.loop = asyncio.new_event_loop()
        self.turn = asyncio.Lock()
        self.known: OrderedDict[str, set[str]] = OrderedDict()
        self.racer: MiniRacer | None = None
        self._call: JSFunction | None = None
        self._thread = threading.Thread(target=self._run, name="sentinel-kql-v8", daemon=True)
        self._thread.start()

    def _run(self) -> None:
        asyncio.set_event_loop(self.loop)
        self.loop.run_forever()
        self.loop.close()

    async def start(self) -> None:
        """Load the analyser. Runs on the context's own loop."""
        from py_mini_racer import JSFunction, MiniRacer

        self.racer = MiniRacer()
        self.racer.set_hard_memory_limit(MEMORY_BYTES)
        for script in analyser_scripts():
            self.racer.eval(script)
        call = self.racer.eval("KqlBoundary.call")
        if not isinstance(call, JSFunction):
            raise EngineUnavailable("The analyser's scripts loaded, but the boundary function is not there: reinstall.")
        self._call = call

    async def ask(
        self,
        request: Mapping[str, Any],
        schema: Schema | None,
        timeout: float,  # noqa: ASYNC109 - it counts from the request's turn, which only this knows
    ) -> dict[str, Any]:
        """Send one request when its turn comes; the time counts from then."""
        async with self.turn:
            if self._call is None:
                raise EngineFailure("crash", "The V8 engine was closed while the query waited.")
            message = json.dumps({**request, **self._definitions(schema, request)}, ensure_ascii=False)
            answer = await asyncio.wait_for(self._call.cancelable()(message), timeout)
            if schema is not None:
                self._remember(schema, request)
            return json.loads(str(answer))

    def _definitions(self, schema: Schema | None, request: Mapping[str, Any]) -> dict[str, Any]:
        if schema is None:
            return {}
        known = self.known.get(schema.fingerprint, set())
        missing = [name for name in request["names"] if name not in known]
        if not missing:
            return {}
        functions = {name: declaration(schema.functions[name]) for name in missing if name in schema.functions}
        tables = {name: schema.packed(name) for name in missing if name not in functions}
        forget = [] if known or len(self.known) < SCHEMAS_KEPT else [next(iter(self.known))]
        return {"define": {"tables": tables, "functions": functions}, "forget": forget}

    def _remember(self, schema: Schema, request: Mapping[str, Any]) -> None:
        if schema.fingerprint not in self.known and len(self.known) >= SCHEMAS_KEPT:
            self.known.popitem(last=False)
        self.known.setdefault(schema.fingerprint, set()).update(request["names"])

    async def finish(self) -> None:
        """Free the isolate. Runs on the context's own loop, when the last request has its answer or is cancelled."""
        racer, self.racer, self._call = self.racer, None, None
        if racer is not None:
            racer.close()

    def close(self) -> None:
        """Cancel what runs, free the isolate and end the thread."""

        async def wind_up() -> None:
            me = asyncio.current_task()
            others = [task for task in asyncio.all_tasks() if task is not me]
            for task in others:
                task.cancel()
            await asyncio.gather(*others, return_exceptions=True)
            await self.finish()

        try:
            asyncio.run_coroutine_threadsafe(wind_up(), self.loop).result(CLOSE_SECONDS)
        except concurrent.futures.TimeoutError:
            self.abandon()
        self.loop.call_soon_threadsafe(self.loop.stop)
        self._thread.join(CLOSE_SECONDS)

    def abandon(self) -> None:
        """Make sure that nothing of this context is ever finalised; for a child whose parent owns the V8 threads."""
        for owned in (self, self.racer, self.loop):
            if owned is not None:
                ctypes.pythonapi.Py_IncRef(ctypes.py_object(owned))


class V8Engine:
    """The process's one V8 engine; get it from `shared`."""

    name = "v8"

    def __init__(self) -> None:
        self.library_version = analyser_version()
        self._lock = threading.Lock()
        self._context: _Context | None = None
        self._described: dict[str, list[str]] | None = None
        atexit.register(self.close)
        if hasattr(os, "register_at_fork"):
            os.register_at_fork(after_in_child=self._after_fork)

    def start(self) -> None:
        """Load V8 and the analyser, or raise `EngineUnavailable`."""
        self._ready()

    def _ready(self) -> _Context:
        with self._lock:
            if self._context is None:
                try:
                    import py_mini_racer
                except ImportError as error:
                    raise EngineUnavailable(f"mini-racer cannot be imported ({error}): install mini-racer.") from error
                context = _Context()
                try:
                    asyncio.run_coroutine_threadsafe(context.start(), context.loop).result(START_SECONDS)
                except (
                    EngineUnavailable,
                    OSError,
                    concurrent.futures.TimeoutError,
                    py_mini_racer.JSEvalException,
                    py_mini_racer.LibNotFoundError,
                ) as error:
                    context.close()
                    if isinstance(error, EngineUnavailable):
                        raise
                    raise EngineUnavailable(f"V8 did not start: {type(error).__name__} {error}".strip()) from error
                self._context = context
            return self._context

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
        found = mentioned(schema, text)
        request = {"op": operation, "schema": schema.fingerprint, "text": text, **found._asdict(), **options}
        return self._send(request, schema, timeout, cancellation)

    def describe(self) -> dict[str, list[str]]:
        """Name the functions, aggregates and plugins that the language has."""
        if self._described is None:
            self._described = self._send({"op": "describe"}, None, START_SECONDS, Cancellation())
        return self._described

    def _send(
        self, request: Mapping[str, Any], schema: Schema | None, timeout: float, cancellation: Cancellation
    ) -> dict[str, Any]:
        from py_mini_racer import JSEvalException, JSOOMException

        context = self._ready()
        future = asyncio.run_coroutine_threadsafe(context.ask(request, schema, timeout), context.loop)
        cancellation.on_cancel(future.cancel)
        try:
            answer = future.result()
        except concurrent.futures.CancelledError:
            raise EngineFailure("cancelled", "The check was cancelled.") from None
        except TimeoutError:
            raise EngineFailure("timeout", f"The analyser did not finish within {timeout:g} seconds.") from None
        except JSEvalException as error:
            racer = context.racer
            exhausted = isinstance(error, JSOOMException) or (
                racer is not None and racer.was_hard_memory_limit_reached()
            )
            self.close()
            if exhausted:
                limit = MEMORY_BYTES // (1024 * 1024)
                raise EngineFailure("memory", f"The analyser needed more than {limit} MB of memory.") from None
            words = str(error).strip().splitlines()
            raise EngineFailure(
                "crash", f"The analyser stopped: {words[0] if words else type(error).__name__}."
            ) from error
        finally:
            cancellation.on_cancel(None)
        if "failure" in answer:
            failure = answer["failure"].partition(":")[0]
            raise EngineFailure("crash", f"The analyser failed on this text ({failure}).")
        return answer

    def close(self) -> None:
        """Free V8; the next request starts it again."""
        with self._lock:
            context, self._context = self._context, None
        if context is not None:
            context.close()

    def _after_fork(self) -> None:
        context, self._context = self._context, None
        self._lock = threading.Lock()
        if context is not None:
            context.abandon()


_shared: V8Engine | None = None
_making = threading.Lock()


def shared() -> V8Engine:
    """Give the process's one V8 engine; it starts with the first request."""
    global _shared  # noqa: PLW0603 - one V8 per process is the point
    with _making:
        if _shared is None:
            _shared = V8Engine()
        return _shared
