import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sentinel_azure_clients.columns import Column, ColumnarTable, Values

VALUES = (
    st.none()
    | st.text(max_size=5)
    | st.booleans()
    | st.integers(-(2**70), 2**70)
    | st.floats(allow_nan=False)
    | st.just("a word that repeats")
)


@given(
    st.sampled_from(["int", "long", "real", "string", "bool", "datetime", "dynamic", "decimal"]),
    st.lists(st.lists(VALUES, max_size=12), max_size=4),
)
def test_every_value_comes_back_as_it_was(kind: str, batches: list[list[Any]]) -> None:
    values = Values(kind)
    for batch in batches:
        values.extend(tuple(batch))
    expected = [value for batch in batches for value in batch]
    assert list(values) == expected
    assert [type(value) for value in values] == [type(value) for value in expected]
    assert [values[place] for place in range(len(values))] == expected
    assert values[1:4] == expected[1:4]
    assert len(values) == len(expected)


@pytest.mark.parametrize(
    ("kind", "batch"),
    [
        ("long", (1, None, 2**63 - 1, -(2**63))),
        ("long", (2**63,)),
        ("real", (0.1, None, math.inf)),
        ("real", (1, 2.5)),
        ("real", ("NaN", 0.5)),
        ("string", ("x",) * 300 + (None,)),
        ("string", ("", None, "ä€😀", "\ud800")),
        ("string", tuple(f"word {n % 70}" for n in range(300))),
        ("string", tuple(f"word {n % 300}" for n in range(1300))),
        ("bool", (True, None, False)),
        ("int", (None, None)),
        ("dynamic", ([1], {"a": 2})),
    ],
)
def test_each_form_gives_exactly_what_it_was_given(kind: str, batch: tuple[Any, ...]) -> None:
    values = Values(kind)
    values.extend(batch)
    assert tuple(values) == batch
    assert tuple(values[place] for place in range(-len(batch), 0)) == batch
    assert [type(value) for value in values] == [type(value) for value in batch]


def test_a_row_that_is_not_there_is_refused() -> None:
    values = Values("long")
    values.extend((1, 2))
    for place in (2, -3):
        with pytest.raises(IndexError, match="There are 2 rows"):
            _ = values[place]


def test_a_table_gives_rows_and_columns_by_name() -> None:
    numbers, words = Values("long"), Values("string")
    numbers.extend((1, 2))
    words.extend(("a", None))
    table = ColumnarTable("t", (Column("n", "long"), Column("w", "string")), (numbers, words))
    assert table.row_count == 2
    assert list(table.rows()) == [(1, "a"), (2, None)]
    assert list(table.column("w")) == ["a", None]
    with pytest.raises(KeyError, match="no column 'x'"):
        table.column("x")
    assert ColumnarTable("t", (), ()).row_count == 0
