"""Verdicts kept for a short while, so that a query asked about twice is read once."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable

    from ._verdict import Kept

Key: TypeAlias = "Hashable"


@dataclass(frozen=True, slots=True)
class CacheStatistics:
    """How often the cache could answer, and what it holds. Bytes are those of the pickled verdicts."""

    hits: int
    misses: int
    entries: int
    bytes: int


class VerdictCache:
    """Verdicts by engine, library version, schema, options and text: at most so many entries, bytes and seconds.

    Safe to use from threads and to share between validators. A verdict larger than an eighth of all bytes is not kept.
    """

    def __init__(
        self,
        entries: int = 512,
        megabytes: float = 16.0,
        seconds: float = 300.0,
        clock: Callable[[], float] | None = None,
    ) -> None:
        import time

        import cachetools

        self._bytes = int(megabytes * 1024 * 1024)
        smallest = max(1, self._bytes // max(1, entries))

        # One size keeps both bounds: a verdict counts as its bytes, but at least as its share of the entries.
        def size(kept: tuple[int, Kept]) -> int:
            return max(kept[0], smallest)

        self._kept: cachetools.TTLCache[Key, tuple[int, Kept]] = cachetools.TTLCache(
            smallest * entries, seconds, timer=clock or time.monotonic, getsizeof=size
        )
        self._lock = threading.Lock()
        self._hits = self._misses = 0

    def get(self, key: Key) -> Kept | None:
        """Give what is kept under a key, and count."""
        with self._lock:
            found = self._kept.get(key)
            if found is None:
                self._misses += 1
                return None
            self._hits += 1
            return found[1]

    def put(self, key: Key, kept: Kept) -> None:
        """Keep a verdict."""
        import pickle

        size = len(pickle.dumps(kept, pickle.HIGHEST_PROTOCOL))
        if size <= self._bytes // 8:
            with self._lock:
                self._kept[key] = (size, kept)

    def clear(self) -> None:
        """Forget every verdict; the counts stay."""
        with self._lock:
            self._kept.clear()

    @property
    def statistics(self) -> CacheStatistics:
        """The counts since the cache was made, and what it holds now."""
        with self._lock:
            self._kept.expire()
            held = sum(size for size, _ in self._kept.values())
            return CacheStatistics(self._hits, self._misses, len(self._kept), held)
