"""Scenarios: nothing, one intrusion, or four at a time, each true to its ground truth."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from sentinel_emulator import Emulator, Step
from sentinel_emulator.testing import Client

NOW = datetime(2026, 3, 11, 15, 30, 12, tzinfo=UTC)
NOISY = Client(Emulator(seed=7, now=NOW, scenario="noisy", days=5))
STEPS = [
    pytest.param(step, id=f"{truth.name}: {step.name}")
    for truth in NOISY.emulator.ground_truths
    for step in truth.steps
]


def test_a_noisy_workspace_suffers_four_intrusions() -> None:
    assert [truth.name for truth in NOISY.emulator.ground_truths] == ["intrusion", "insider", "ransomware", "key leak"]
    assert all(truth.summary and truth.victim and truth.steps for truth in NOISY.emulator.ground_truths)


@pytest.mark.parametrize("step", STEPS)
def test_each_step_left_exactly_the_rows_it_claims(step: Step) -> None:
    ((count, first, last),) = NOISY.rows(f"{step.query} | summarize count(), min(TimeGenerated), max(TimeGenerated)")
    assert count == step.rows > 0
    assert (datetime.fromisoformat(first), datetime.fromisoformat(last)) == (step.start, step.end)
    assert step.technique.startswith("T1")


def test_every_intrusion_yields_its_incidents_numbered_by_time() -> None:
    incidents = NOISY.sentinel("GET", "incidents").json()["value"]
    expected = {title for truth in NOISY.emulator.ground_truths for title in truth.incidents}
    assert {item["properties"]["title"] for item in incidents} == expected
    assert [item["properties"]["incidentNumber"] for item in incidents] == list(range(len(incidents), 0, -1))
    created = [item["properties"]["createdTimeUtc"] for item in incidents]
    assert created == sorted(created, reverse=True)


def test_the_rule_behind_every_alert_exists_and_finds_something() -> None:
    for incident in NOISY.sentinel("GET", "incidents").json()["value"]:
        for rule in incident["properties"]["relatedAnalyticRuleIds"]:
            found = NOISY.sentinel("GET", f"alertRules/{rule.rpartition('/')[2]}")
            assert found.status == 200, incident["properties"]["title"]
            assert NOISY.rows(found.json()["properties"]["query"]), incident["properties"]["title"]


def test_a_quiet_workspace_has_traffic_and_no_incident() -> None:
    quiet = Client(Emulator(seed=7, now=NOW, scenario="quiet", days=5))
    assert quiet.sentinel("GET", "incidents").json() == {"value": []}
    assert quiet.rows("SecurityIncident | count") == [[0]]
    assert quiet.rows("SigninLogs | where Location == 'NL' | count") == [[0]]
    assert quiet.rows("SigninLogs | count")[0][0] > 100
    assert quiet.emulator.ground_truths == ()
    with pytest.raises(LookupError, match="quiet"):
        _ = quiet.emulator.ground_truth


def test_a_scenario_that_does_not_exist_is_named() -> None:
    with pytest.raises(ValueError, match="no scenario 'loud'"):
        Emulator(scenario="loud")  # pyright: ignore[reportArgumentType] - on purpose


def test_the_days_are_bounded() -> None:
    for days in (0, 91):
        with pytest.raises(ValueError, match="1 to 90"):
            Emulator(days=days)
