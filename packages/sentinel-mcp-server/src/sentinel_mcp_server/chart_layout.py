"""Which columns of a result become which part of a chart: what the caller says, else `render`, else the types."""

import math
from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any, Literal, cast

from pydantic import BaseModel, ConfigDict, Field

from sentinel_mcp_server.errors import Refused
from sentinel_mcp_server.results import ResultTable

ChartKind = Literal["line", "area", "column", "bar", "scatter", "pie"]

MOST_SERIES = 12
MOST_SLICES = 12
MOST_BARS = 40

_RENDERED: dict[str, ChartKind] = {
    "anomalychart": "line",
    "areachart": "area",
    "barchart": "bar",
    "columnchart": "column",
    "linechart": "line",
    "piechart": "pie",
    "scatterchart": "scatter",
    "stackedareachart": "area",
    "timechart": "line",
}
_NUMBERS = frozenset({"int", "long", "real", "decimal"})


class Layout(BaseModel):
    """The parts of a chart."""

    model_config = ConfigDict(frozen=True)

    kind: ChartKind
    x: str = Field(description="Column along the x axis; of a pie, the slices")
    y: list[str] = Field(description="Columns of the values")
    series: list[str] = Field(description="Columns whose values tell the series apart")
    of_time: bool = Field(description="The x axis is time, in UTC")


class Point(BaseModel):
    """A value of the chart; `y` is None where the row has no number."""

    model_config = ConfigDict(frozen=True)

    x: str | float | None
    y: float | None
    series: str


def lay_out(
    table: ResultTable,
    rendered: Mapping[str, Any],
    kind: ChartKind | None,
    columns: tuple[str | None, Sequence[str], str | None],
) -> tuple[Layout, list[str]]:
    """The layout, and what of `render` it leaves out. `columns` are the caller's x, y and series.

    Raises:
        Refused: a column is not there, is no number where one is needed, or the kind cannot be drawn.
    """
    types = {column.name: column.type for column in table.columns}
    wanted_x, wanted_y, wanted_series = columns
    notes: list[str] = []
    asked = str(rendered.get("visualization") or "")
    if kind is None and asked and asked not in _RENDERED:
        notes.append(f"{asked} of render is not drawn here; a kind that fits the columns was taken.")
    if rendered.get("ySplit") not in (None, "none"):
        notes.append("ysplit of render is not drawn: all values share one axis.")
    x = wanted_x or rendered.get("xColumn") or _first(types, "datetime") or _first_text(types) or next(iter(types), "")
    chosen = kind or _RENDERED.get(asked) or ("line" if types.get(x) == "datetime" else "bar")
    y = list(wanted_y) or [str(name) for name in rendered.get("yColumns") or ()]
    y = y or [name for name, type_ in types.items() if type_ in _NUMBERS and name != x]
    if wanted_series is not None:
        series = [wanted_series]
    else:
        named: list[str] = [str(name) for name in cast("list[Any]", rendered.get("series") or ())]
        rest = [name for name, type_ in types.items() if type_ not in _NUMBERS and type_ != "datetime"]
        series = [name for name in named or rest if name != x and name not in y]
    for name in (x, *y, *series):
        if name not in types:
            raise Refused(f"The result has no column {name[:80]!r}; it has {', '.join(types) or 'none'}.")
    if not y:
        raise Refused(f"The result has no column of numbers to draw ({', '.join(types)}): summarise in KQL first.")
    if wrong := [name for name in y if types[name] not in _NUMBERS]:
        raise Refused(f"{wrong[0]} is of the type {types[wrong[0]]}, and values to draw are numbers.")
    if chosen == "scatter" and types[x] not in _NUMBERS | {"datetime"}:
        raise Refused(f"A scatter chart needs numbers or times along x, and {x} is of the type {types[x]}.")
    of_time = types[x] == "datetime"
    if chosen == "pie":
        y, series = y[:1], []
    return Layout(kind=chosen, x=x, y=y, series=series, of_time=of_time), notes


def stacked(layout: Layout, *, many: bool) -> bool:
    """Whether several series are drawn one upon the other."""
    return many and layout.kind in ("area", "bar", "column")


def points_of(table: ResultTable, layout: Layout) -> tuple[list[Point], list[str]]:
    """The points to draw and what was left out: the largest series, bars or slices where there are too many."""
    place = {column.name: number for number, column in enumerate(table.columns)}
    types = {column.name: column.type for column in table.columns}
    numeric_x = types[layout.x] in _NUMBERS and layout.kind in ("line", "area", "scatter")
    points: list[Point] = []
    for row in table.rows:
        names = [_shown(row[place[name]]) for name in layout.series]
        x = row[place[layout.x]]
        for y in layout.y:
            label = " · ".join([*names, *([y] if len(layout.y) > 1 or not names else [])])
            points.append(Point(x=_number(x) if numeric_x else _shown(x), y=_number(row[place[y]]), series=label))
    notes: list[str] = []
    if layout.of_time and (timeless := sum(point.x == _shown(None) for point in points)):
        notes.append(f"{timeless} values have no time and are not drawn.")
        points = [point for point in points if point.x != _shown(None)]
    if missing := sum(point.y is None for point in points):
        notes.append(f"{missing} values are empty or no numbers and leave gaps.")
    if layout.kind == "pie":
        return _largest(points, "x", MOST_SLICES, "slices", notes)
    points, notes = _largest(points, "series", MOST_SERIES, "series", notes)
    if layout.kind in ("bar", "column") and not layout.of_time:
        points, notes = _largest(points, "x", MOST_BARS, "bars", notes)
    groups = {point.series for point in points}
    if stacked(layout, many=len(groups) > 1):
        notes.append("The series are stacked.")
    if layout.kind == "line" and layout.of_time and len(points) < len(groups) * len({point.x for point in points}):
        notes.append("Some series have no row at some of the times: a line joins what there is, not zeros.")
    return points, notes


def _largest(
    points: list[Point], by: Literal["series", "x"], most: int, what: str, notes: list[str]
) -> tuple[list[Point], list[str]]:
    """The points of the largest groups in their order, and a note where there were more."""
    sizes: defaultdict[str | float | None, float] = defaultdict(float)
    for point in points:
        sizes[getattr(point, by)] += abs(point.y or 0.0)
    if len(sizes) <= most:
        return points, notes
    kept = set(sorted(sizes, key=lambda name: -sizes[name])[:most])
    told = f"There are {len(sizes)} {what}; the {most} largest are drawn, and the rest is left out."
    return [point for point in points if getattr(point, by) in kept], [*notes, told]


def _first(types: Mapping[str, str], type_: str) -> str | None:
    return next((name for name, found in types.items() if found == type_), None)


def _first_text(types: Mapping[str, str]) -> str | None:
    return next((name for name, found in types.items() if found not in _NUMBERS), None)


def _shown(value: object) -> str:
    return "(empty)" if value is None or value == "" else str(value)


def _number(value: object) -> float | None:
    try:
        number = float(str(value))
    except ValueError:
        return None
    return number if math.isfinite(number) else None
