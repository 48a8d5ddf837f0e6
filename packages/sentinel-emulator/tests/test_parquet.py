"""A folder of Parquet files, queried where it lies."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import duckdb
import pytest

from sentinel_emulator import Emulator
from sentinel_emulator._query.parquet import ParquetError
from sentinel_emulator.cli import main
from sentinel_emulator.testing import Client

if TYPE_CHECKING:
    from pathlib import Path

NOW = datetime(2026, 3, 11, 15, 30, 12, tzinfo=UTC)
MEMORY, MEGABYTES = "32MB", 320


def written(path: Path, select: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    with duckdb.connect() as connection:
        target = str(path).replace("'", "''")
        connection.execute(
            f"COPY ({select}) TO '{target}' (FORMAT parquet, COMPRESSION uncompressed, ROW_GROUP_SIZE 20000)"
        )
    return path


def opened(folder: Path, **named: Any) -> Client:
    return Client(Emulator(seed=7, days=1, now=NOW, parquet=folder, **named))


def closed(client: Client) -> None:
    asyncio.run(client.emulator.close())


def test_a_folder_ten_times_larger_than_the_memory_is_queried_in_place(tmp_path: Path) -> None:
    rows = 3_900_000
    path = written(
        tmp_path / "Flood_CL" / "2026" / "a.parquet",
        "SELECT TIMESTAMP '2026-03-11 12:00:00' - to_microseconds(i * 1000) AS TimeGenerated, i % 5 AS Number, "
        f"hash(i)::VARCHAR || repeat('x', 60) AS Text FROM range({rows}) AS r(i)",
    )
    assert path.stat().st_size > MEGABYTES * 10**6
    database = tmp_path / "rows.duckdb"
    generated = Emulator(seed=7, days=1, now=NOW, database=database)
    generated.store()
    asyncio.run(generated.close())
    client = opened(tmp_path, memory=MEMORY, database=database)
    found = client.rows("Flood_CL | summarize Rows=count(), Longest=max(strlen(Text)) by Number | sort by Number asc")
    assert [row[:2] for row in found] == [[number, rows // 5] for number in range(5)]
    assert client.rows("Flood_CL | count", "PT4H")[0][0] < rows
    assert client.rows("SigninLogs | count")[0][0] > 0
    closed(client)


def test_the_files_of_a_known_table_take_the_place_of_its_rows_with_its_types(tmp_path: Path) -> None:
    for number in (1, 2):
        written(
            tmp_path / "SigninLogs" / f"{number}.parquet",
            f"SELECT TIMESTAMPTZ '2026-03-11 0{number}:00:00+00' AS TimeGenerated, {number}::SMALLINT AS ResultType, "
            "NULL::VARCHAR AS UserPrincipalName, {'city': 'Berlin'} AS LocationDetails",
        )
    client = opened(tmp_path)
    kql = (
        "SigninLogs | sort by TimeGenerated asc"
        " | project TimeGenerated, ResultType, UserPrincipalName, City=tostring(LocationDetails.city), Type"
    )
    assert client.rows(kql) == [
        ["2026-03-11T01:00:00Z", "1", "", "Berlin", "SigninLogs"],
        ["2026-03-11T02:00:00Z", "2", "", "Berlin", "SigninLogs"],
    ]
    assert client.rows("SigninLogs | count", "2026-03-11T00:00:00Z/2026-03-11T01:30:00Z") == [[1]]
    closed(client)


def test_rows_that_do_not_fit_into_the_memory_are_told_as_such() -> None:
    with pytest.raises(OSError, match="do not fit into 8MB: give more memory, or a database file"):
        Emulator(seed=7, days=1, now=NOW, memory="8MB").store()


def test_queries_reach_the_folder_and_no_other_file(tmp_path: Path) -> None:
    folder = tmp_path / "it's here"
    written(folder / "Doors_CL.parquet", "SELECT now()::TIMESTAMP AS TimeGenerated, 'a' AS Name")
    client = opened(folder)
    assert client.rows("Doors_CL | project Name") == [["a"]]
    with pytest.raises(duckdb.Error, match=r"disabled|Permission"):
        client.emulator.store().read("SELECT * FROM read_text('/etc/hostname')")
    closed(client)


@pytest.mark.parametrize(
    ("name", "select", "words"),
    [
        ("Doors_CL", "SELECT 1 AS Number", "needs a column 'TimeGenerated'"),
        ("Doors", "SELECT now() AS TimeGenerated", "there is no such table"),
        ("SigninLogs", "SELECT now() AS TimeGenerated, 1 AS Nope", "has no column 'Nope'"),
        ("Doors_CL", 'SELECT now() AS TimeGenerated, 1 AS "a b"', "cannot be called 'a b'"),
        ("Doors_CL", "SELECT now() AS TimeGenerated, INTERVAL 1 DAY AS Length", "has the type INTERVAL"),
        ("Do-ors_CL", "SELECT now() AS TimeGenerated", "cannot be called 'Do-ors_CL'"),
    ],
)
def test_a_folder_that_does_not_fit_is_refused_with_the_reason(
    tmp_path: Path, name: str, select: str, words: str
) -> None:
    written(tmp_path / f"{name}.parquet", select)
    with pytest.raises(ParquetError) as refused:
        opened(tmp_path)
    assert words in str(refused.value)


def test_a_folder_that_is_none_or_empty_or_broken_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["query", "print 1", "--parquet", str(tmp_path / "nowhere")]) == 2
    assert "is not a folder" in capsys.readouterr().err
    assert main(["query", "print 1", "--parquet", str(tmp_path)]) == 2
    assert "holds no Parquet files" in capsys.readouterr().err
    (tmp_path / "Doors_CL.parquet").write_text("no")
    assert main(["query", "print 1", "--parquet", str(tmp_path)]) == 2
    assert "cannot be read as Parquet" in capsys.readouterr().err
