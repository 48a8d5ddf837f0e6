from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sentinel_mcp_server.chart_layout import MOST_BARS, MOST_SERIES, MOST_SLICES, ChartKind, lay_out, points_of
from sentinel_mcp_server.errors import Refused
from sentinel_mcp_server.results import ResultColumn, ResultTable

NOTHING: tuple[None, tuple[()], None] = (None, (), None)


def table(columns: dict[str, str], *rows: list[Any]) -> ResultTable:
    return ResultTable(
        name="t", columns=[ResultColumn(name=name, type=type_) for name, type_ in columns.items()], rows=list(rows)
    )


TIMES = table(
    {"T": "datetime", "Kind": "string", "N": "long", "M": "real"},
    ["2026-01-01T00:00:00Z", "a", 1, 1.5],
    ["2026-01-01T01:00:00Z", "a", 2, 2.5],
    ["2026-01-01T00:00:00Z", "b", 3, None],
)
NAMES = table({"Name": "string", "N": "long"}, ["x", 3], ["y", 5])


def test_times_make_lines_and_names_make_bars() -> None:
    layout, _ = lay_out(TIMES, {}, None, NOTHING)
    assert (layout.kind, layout.x, layout.y, layout.series, layout.of_time) == ("line", "T", ["N", "M"], ["Kind"], True)
    layout, _ = lay_out(NAMES, {}, None, NOTHING)
    assert (layout.kind, layout.x, layout.y, layout.series, layout.of_time) == ("bar", "Name", ["N"], [], False)


@pytest.mark.parametrize(
    ("word", "kind"), [("timechart", "line"), ("columnchart", "column"), ("piechart", "pie"), ("areachart", "area")]
)
def test_render_is_followed_and_the_caller_stands_over_it(word: str, kind: ChartKind) -> None:
    rendered = {"visualization": word, "xColumn": "Kind", "yColumns": ["M"], "series": None}
    layout, notes = lay_out(TIMES, rendered, None, NOTHING)
    assert (layout.kind, layout.x, layout.y, notes) == (kind, "Kind", ["M"], [])
    layout, _ = lay_out(TIMES, rendered, "scatter", ("T", ("N",), "Kind"))
    assert (layout.kind, layout.x, layout.y, layout.series) == ("scatter", "T", ["N"], ["Kind"])


def test_what_of_render_is_not_drawn_is_told() -> None:
    _, notes = lay_out(TIMES, {"visualization": "timechart", "ySplit": "panels"}, None, NOTHING)
    assert notes == ["ysplit of render is not drawn: all values share one axis."]
    _, notes = lay_out(TIMES, {"visualization": "treemap"}, None, NOTHING)
    assert notes == ["treemap of render is not drawn here; a kind that fits the columns was taken."]


@pytest.mark.parametrize(
    ("kind", "columns", "says"),
    [
        (None, ("Nope", (), None), "no column 'Nope'; it has T, Kind, N, M"),
        (None, (None, ("Kind",), None), "Kind is of the type string, and values to draw are numbers"),
        (None, (None, (), "Nope"), "no column 'Nope'"),
        ("scatter", ("Kind", ("N",), None), "needs numbers or times along x"),
    ],
)
def test_what_cannot_be_drawn_is_refused(kind: ChartKind | None, columns: Any, says: str) -> None:
    with pytest.raises(Refused, match=says):
        lay_out(TIMES, {}, kind, columns)


def test_a_result_without_numbers_is_refused() -> None:
    with pytest.raises(Refused, match="no column of numbers to draw"):
        lay_out(table({"Name": "string"}, ["x"]), {}, None, NOTHING)


def test_each_value_is_a_point_of_its_series_and_gaps_are_told() -> None:
    layout, _ = lay_out(TIMES, {}, None, NOTHING)
    points, notes = points_of(TIMES, layout)
    assert [(point.series, point.y) for point in points] == [
        ("a · N", 1.0),
        ("a · M", 1.5),
        ("a · N", 2.0),
        ("a · M", 2.5),
        ("b · N", 3.0),
        ("b · M", None),
    ]
    assert notes == [
        "1 values are empty or no numbers and leave gaps.",
        "Some series have no row at some of the times: a line joins what there is, not zeros.",
    ]


@pytest.mark.parametrize(
    ("kind", "most", "what"),
    [("line", MOST_SERIES, "series"), ("pie", MOST_SLICES, "slices"), ("bar", MOST_BARS, "bars")],
)
def test_too_many_are_cut_to_the_largest_and_said_so(kind: ChartKind, most: int, what: str) -> None:
    columns = {"T": "datetime", "Name": "string", "N": "long"}
    many = table(columns, *(["2026-01-01T00:00:00Z", f"n{number}", number] for number in range(60)))
    x = "T" if kind == "line" else "Name"
    layout, _ = lay_out(many, {}, kind, (x, ("N",), None))
    points, notes = points_of(many, layout)
    assert notes[0] == f"There are 60 {what}; the {most} largest are drawn, and the rest is left out."
    assert sorted(point.y or 0 for point in points) == list(range(60 - most, 60))


def test_values_without_a_time_are_not_drawn_and_told() -> None:
    some = table({"T": "datetime", "N": "long"}, [None, 1], ["2026-01-01T00:00:00Z", 2])
    layout, _ = lay_out(some, {}, None, NOTHING)
    points, notes = points_of(some, layout)
    assert [point.y for point in points] == [2.0]
    assert notes == ["1 values have no time and are not drawn."]


@given(st.lists(st.tuples(st.text(), st.one_of(st.none(), st.floats(), st.integers()))))
def test_any_names_and_numbers_can_be_laid_out(rows: list[tuple[str, float | None]]) -> None:
    anything = table({"Name": "string", "N": "real"}, *map(list, rows))
    layout, _ = lay_out(anything, {}, None, NOTHING)
    points, _ = points_of(anything, layout)
    assert len({point.x for point in points}) <= MOST_BARS
