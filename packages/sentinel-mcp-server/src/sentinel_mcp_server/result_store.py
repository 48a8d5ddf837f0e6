"""Answers kept for paging: bounded in bytes, entries and minutes, each seen only by whom it was given to.

Nothing is ever answered from here instead of asking again: a kept answer is read only through its own id.
"""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from cachetools import TTLCache

from sentinel_azure_clients import Table
from sentinel_mcp_server.errors import Refused

KEPT_BYTES = 64 * 1024 * 1024
KEPT_ENTRIES = 32
KEPT_FOR = timedelta(minutes=15)
_CELL_BYTES = 56
"""What a value costs beside its text: an object header and its place in a row."""


@dataclass(frozen=True, slots=True)
class KeptResult:
    """An answer as the service gave it, with what is needed to cite it."""

    owner: str
    query_hash: str
    tables: tuple[Table, ...]
    asked_at: datetime
    size: int


class ResultStore:
    """Holds answers for their owners; the oldest goes when a bound is reached."""

    def __init__(self, *, most_bytes: int = KEPT_BYTES, most_entries: int = KEPT_ENTRIES) -> None:
        self._most_bytes = most_bytes
        self._most_entries = most_entries
        self._kept: TTLCache[str, KeptResult] = TTLCache(
            maxsize=most_bytes, ttl=KEPT_FOR.total_seconds(), getsizeof=lambda kept: kept.size
        )

    def keep(self, owner: str, query_hash: str, tables: tuple[Table, ...], asked_at: datetime) -> str | None:
        """The id under which the owner finds the answer again; None where it alone is larger than the bound."""
        kept = KeptResult(owner, query_hash, tables, asked_at, sum(map(_size, tables)))
        if kept.size > self._most_bytes:
            return None
        while len(self._kept) >= self._most_entries:
            self._kept.popitem()
        result_id = secrets.token_urlsafe(18)
        self._kept[result_id] = kept
        return result_id

    def get(self, owner: str, result_id: str) -> KeptResult:
        """The owner's answer.

        Raises:
            Refused: there is none, it was dropped or is too old, or it is somebody else's; all read the same.
        """
        kept = self._kept.get(result_id)
        if kept is None or kept.owner != owner:
            raise Refused(
                "There is no such result here: it is kept for 15 minutes, for whoever asked, by the server that "
                "answered. Run the query again."
            )
        return kept

    def __len__(self) -> int:
        """How many answers are kept now."""
        return len(self._kept)


def _size(table: Table) -> int:
    texts = sum(len(value) for row in table.rows for value in row if isinstance(value, str))
    return texts + _CELL_BYTES * len(table.columns) * len(table.rows)
