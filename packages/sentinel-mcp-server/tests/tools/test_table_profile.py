import duckdb
import pytest

from sentinel_mcp_server.testing import Session, text


def test_shares_and_distinct_values_are_those_that_sql_finds_in_the_rows(offline: Session) -> None:
    columns = ["UserPrincipalName", "IPAddress", "ResultType", "RiskDetail"]
    answer = offline.answer("table_profile", name="SigninLogs", columns=columns, timespan="1d")
    window = f"{answer['start']}/{answer['end']}"
    query = f"SigninLogs | project {', '.join(columns)}"
    rows = offline.answer("query_run", query=query, timespan=window, max_rows=10_000)["tables"][0]["rows"]
    assert answer["rows"] == len(rows) > 0
    with duckdb.connect() as database:
        database.execute("create table raw (" + ", ".join(f"c{n} varchar" for n in range(len(columns))) + ")")
        database.executemany("insert into raw values (?, ?, ?, ?)", rows)
        for number, column in enumerate(columns):
            found = database.execute(
                f"select count(nullif(c{number}, '')), count(distinct nullif(c{number}, '')) from raw"
            ).fetchone()
            assert found is not None
            (profile,) = [p for p in answer["columns"] if p["column"] == column]
            assert profile["filled"] == pytest.approx(found[0] / len(rows))
            assert profile["distinct"] == found[1]
            values = {row[number] for row in rows if row[number]}
            assert profile["example"] in values | {None}


@pytest.mark.thorough
def test_columns_that_were_not_looked_at_and_a_sample_are_told(offline: Session) -> None:
    answer = offline.answer("table_profile", name="SigninLogs", timespan="7d", sample=100)
    assert answer["rows"] == 100
    assert any("Only 100 rows" in note for note in answer["notes"])
    assert any("columns were not looked at" in note for note in answer["notes"])
    assert len(answer["columns"]) == 60
    assert "Only 100 rows" in text(offline.call("table_profile", name="SigninLogs", timespan="7d", sample=100))


def test_an_empty_window_fills_nothing(offline: Session) -> None:
    window = "2020-01-01T00:00Z/2020-01-02T00:00Z"
    answer = offline.answer("table_profile", name="SigninLogs", columns=["IPAddress"], timespan=window)
    assert answer["rows"] == 0
    assert answer["columns"][0]["filled"] == 0.0
    assert answer["columns"][0]["example"] is None


def test_unknown_tables_and_columns_are_named(offline: Session) -> None:
    assert "There is no table 'Nope'" in offline.refusal("table_profile", name="Nope")
    assert "has no column 'Nope'" in offline.refusal("table_profile", name="SigninLogs", columns=["Nope"])
