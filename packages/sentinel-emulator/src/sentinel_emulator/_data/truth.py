"""The ground truth: what really happened, for tests that check an answer and for people who train on it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime


@dataclass(frozen=True, slots=True)
class Step:
    """One thing the intruder did.

    `query` is KQL that finds exactly the `rows` rows the step left in `table`, over the whole of the generated days.
    """

    name: str
    tactic: str
    technique: str
    table: str
    start: datetime
    end: datetime
    rows: int
    query: str
    incident: str


@dataclass(frozen=True, slots=True)
class GroundTruth:
    """One intrusion, told in full. `incidents` are the titles of the incidents it must yield, oldest first.

    What has no part in an intrusion is empty: not every one has a country, an application or a count of bytes.
    """

    name: str
    summary: str
    victim: str
    attacker_addresses: tuple[str, ...]
    steps: tuple[Step, ...]
    incidents: tuple[str, ...]
    device: str = ""
    attacker_country: str = ""
    application: str = ""
    bytes_out: int = 0
