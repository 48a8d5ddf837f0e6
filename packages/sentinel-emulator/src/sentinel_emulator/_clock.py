"""The emulator's one clock, so that rows, `ago()` and etags agree about what time it is."""

from __future__ import annotations

from datetime import UTC, datetime


class Clock:
    """Tells the time: the machine's, or one moment that stands still."""

    def __init__(self, frozen_at: datetime | None = None) -> None:
        if frozen_at is not None and frozen_at.tzinfo is None:
            msg = "now must carry a time zone, for example datetime(2026, 1, 31, tzinfo=UTC)."
            raise ValueError(msg)
        self._frozen_at = frozen_at.astimezone(UTC) if frozen_at is not None else None

    def now(self) -> datetime:
        """Return the current moment as an aware UTC datetime."""
        return self._frozen_at or datetime.now(UTC)
