import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sentinel_azure_clients import (
    InvalidInput,
    MalformedAnswer,
    QueryRejected,
    QueryRequest,
    Unreachable,
    _stream,
    logs,
)
from sentinel_azure_clients._stream import RowReader
from sentinel_azure_clients.testing import Answer, FakeAzure, fake_context

TEXTS = st.text(st.sampled_from('a],["\\{}:,\n é😀'), max_size=12) | st.just('"rows":[["x"],["y"]]')


def answer_of(rows: list[list[Any]], **more: Any) -> dict[str, Any]:
    columns = [{"name": "s", "type": "string"}, {"name": "n", "type": "long"}, {"name": "r", "type": "real"}]
    return {"tables": [{"name": "PrimaryResult", "columns": columns, "rows": rows}], **more}


def read(body: bytes, size: int, batch: int = 1 << 20) -> tuple[dict[str, Any], tuple[Any, ...]]:
    reader = RowReader(batch)
    for start in range(0, len(body), size):
        reader.feed(body[start : start + size])
    return reader.finish()


@settings(deadline=None)
@given(
    st.lists(
        st.tuples(
            TEXTS | st.none(), st.integers(-(2**63), 2**63 - 1), st.floats(allow_nan=False, allow_infinity=False)
        ).map(list)
    ),
    st.integers(1, 50),
    st.booleans(),
)
def test_rows_are_the_same_wherever_the_body_is_cut(rows: list[list[Any]], size: int, compact: bool) -> None:
    body = json.dumps(answer_of(rows, statistics={"x": 1}), separators=(",", ":") if compact else None).encode()
    found, tables = read(body, size, batch=16)
    assert [list(row) for row in tables[0].rows()] == rows
    assert found["statistics"] == {"x": 1}


@pytest.mark.parametrize("batch", [1 << 20, 16])
def test_every_shape_of_answer_is_read(batch: int) -> None:
    row: list[Any] = ["x", 1, 0.5]
    one = answer_of([row] * 20)
    two: dict[str, Any] = {"tables": [*one["tables"], {**one["tables"][0], "name": "Second"}], "render": {"a": 1.5}}
    backwards: dict[str, Any] = {"tables": [{key: one["tables"][0][key] for key in ("rows", "columns", "name")}]}
    bodies: tuple[dict[str, Any], ...]
    bodies = (one, two, backwards, {"error": {"code": "x"}, **one}, answer_of([]))
    for body in bodies:
        for separators in ((",", ":"), None):
            found, tables = read(json.dumps(body, separators=separators).encode(), 7, batch)
            described: list[dict[str, Any]] = body["tables"]
            assert [table.name for table in tables] == [table["name"] for table in described]
            for table, sent in zip(tables, described, strict=True):
                assert [list(r) for r in table.rows()] == sent["rows"]
            assert {key: found[key] for key in body if key != "tables"} == {
                key: value for key, value in body.items() if key != "tables"
            }
    assert read(b"", 1) == ({}, ())


def test_decimals_and_figures_without_json_stay_exact() -> None:
    columns = '[{"name":"d","type":"decimal"},{"name":"r","type":"real"},{"name":"l","type":"long"}]'
    row = "[0.10000000000000000000000001,0.1,9223372036854775807]"
    body = f'{{"tables":[{{"name":"t","columns":{columns},"rows":[{row},{row},[null,NaN,null]]}}]}}'
    _, (table,) = read(body.encode(), 11, batch=16)
    exact = ("0.10000000000000000000000001", 0.1, 9223372036854775807)
    assert list(table.rows()) == [exact, exact, (None, "NaN", None)]


@pytest.mark.parametrize("cut", [10, 60, 200, -1])
def test_an_answer_that_ends_in_the_middle_is_malformed(cut: int) -> None:
    body = json.dumps(answer_of([["x", 1, 0.5]] * 50), separators=(",", ":")).encode()
    with pytest.raises(MalformedAnswer):
        read(body[:cut], 1000)


def test_a_row_of_another_width_is_malformed() -> None:
    with pytest.raises(MalformedAnswer, match="not 3 values"):
        read(json.dumps(answer_of([["x", 1, 0.5], ["y"], ["x", 1, 0.5]]), separators=(",", ":")).encode(), 30, batch=16)


