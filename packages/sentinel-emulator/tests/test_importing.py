"""Importing files: every value typed, every bad row named, all or nothing."""

from __future__ import annotations

import asyncio
import json
from typing import TYPE_CHECKING

import pytest

from sentinel_emulator import Emulator
from sentinel_emulator._data.importing import ImportRefused, read_rows
from sentinel_emulator.cli import main
from sentinel_emulator.testing import Client

if TYPE_CHECKING:
    from pathlib import Path

ROW = {
    "TimeGenerated": "2026-03-01T10:00:00Z",
    "EventName": "ConsoleLogin",
    "UserIdentityType": "Root",
    "AdditionalEventData": '{"MFAUsed":"No"}',
    "TenantId": "ignored",
}


def asked(database: Path, kql: str) -> list[list[object]]:
    emulator = Emulator(database=database)
    try:
        return Client(emulator).rows(kql)
    finally:
        asyncio.run(emulator.close())


@pytest.mark.parametrize("suffix", ["csv", "json", "ndjson"])
def test_an_empty_table_is_filled_from_a_file(tmp_path: Path, suffix: str, capsys: pytest.CaptureFixture[str]) -> None:
    path, database = tmp_path / f"rows.{suffix}", tmp_path / "rows.duckdb"
    if suffix == "csv":
        quoted = ",".join('"' + value.replace('"', '""') + '"' for value in ROW.values())
        path.write_text(",".join(ROW).replace("TimeGenerated", "TimeGenerated [UTC]") + "\n" + quoted + "\n")
    else:
        path.write_text(json.dumps([ROW]) if suffix == "json" else json.dumps(ROW) + "\n\n")
    code = main(["import", str(path), "--table", "AWSCloudTrail", "--database", str(database), "--days", "1"])
    captured = capsys.readouterr()
    assert code == 0, captured.err
    assert "1 rows imported into AWSCloudTrail" in captured.out
    assert "TenantId" in captured.out
    rows = asked(database, "AWSCloudTrail | project TimeGenerated, EventName, UserIdentityType, Type, SourceIpAddress")
    assert rows == [["2026-03-01T10:00:00Z", "ConsoleLogin", "Root", "AWSCloudTrail", ""]]


def test_a_table_that_has_rows_gets_more_and_new_columns(tmp_path: Path) -> None:
    path, database = tmp_path / "rows.ndjson", tmp_path / "rows.duckdb"
    row = {"TimeGenerated": "2026-03-01T10:00:00+01:00", "ResultType": 50126, "IsRisky": "true"}
    path.write_text(json.dumps({**row, "RiskEventTypes": [], "ServicePrincipalName": "new"}))
    assert main(["import", str(path), "--table", "SigninLogs", "--database", str(database), "--days", "1"]) == 0
    kql = (
        "SigninLogs | where ServicePrincipalName == 'new' | project TimeGenerated, ResultType, IsRisky, RiskEventTypes"
    )
    assert asked(database, kql) == [["2026-03-01T09:00:00Z", "50126", True, "[]"]]
    assert asked(database, "SigninLogs | where ServicePrincipalName == '' | count")[0][0] != 0


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"TimeGenerated": "soon"}, "'TimeGenerated' cannot hold 'soon' as datetime"),
        ({"TimeGenerated": None}, "'TimeGenerated' is missing"),
        ({"EventID": "x"}, "'EventID' cannot hold 'x' as int"),
        ({"EventID": 1.5}, "as int"),
        ({"MG": "no guid"}, "as guid"),
        ({"_ResourceId": 5, "EventID": 2**70}, "as int"),
    ],
)
def test_a_bad_row_is_named_with_its_line_and_nothing_is_imported(
    tmp_path: Path, change: dict[str, object], words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    path, database = tmp_path / "rows.ndjson", tmp_path / "rows.duckdb"
    good = {"TimeGenerated": "2026-03-01T10:00:00Z", "EventID": 1}
    path.write_text("\n".join(json.dumps(row) for row in (good, {**good, **change})))
    arguments = ["import", str(path), "--table", "SecurityEvent", "--database", str(database), "--days", "1"]
    assert main(arguments) == 1
    captured = capsys.readouterr()
    assert f"{path}:2: " in captured.err
    assert words in captured.err
    assert not database.exists()
    assert main([*arguments, "--skip-bad"]) == 0
    assert "1 rows imported into SecurityEvent, 1 bad rows left out" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("name", "text", "words"),
    [
        ("a.csv", "TimeGenerated,Nope\n2026-03-01,1\n", "has no column 'Nope'"),
        ("a.csv", "TimeGenerated,EventID\n2026-03-01\n", "a.csv:2"),
        ("a.ndjson", '{"TimeGenerated": 1}\n{', "a.ndjson:2: it is not JSON"),
        ("a.json", "{}", "must hold a list"),
        ("a.json", "[5]", "must be an object"),
        ("a.txt", "", "only .csv"),
    ],
)
def test_a_file_that_does_not_fit_is_refused_with_the_reason(tmp_path: Path, name: str, text: str, words: str) -> None:
    path = tmp_path / name
    path.write_text(text)
    with pytest.raises(ImportRefused) as refused:
        read_rows(path, "SecurityEvent")
    assert words in str(refused.value)


def test_a_table_or_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(ImportRefused, match="no table 'Nope'"):
        read_rows(tmp_path / "a.csv", "Nope")
    with pytest.raises(ImportRefused, match="cannot be read"):
        read_rows(tmp_path / "a.csv", "SecurityEvent")
