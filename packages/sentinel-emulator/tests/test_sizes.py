"""How many rows are made, what a database is reset to, and what every workspace holds at least."""

from __future__ import annotations

import asyncio
from collections import Counter
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from sentinel_emulator import Emulator
from sentinel_emulator._data.rules import rules_of
from sentinel_emulator._data.sizes import days_for, scale_of
from sentinel_emulator._schema import FILLED
from sentinel_emulator.cli import main
from sentinel_emulator.testing import Client

if TYPE_CHECKING:
    from pathlib import Path

NOW = datetime(2026, 3, 11, 15, 30, 12, tzinfo=UTC)
INCIDENT = {"properties": {"title": "Mine", "severity": "Low", "status": "New"}}


def rows_in(emulator: Emulator) -> int:
    store = emulator.store()
    return sum(store.read(f'SELECT count(*) FROM store."{table}"')[0][0] for table in FILLED)


@pytest.mark.parametrize(("rows", "days"), [(10_000, 1), (40_000, 3), (150_000, 7), (250_000, 14)])
def test_about_as_many_rows_are_made_as_are_asked_for(rows: int, days: int) -> None:
    emulator = Emulator(seed=7, now=NOW, days=days, rows=rows)
    assert rows_in(emulator) == pytest.approx(rows, rel=0.05)
    asyncio.run(emulator.close())


def test_few_rows_reach_back_fewer_days() -> None:
    assert [days_for(rows, 14, NOW) for rows in (10_000, 50_000, 10**6)] == [1, 5, 14]
    with pytest.raises(ValueError, match="14 days leave about 12"):
        Emulator(now=NOW, days=14, rows=10_000)


@pytest.mark.parametrize("rows", [9_999, 100_000_001])
def test_the_rows_are_bounded(rows: int) -> None:
    with pytest.raises(ValueError, match="between 10000 and 100000000"):
        scale_of(rows, 1, NOW)


def test_a_huge_workspace_needs_a_file_and_has_ten_million_rows_unless_told(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="give a database file"):
        Emulator(scenario="huge")
    huge = Emulator(scenario="huge", now=NOW, database=tmp_path / "huge.duckdb")
    assert huge.scale == pytest.approx(scale_of(10_000_000, 14, NOW))
    assert len(huge.ground_truths) == 4
    small = Emulator(scenario="huge", now=NOW, days=1, rows=20_000, database=tmp_path / "small.duckdb")
    assert rows_in(small) == pytest.approx(20_000, rel=0.05)
    asyncio.run(small.close())


def test_the_shell_generates_as_many_rows_as_it_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "rows.duckdb"
    assert main(["generate", str(path), "--rows", "10000", "--scenario", "huge"]) == 0
    assert "in 33 tables" in capsys.readouterr().out


def test_a_reset_takes_back_every_write_and_every_import(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path, file = tmp_path / "rows.duckdb", tmp_path / "rows.csv"
    first = Emulator(seed=7, now=NOW, days=1, database=path)
    client = Client(first)
    before = client.rows("union SigninLogs, SecurityIncident | count")
    assert client.sentinel("PUT", "incidents/mine", INCIDENT).status == 201
    assert client.rows("SecurityIncident | where Title == 'Mine' | count") == [[1]]
    asyncio.run(first.close())
    file.write_text("TimeGenerated,Name\n2026-03-11T10:00:00Z,a\n")
    assert main(["import", str(file), "--table", "Doors_CL", "--database", str(path)]) == 0
    assert main(["reset", str(path)]) == 0
    assert "seed 7, 1 days, intrusion" in capsys.readouterr().out
    second = Client(Emulator(database=path))
    assert second.rows("union SigninLogs, SecurityIncident | count") == before
    assert second.query("Doors_CL | count").status == 400
    asyncio.run(second.emulator.close())
    assert main(["reset", str(tmp_path / "nowhere.duckdb")]) == 2


def test_a_running_emulator_is_reset_by_its_admin_api() -> None:
    client = Client(Emulator(seed=7, now=NOW, days=1))
    incidents = client.sentinel("GET", "incidents").json()
    assert client.sentinel("PUT", "incidents/mine", INCIDENT).status == 201
    client.emulator.faults.add("error")
    answer = client.send("POST", "https://localhost/_emulator/reset", token=None)
    assert (answer.status, answer.content) == (204, b"")
    after = client.sentinel("GET", "incidents").json()
    assert [item["name"] for item in after["value"]] == [item["name"] for item in incidents["value"]]
    assert client.rows("SecurityIncident | where Title == 'Mine' | count") == [[0]]
    assert client.send("GET", "https://localhost/_emulator/reset", token=None).status == 405
    asyncio.run(client.emulator.close())


def test_there_are_at_least_twenty_five_rules_of_every_kind_each_with_its_template() -> None:
    client = Client(Emulator(seed=7, now=NOW, days=1))
    rules = client.sentinel("GET", "alertRules?$top=1000").json()["value"]
    assert len(rules) >= 25
    assert set(Counter(rule["kind"] for rule in rules)) == {
        "Scheduled",
        "NRT",
        "Fusion",
        "MicrosoftSecurityIncidentCreation",
        "MLBehaviorAnalytics",
        "ThreatIntelligence",
    }
    templates = {item["name"] for item in client.sentinel("GET", "alertRuleTemplates?$top=1000").json()["value"]}
    assert {rule["properties"]["alertRuleTemplateName"] for rule in rules} <= templates
    assert len(templates) == len(rules_of()) > len(rules)


def test_the_workspace_starts_with_something_of_everything() -> None:
    client = Client(Emulator(seed=7, now=NOW, days=1, scenario="noisy"))
    for path in ("incidents", "watchlists", "automationRules", "bookmarks", "dataConnectors", "entities", "hunts"):
        assert client.sentinel("GET", path).json()["value"], path
    assert len(client.arm("GET", "/savedSearches").json()["value"]) >= 6
    assert len(FILLED) >= 30
    assert len(client.emulator.ground_truths) == 4
    for truth in client.emulator.ground_truths:
        assert truth.incidents
        assert all(step.technique and step.tactic and step.rows for step in truth.steps)
