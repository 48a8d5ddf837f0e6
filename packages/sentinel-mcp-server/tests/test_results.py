from hypothesis import given
from hypothesis import strategies as st

from sentinel_azure_clients import Column, Table
from sentinel_mcp_server.results import some_rows, table_text


def table(*texts: str) -> Table:
    return Table("T", (Column("a", "string"),), tuple((text,) for text in texts))


def test_rows_end_where_the_budget_does() -> None:
    assert some_rows(table("x" * 10, "y" * 10, "z" * 10), 0, 10, budget=30).rows == [["x" * 10], ["y" * 10]]


def test_a_row_larger_than_the_budget_is_given_alone() -> None:
    shown = some_rows(table("x", "y" * 1000, "z"), 1, 10, budget=30)
    assert shown.rows == [["y" * 1000]]


@given(st.lists(st.text(max_size=20), min_size=1, max_size=20), st.integers(1, 5), st.integers(1, 60))
def test_paging_by_what_was_shown_reaches_every_row_once(texts: list[str], limit: int, budget: int) -> None:
    seen: list[str] = []
    while len(seen) < len(texts):
        rows = some_rows(table(*texts), len(seen), limit, budget).rows
        assert 0 < len(rows) <= limit
        seen += [row[0] for row in rows]
    assert seen == texts


def test_the_text_says_how_many_rows_it_leaves_out() -> None:
    shown = some_rows(table(*["x" * 100] * 10), 0, 10)
    assert table_text(shown, budget=500).splitlines()[-1].startswith("…6 more rows are in structuredContent")
