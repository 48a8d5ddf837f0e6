"""Which intrusions a scenario holds, beside the ordinary traffic that is in all of them."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Literal, TypeAlias

from .insider import plan_insider
from .intrusion import plan_intrusion
from .key_leak import plan_key_leak
from .ransomware import plan_ransomware

if TYPE_CHECKING:
    from datetime import datetime

    from sentinel_emulator.workspace import Workspace

    from .organisation import Organisation
    from .plot import Intrusion

#: `quiet` has no intrusion, `intrusion` has the one that the documentation tells, `noisy` has four at a time, and so
#: has `huge`, among many more rows.
Scenario: TypeAlias = Literal["quiet", "intrusion", "noisy", "huge"]

_FOUR = (plan_intrusion, plan_insider, plan_ransomware, plan_key_leak)

SCENARIOS = {
    "quiet": (),
    "intrusion": (plan_intrusion,),
    "noisy": _FOUR,
    "huge": _FOUR,
}


def plan_scenario(
    scenario: Scenario, workspace: Workspace, organisation: Organisation, seed: int, now: datetime
) -> tuple[Intrusion, ...]:
    """Return the intrusions of a scenario, their incidents numbered in the order in which they were created."""
    planned = [plan(workspace, organisation, seed, now) for plan in SCENARIOS[scenario]]
    in_order = sorted((case for intrusion in planned for case in intrusion.cases), key=lambda case: case.created)
    numbers = {case.key: number for number, case in enumerate(in_order, start=1)}
    return tuple(
        replace(intrusion, cases=tuple(replace(case, number=numbers[case.key]) for case in intrusion.cases))
        for intrusion in planned
    )
