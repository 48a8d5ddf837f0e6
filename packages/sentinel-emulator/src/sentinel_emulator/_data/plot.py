"""What every intrusion needs to be told: a cast, a clock, and the rows it leaves."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any, TypeAlias

from sentinel_emulator.workspace import Workspace, seeded_guid

from .truth import GroundTruth, Step

if TYPE_CHECKING:
    from datetime import datetime

    from .cases import Case
    from .organisation import Organisation

Rows: TypeAlias = dict[str, list[dict[str, Any]]]


@dataclass(frozen=True, slots=True)
class Intrusion:
    """The rows an intrusion leaves in each table, the incidents they yield, and the truth about it."""

    rows: Rows
    cases: tuple[Case, ...]
    truth: GroundTruth


class Plot:
    """Keeps the cast, the clock and the rows while an intrusion is written; `name` keeps its ids apart from others'."""

    def __init__(self, name: str, workspace: Workspace, organisation: Organisation, seed: int, now: datetime) -> None:
        self.name = name
        self.workspace = workspace
        self.organisation = organisation
        self.seed = seed
        self.now = now.replace(second=0, microsecond=0)
        self.rows: Rows = {}

    def ago(self, hours: float) -> datetime:
        """Return the moment this many hours before now."""
        return self.now - timedelta(hours=hours)

    def guid(self, *parts: object) -> str:
        """Return a GUID that belongs to this intrusion."""
        return seeded_guid(self.seed, self.name, *parts)

    def add(self, table: str, **row: Any) -> dict[str, Any]:  # noqa: ANN401 - a row's values are of its columns' types
        """Leave a row in a table, and return it."""
        self.rows.setdefault(table, []).append(row)
        return row

    def step(self, name: str, attack: str, table: str, rows: list[dict[str, Any]], query: str, incident: str) -> Step:
        """Return the truth about rows that were left; `attack` is a tactic and a technique."""
        tactic, _, technique = attack.partition(" ")
        times = [row["TimeGenerated"] for row in rows]
        return Step(name, tactic, technique, table, min(times), max(times), len(rows), query, incident)
