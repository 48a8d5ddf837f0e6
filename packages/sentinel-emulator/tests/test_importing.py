"""Importing files: every value typed, every bad row named, all or nothing."""

from __future__ import annotations

import asyncio
import io
import json
from typing import TYPE_CHECKING

import pytest

from sentinel_emulator import Emulator
from sentinel_emulator._data.importing import infer_columns, read_rows
from sentinel_emulator._data.progress import Progress
from sentinel_emulator._data.reading import ImportRefused
from sentinel_emulator._schema import workspace_catalogue
from sentinel_emulator.cli import main
from sentinel_emulator.testing import Client

if TYPE_CHECKING:
    from pathlib import Path

KINDS = workspace_catalogue().query["SecurityEvent"]
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
        read_rows(path, "SecurityEvent", KINDS)
    assert words in str(refused.value)


def test_a_table_or_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(ImportRefused, match="no table 'Nope'"):
        infer_columns([tmp_path / "a.csv"], "Nope")
    with pytest.raises(ImportRefused, match="cannot be read"):
        read_rows(tmp_path / "a.csv", "SecurityEvent", KINDS)


def test_a_new_custom_table_gets_the_columns_that_its_rows_show(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path, database = tmp_path / "rows.csv", tmp_path / "rows.duckdb"
    path.write_text(
        "TimeGenerated,Count,Share,Seen,Name,When,Mixed\n"
        "2026-03-01T10:00:00Z,1,0.5,true,a,2026-03-01T09:00:00Z,1\n"
        "2026-03-02T10:00:00Z,2,1,false,,,x\n"
    )
    assert main(["import", str(path), "--table", "Doors_CL", "--database", str(database), "--days", "1"]) == 0
    assert "The table is new: TimeGenerated:datetime, Count:long, Share:real, Seen:bool" in capsys.readouterr().out
    rows = asked(database, "Doors_CL | sort by Count asc | project Count, Share, Seen, Name, When, Mixed, Type")
    assert rows == [
        [1, 0.5, True, "a", "2026-03-01T09:00:00Z", "1", "Doors_CL"],
        [2, 1.0, False, "", None, "x", "Doors_CL"],
    ]
    emulator = Emulator(database=database)
    table = Client(emulator).arm("GET", "/tables/doors_cl").json()["properties"]["schema"]
    assert (table["tableType"], len(table["columns"])) == ("CustomLog", 7)
    asyncio.run(emulator.close())
    path.write_text("TimeGenerated,Count,Nope\n2026-03-01T10:00:00Z,1,2\n")
    assert main(["import", str(path), "--table", "Doors_CL", "--database", str(database)]) == 2
    assert "has no column 'Nope'" in capsys.readouterr().err


def test_a_parquet_file_is_imported_with_its_types_and_its_bad_rows_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    import duckdb

    path, database = tmp_path / "rows.parquet", tmp_path / "rows.duckdb"
    with duckdb.connect() as connection:
        connection.execute(
            "COPY (SELECT TIMESTAMP '2026-03-01 10:00:00' + to_seconds(i) AS TimeGenerated, 'x' || i AS EventName, "
            "{'at': TIMESTAMP '2026-03-01', 'n': i} AS AdditionalEventData, "
            "CASE WHEN i = 3 THEN 'no' ELSE 'true' END AS ReadOnly FROM range(5) AS r(i)) "
            f"TO '{path}' (FORMAT parquet)"
        )
    arguments = ["import", str(path), "--table", "awscloudtrail", "--database", str(database), "--days", "1"]
    assert main(arguments) == 1
    assert f"{path}:4: the column 'ReadOnly' cannot hold 'no' as bool" in capsys.readouterr().err
    assert main([*arguments, "--skip-bad"]) == 0
    kql = (
        "AWSCloudTrail | sort by TimeGenerated asc"
        " | project EventName, ReadOnly, n=tostring(parse_json(AdditionalEventData).n)"
    )
    assert asked(database, kql) == [[f"x{n}", True, str(n)] for n in (0, 1, 2, 4)]
    path.write_text("no")
    with pytest.raises(ImportRefused, match="cannot be read as Parquet"):
        read_rows(path, "SecurityEvent", KINDS)


EVENT = {
    "Event": {
        "#attributes": {"xmlns": "http://schemas.microsoft.com/win/2004/08/events/event"},
        "System": {
            "Provider": {"#attributes": {"Name": "Microsoft-Windows-Security-Auditing"}},
            "EventID": 4625,
            "Level": 0,
            "Task": 12544,
            "TimeCreated": {"#attributes": {"SystemTime": "2026-03-01T10:00:00.1234567Z"}},
            "EventRecordID": 77,
            "Channel": "Security",
            "Computer": "DC01.contoso.com",
        },
        "EventData": {"TargetUserName": "dana.willow", "IpAddress": "203.0.113.77", "LogonType": 3, "Odd": "kept"},
    }
}
OTHER = {
    "Event": {
        "System": {
            "Provider": {"@Name": "Service Control Manager"},
            "EventID": {"@Qualifiers": "16384", "#text": "7045"},
            "Level": "4",
            "TimeCreated": {"@SystemTime": "2026-03-01T11:00:00Z"},
            "Channel": "System",
            "Computer": "FS01.contoso.com",
        },
        "EventData": {"Data": [{"@Name": "ServiceName", "#text": "odd"}, {"@Name": "ImagePath", "#text": "c:\\x"}]},
    }
}


def test_windows_events_fill_the_columns_that_each_table_has(tmp_path: Path) -> None:
    path, database = tmp_path / "events.jsonl", tmp_path / "rows.duckdb"
    path.write_text(json.dumps(EVENT) + "\n" + json.dumps(OTHER) + "\n")
    for table in ("SecurityEvent", "WindowsEvent", "Event"):
        assert main(["import", str(path), "--table", table, "--database", str(database), "--days", "1"]) == 0
    kql = (
        "SecurityEvent | where TimeGenerated between (datetime(2026-03-01) .. datetime(2026-03-02))"
        " | sort by EventID asc | project TimeGenerated, EventID, Computer, Channel, TargetUserName, IpAddress,"
        " LogonType, EventData"
    )
    first, second = asked(database, kql)
    assert first[:7] == [
        "2026-03-01T10:00:00.123456Z",
        4625,
        "DC01.contoso.com",
        "Security",
        "dana.willow",
        "203.0.113.77",
        3,
    ]
    assert json.loads(str(first[7]))["Odd"] == "kept"
    assert second[1] == 7045
    kql = "WindowsEvent | where EventID == 7045 and Computer == 'FS01.contoso.com' | project Provider, EventData"
    ((provider, data),) = asked(database, kql)
    assert (provider, json.loads(str(data))) == (
        "Service Control Manager",
        {"ServiceName": "odd", "ImagePath": "c:\\x"},
    )
    kql = "Event | where EventID == 7045 and Computer == 'FS01.contoso.com' | project Source, EventLog, EventLevelName"
    assert asked(database, kql) == [["Service Control Manager", "System", "Information"]]


def test_the_bar_is_drawn_on_a_terminal_only_and_wiped_away() -> None:
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    for stream, drawn in ((Terminal(), True), (io.StringIO(), False)):
        with Progress(10, stream) as progress:
            progress.advance(5)
        assert ("50%" in stream.getvalue()) is drawn
        assert not stream.getvalue().rpartition("\r")[2]
