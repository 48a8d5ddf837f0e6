"""Rows kept in a file, and more of them."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from sentinel_emulator import Emulator
from sentinel_emulator._data.origin import DatabaseError
from sentinel_emulator.cli import main
from sentinel_emulator.testing import Client

if TYPE_CHECKING:
    from pathlib import Path

NOW = datetime(2026, 3, 11, 15, 30, 12, tzinfo=UTC)
KQL = "SigninLogs | summarize count(), min(TimeGenerated), take_any(TenantId)"


def test_a_file_is_used_again_with_everything_it_was_made_from(tmp_path: Path) -> None:
    path = tmp_path / "rows.duckdb"
    first = Emulator(seed=9, days=2, scenario="noisy", now=NOW, database=path)
    rows, titles = Client(first).rows(KQL), [case.title for case in first.cases]
    asyncio.run(first.close())
    second = Emulator(database=path)
    assert (second.seed, second.days, second.scenario, second.started) == (9, 2, "noisy", NOW)
    assert Client(second).rows(KQL) == rows
    assert [case.title for case in second.cases] == titles
    asyncio.run(second.close())


def test_a_query_reaches_no_file_when_the_rows_are_in_one(tmp_path: Path) -> None:
    emulator = Emulator(days=1, database=tmp_path / "rows.duckdb")
    store = emulator.store()
    for sql in ("SELECT * FROM read_text('/etc/hostname')", "SELECT * FROM read_csv('https://example.com/x.csv')"):
        with pytest.raises(Exception, match=r"disabled|not allowed|Permission"):
            store.read(sql)
    with pytest.raises(Exception, match="locked"):
        store.read("SET enable_external_access = true")
    asyncio.run(emulator.close())


def test_scale_multiplies_the_ordinary_traffic_alone() -> None:
    one, three = (Client(Emulator(seed=7, now=NOW, days=2, scale=scale)) for scale in (1, 3))
    kql = "SigninLogs | where IPAddress != '203.0.113.77' | count"
    (few,), (many,) = one.rows(kql)[0], three.rows(kql)[0]
    assert 2.7 < many / few < 3.3
    spray = "SigninLogs | where IPAddress == '203.0.113.77' | count"
    assert one.rows(spray) == three.rows(spray)


def test_a_file_of_somebody_else_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "other.duckdb"
    path.write_text("nothing")
    with pytest.raises(DatabaseError, match="is not a database that sentinel-emulator made"):
        Emulator(database=path)


def test_the_scale_is_bounded() -> None:
    with pytest.raises(ValueError, match="scale"):
        Emulator(scale=0)


def test_generate_writes_a_file_and_never_over_one(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "rows.duckdb"
    assert main(["generate", str(path), "--days", "1"]) == 0
    assert "33 tables" in capsys.readouterr().out
    assert main(["query", "SigninLogs | count", "--database", str(path)]) == 0
    assert main(["generate", str(path)]) == 2
    assert "exists already" in capsys.readouterr().err
    assert main(["generate", str(tmp_path / "no" / "where.duckdb")]) == 2
