from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from sentinel_kql_validator._text import Positions, unencodable


@given(st.text(st.characters(exclude_categories=("Cs",))), st.data())
def test_spans_agree_with_the_encoded_text(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    units = [len(text[:index].encode("utf-16-le")) // 2 for index in (start, end)]
    assert Positions(text).span(units[0], units[1] - units[0]) == (start, end - start)


def test_lines_end_in_any_of_three_ways() -> None:
    positions = Positions("a\r\nb\rc\nd")
    assert [positions.line_and_column(i) for i in (0, 3, 5, 7, 8)] == [(1, 1), (2, 1), (3, 1), (4, 1), (4, 2)]


def test_a_lone_surrogate_is_found() -> None:
    assert unencodable("ab\ud800") == 2
    assert unencodable("a😀") is None
