"""The engines: each answers the same requests with the same plain data.

A full engine reads the text with Microsoft's analyser. `call` takes an operation (`analyse`, ...), the schema and a
text, crosses the boundary once, and answers a dictionary; everything that the answer means is decided once, outside.
"""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from sentinel_kql_validator.schema import Schema


class EngineFailure(Exception):
    """The engine could not answer this request; `reason` is one sentence, `kind` a word for it."""

    def __init__(self, kind: str, reason: str) -> None:
        super().__init__(reason)
        self.kind = kind
        self.reason = reason


class Cancellation:
    """A switch that the caller throws to stop the engine's work on one request."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._stop: Callable[[], object] | None = None
        self.cancelled = False

    def cancel(self) -> None:
        """Stop the work, now or as soon as it begins."""
        with self._lock:
            self.cancelled = True
            stop = self._stop
        if stop is not None:
            stop()

    def on_cancel(self, stop: Callable[[], object] | None) -> None:
        """Set what stops the work that runs now; it is called at once if the switch was thrown already."""
        with self._lock:
            self._stop = stop
            now = self.cancelled
        if now and stop is not None:
            stop()


class Engine(Protocol):
    """What the validator asks of an engine that reads KQL with Microsoft's analyser."""

    name: str
    library_version: str

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
        ...

    def describe(self) -> dict[str, list[str]]:
        """Name the functions, aggregates and plugins that the language has."""
        ...

    def close(self) -> None:
        """Free everything; the next call starts afresh."""
        ...
