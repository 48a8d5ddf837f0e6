import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sentinel_azure_clients import MalformedAnswer, _answer


def table(columns: list[tuple[str, str]], *rows: str) -> bytes:
    described = json.dumps([{"name": name, "type": kind} for name, kind in columns])
    return f'{{"tables":[{{"name":"PrimaryResult","columns":{described},"rows":[{",".join(rows)}]}}]}}'.encode()


def test_no_digit_is_lost() -> None:
    body = table(
        [("l", "long"), ("d", "decimal"), ("r", "real"), ("t", "datetime"), ("j", "dynamic"), ("n", "string")],
        '[9223372036854775807, 0.10000000000000000000000001, 0.1, "2026-01-01T00:00:00.1234567Z", "{\\"a\\":1}", null]',
    )
    (found,) = _answer.tables(_answer.load(body))
    assert found["rows"] == [
        [
            9223372036854775807,
            "0.10000000000000000000000001",
            0.1,
            "2026-01-01T00:00:00.1234567Z",
            '{"a":1}',
            None,
        ]
    ]
    assert [type(value) for value in found["rows"][0]] == [int, str, float, str, str, type(None)]


def test_a_column_that_is_called_decimal_changes_nothing() -> None:
    (found,) = _answer.tables(_answer.load(table([("decimal", "real")], "[1.5]", "[2]")))
    assert found["rows"] == [[1.5], [2]]
    assert type(found["rows"][0][0]) is float


def test_figures_that_json_does_not_have_become_text() -> None:
    (found,) = _answer.tables(_answer.load(table([("r", "real")], "[NaN]", "[-Infinity]")))
    assert found["rows"] == [["NaN"], ["-Infinity"]]
    json.dumps(found, allow_nan=False)


@given(st.lists(st.integers(-(2**63), 2**63 - 1), max_size=20))
def test_whole_numbers_are_exact(numbers: list[int]) -> None:
    (found,) = _answer.tables(_answer.load(table([("l", "long")], *(f"[{number}]" for number in numbers))))
    assert found["rows"] == [[number] for number in numbers]


@pytest.mark.parametrize(
    "body",
    [
        b"{",
        b"<html>",
        b"[]",
        b"\xff\xfe",
        b"[" * 100_000,
        b'{"tables": 1}',
        b'{"tables": [1]}',
        b'{"tables": [{"columns": [], "name": "t"}]}',
        b'{"tables": [{"columns": [{"name": 1, "type": "int"}], "rows": []}]}',
        table([("a", "int")], "[1, 2]"),
        table([("a", "int")], "1"),
    ],
)
def test_what_is_not_an_answer_is_said_to_be_malformed(body: bytes) -> None:
    with pytest.raises(MalformedAnswer):
        _answer.tables(_answer.load(body))
