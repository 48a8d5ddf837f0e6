"""Etags as Sentinel's storage makes them: quoted, and their last group begins with the unix time of the write."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

from .faults import conflict

if TYPE_CHECKING:
    from datetime import datetime

_writes = itertools.count(1)


def new_etag(now: datetime) -> str:
    """Return the etag of a write; no two are alike within a process."""
    return f'"{next(_writes) & 0xFFFFFFFF:08x}-0000-0100-0000-{int(now.timestamp()):08x}0000"'


def require_current(sent: object, current: str, name: str) -> None:
    """Raise the service's 409 unless the etag a client sent is the current one, with or without its quotes."""
    if not isinstance(sent, str) or sent.strip('"') != current.strip('"'):
        raise conflict(name)
