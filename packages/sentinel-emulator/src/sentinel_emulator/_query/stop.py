"""A way to end a running query from outside: when its time is over, and when nobody waits for it any more."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable


#: The engine forgets an interruption that comes between two statements of a query, so it is repeated.
_AGAIN_SECONDS = 0.05


class Stop:
    """Tells a query to end, whether it has begun or not, until it is over. Safe to use from several threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._end: Callable[[], None] | None = None
        self._asked = False
        self._over = threading.Event()

    @property
    def asked(self) -> bool:
        """Whether the query was told to end."""
        return self._asked

    def watch(self, end: Callable[[], None]) -> None:
        """Name what ends the query; it is called at once when that was asked for before."""
        with self._lock:
            self._end = end
            asked = self._asked
        if asked:
            end()

    def ask(self) -> None:
        """Tell the query to end."""
        with self._lock:
            first, self._asked = not self._asked, True
            runs = self._end is not None
        self._tell()
        if first and runs:
            threading.Thread(target=self._insist, name="stop-query", daemon=True).start()

    def over(self) -> None:
        """Say that the query has ended: from here on nothing is told to it."""
        self._over.set()
        with self._lock:
            self._end = None

    def _tell(self) -> None:
        with self._lock:
            if self._end is not None:
                self._end()

    def _insist(self) -> None:
        while not self._over.wait(_AGAIN_SECONDS):
            self._tell()