def test_a_text_full_of_boundaries_costs_no_more_than_its_length() -> None:
    held = b'["a"],["' + b"],[" * 300_000
    assert _stream._last_boundary(held) == 4  # pyright: ignore[reportPrivateUsage]


async def test_a_large_answer_is_read_by_column() -> None:
    azure = FakeAzure()
    rows = [[f"text {n}", n, n / 7] for n in range(50_000)]
    azure.answer("POST", "/query", json=answer_of(rows, statistics={"query": {"executionTime": 1.5}}))
    async with fake_context(azure) as context:
        response = await logs.run_query_by_column(context, QueryRequest("T"))
        assert context.queries.held == 0
    (table,) = response.tables
    assert (response.status, table.row_count, response.error) == ("complete", 50_000, None)
    assert [list(row) for row in table.rows()] == rows
    assert response.statistics == {"query": {"executionTime": 1.5}}
    assert response.bytes_read > 1_000_000


async def test_a_byte_budget_ends_the_reading_and_keeps_what_arrived() -> None:
    azure = FakeAzure()
    rows = [[f"text {n}", n, n / 7] for n in range(100_000)]
    azure.answer("POST", "/query", Answer(body=json.dumps(answer_of(rows), separators=(",", ":")).encode(), pieces=50))
    async with fake_context(azure) as context:
        response = await logs.run_query_by_column(context, QueryRequest("T"), byte_budget=1_500_000)
        assert context.queries.held == 0
        with pytest.raises(InvalidInput, match="byte_budget is 0"):
            await logs.run_query_by_column(context, QueryRequest("T"), byte_budget=0)
    (table,) = response.tables
    assert response.status == "truncated"
    assert 1_500_000 < response.bytes_read < 1_700_000
    assert 0 < table.row_count < 100_000
    assert [list(row) for row in table.rows()] == rows[: table.row_count]


async def test_a_partial_answer_and_a_rejected_query_are_told_by_column_too() -> None:
    azure = FakeAzure()
    azure.answer(
        "POST", "/query", Answer(json=answer_of([["x", 1, 0.5]], error={"code": "PartialError", "message": "m"}))
    )
    async with fake_context(azure) as context:
        response = await logs.run_query_by_column(context, QueryRequest("T"))
        assert (response.status, response.tables[0].row_count) == ("partial", 1)
        assert response.error is not None
        assert response.error["code"] == "PartialError"
        azure.answer("POST", "/query", status=400, json={"error": {"code": "BadArgumentError", "message": "no"}})
        with pytest.raises(QueryRejected, match="no"):
            await logs.run_query_by_column(context, QueryRequest("T"))
        azure.answer("POST", "/query", Answer(json=answer_of([["x", 1, 0.5]]), break_after=100))
        with pytest.raises(Unreachable):
            await logs.run_query_by_column(context, QueryRequest("T"))
    assert len(azure.requests) == 3


ROWS = b'{"tables":[{"name":"t","columns":[{"name":"n","type":"long"}],"rows":[[1],[2],[3]]}],"statistics":{}}'


@pytest.mark.parametrize("batch", [1, 1000])
def test_reading_that_stops_anywhere_gives_every_row_that_has_arrived_whole(batch: int) -> None:
    for end in range(len(ROWS) + 1):
        reader = RowReader(batch=batch)
        reader.feed(ROWS[:end])
        found = reader.stop()
        arrived = [n for n in (1, 2, 3) if b"[%d]" % n in ROWS[:end]]
        assert [row[0] for table in found for row in table.rows()] == arrived


@pytest.mark.parametrize("batch", [1, 1000])
def test_bytes_that_are_no_text_are_malformed(batch: int) -> None:
    reader = RowReader(batch=batch)
    reader.feed(ROWS.replace(b"[2]", b'["\xff"]'))
    with pytest.raises(MalformedAnswer):
        reader.finish()


@pytest.mark.parametrize("batch", [1, 1000])
def test_half_a_character_is_kept_as_it_came(batch: int) -> None:
    reader = RowReader(batch=batch)
    reader.feed(ROWS.replace(b"long", b"string").replace(b"[3]", '["\ud800"]'.encode("utf-8", "surrogatepass")))
    _, (table,) = reader.finish()
    assert table.values[0][2] == "\ud800"
