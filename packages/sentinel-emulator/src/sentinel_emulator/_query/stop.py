"""A way to end a running query from outside: when its time is over, and when nobody waits for it any more."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable


class Stop:
    """Tells a query to end, whether it has begun or not. Safe to use from several threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._end: Callable[[], None] | None = None
        self._asked = False

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
            self._asked = True
            end = self._end
        if end is not None:
            end()
