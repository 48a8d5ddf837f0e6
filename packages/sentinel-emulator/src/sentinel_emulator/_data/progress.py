"""A bar that shows how far something is: on a terminal only, and gone when it is done."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from types import TracebackType
    from typing import TextIO

_WIDTH, _PAUSE = 40, 0.1


class Progress:
    """Counts up to `total` and draws a bar on `stream` while it does, unless that is no terminal."""

    def __init__(self, total: float, stream: TextIO) -> None:
        self._total = max(total, 1.0)
        self._done = 0.0
        self._drawn = 0.0
        self._stream = stream if stream.isatty() else None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._stream is not None and self._drawn:
            self._write(" " * (_WIDTH + 8) + "\r")

    def advance(self, amount: float) -> None:
        """Count some more; the bar is drawn ten times a second at most."""
        self._done += amount
        now = time.monotonic()
        if self._stream is not None and now - self._drawn >= _PAUSE:
            self._drawn = now
            share = min(1.0, self._done / self._total)
            filled = round(_WIDTH * share)
            self._write(f"[{'#' * filled}{' ' * (_WIDTH - filled)}] {share:4.0%}\r")

    def _write(self, text: str) -> None:
        if self._stream is not None:
            self._stream.write(text)
            self._stream.flush()
