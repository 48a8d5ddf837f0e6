"""Charts as PNG, drawn by Vega-Lite in this process: no browser, no data but what is handed in, no way to the network.

What the chart says comes from the logs, and a picture cannot be fenced: every label is made visible, cut and unlinked,
and one that reads like instructions is not drawn.
"""

import struct
import zlib
from collections.abc import Iterable, Sequence
from datetime import datetime
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from sentinel_mcp_server.chart_layout import Layout, Point, stacked
from sentinel_mcp_server.errors import Refused
from sentinel_mcp_server.suspicion import suspicious
from sentinel_mcp_server.trust import inline

_WIDTH, _HEIGHT, _SCALE = 760, 380, 1.5
_LABEL = 40
_HEAD = 8
_DAYS_OF_HOURS, _DAYS_OF_DAYS = 7, 90
_LIBRARY = "vl_convert"
_WITHHELD = "(text withheld)"


def require_drawing() -> None:
    """Stop where no chart can be drawn here.

    Raises:
        Refused: the library is not installed.
    """
    if find_spec(_LIBRARY) is None:
        raise Refused(
            "Charts need the package vl-convert-python, which is not installed here: install this server with its "
            "extra `charts`. query_run gives the same rows."
        )


def draw(specification: dict[str, Any]) -> bytes:
    """The PNG of a Vega-Lite specification; the library may fetch nothing."""
    vl_convert: Any = import_module(_LIBRARY)
    return repacked(vl_convert.vegalite_to_png(specification, scale=_SCALE, allowed_base_urls=[]))


def specification(layout: Layout, points: Sequence[Point], title: str, subtitle: str) -> dict[str, Any]:
    """The chart in Vega-Lite: axes and legend named, times in UTC."""
    names = _labels(point.series for point in points)
    slices = {} if layout.of_time else _labels(point.x for point in points if isinstance(point.x, str))
    values = [
        {
            "x": slices.get(point.x, point.x) if isinstance(point.x, str) else point.x,
            "y": point.y,
            "s": names[point.series],
        }
        for point in points
    ]
    return {
        "$schema": "https://vega.github.io/schema/vega-lite/v5.json",
        "width": _WIDTH,
        "height": _HEIGHT,
        "background": "white",
        "padding": 12,
        "title": {"text": _label(title), "subtitle": _label(subtitle, 120), "anchor": "start"},
        "data": {"values": values},
        "config": {
            "axis": {"labelLimit": 260, "labelFontSize": 12, "titleFontSize": 13},
            "legend": {"labelLimit": 260, "labelFontSize": 12, "titleFontSize": 13},
            "title": {"fontSize": 16, "subtitleFontSize": 12},
        },
        **(_pie(layout) if layout.kind == "pie" else _axes(layout, points, many=len(names) > 1)),
    }


def repacked(png: bytes) -> bytes:
    """The same picture, compressed as well as PNG allows; several times smaller for charts."""
    kept: list[bytes] = [png[:_HEAD]]
    pixels = b""
    place = _HEAD
    while place < len(png):
        (length,) = struct.unpack(">I", png[place : place + 4])
        kind, chunk = png[place + 4 : place + 8], png[place : place + 12 + length]
        if kind == b"IDAT":
            pixels += chunk[8:-4]
        elif kind == b"IEND":
            kept += [_chunk(b"IDAT", zlib.compress(zlib.decompress(pixels), 9)), chunk]
        else:
            kept.append(chunk)
        place += len(chunk)
    return b"".join(kept)


def _chunk(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))


def _pie(layout: Layout) -> dict[str, Any]:
    return {
        "mark": {"type": "arc", "outerRadius": 150, "stroke": "white"},
        "encoding": {
            "theta": {"field": "y", "type": "quantitative", "stack": True},
            "order": {"field": "y", "type": "quantitative", "sort": "descending"},
            "color": {"field": "x", "type": "nominal", "title": _label(layout.x), "sort": None, "scale": _COLOURS},
        },
    }


def _axes(layout: Layout, points: Sequence[Point], *, many: bool) -> dict[str, Any]:
    y: dict[str, Any] = {"field": "y", "type": "quantitative", "title": _label(", ".join(layout.y))}
    x = _along(layout, points)
    if stacked(layout, many=many):
        y["stack"] = "zero"
    encoding = {"x": y, "y": x} if layout.kind == "bar" else {"x": x, "y": y}
    if many:
        told = ", ".join(layout.series) or "value"
        encoding["color"] = {"field": "s", "type": "nominal", "title": _label(told), "sort": None, "scale": _COLOURS}
    return {"mark": _mark(layout, points), "encoding": encoding}


def _along(layout: Layout, points: Sequence[Point]) -> dict[str, Any]:
    if layout.of_time:
        return {
            "field": "x",
            "type": "temporal",
            "title": f"{_label(layout.x)} (UTC)",
            "scale": {"type": "utc"},
            "axis": {"format": _time_format(points), "labelOverlap": "greedy", "tickCount": 8},
        }
    numeric = any(isinstance(point.x, float) for point in points)
    along: dict[str, Any] = {"field": "x", "type": "quantitative" if numeric else "nominal", "title": _label(layout.x)}
    if not numeric:
        along["sort"] = None  # in the order of the rows, which is the query's
        along["axis"] = {"labelAngle": 0 if layout.kind == "bar" else -40}
    return along


def _mark(layout: Layout, points: Sequence[Point]) -> dict[str, Any]:
    instants = len({point.x for point in points})
    if layout.kind == "line":
        return {"type": "line", "point": instants <= _WIDTH // 10}
    if layout.kind == "area":
        return {"type": "area", "opacity": 0.8}
    if layout.kind == "scatter":
        return {"type": "point", "filled": True, "opacity": 0.6}
    if layout.of_time:
        thickness = max(1.0, 0.7 * (_HEIGHT if layout.kind == "bar" else _WIDTH) / max(1, instants))
        return {"type": "bar", "width" if layout.kind == "column" else "height": thickness}
    return {"type": "bar"}


def _time_format(points: Sequence[Point]) -> str:
    moments = sorted(_moment(point.x) for point in points if isinstance(point.x, str))
    days = (moments[-1] - moments[0]).total_seconds() / 86_400 if moments else 0
    if days <= _DAYS_OF_HOURS:
        return "%d %b %H:%M"
    return "%d %b" if days <= _DAYS_OF_DAYS else "%b %Y"


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text)


def _labels(texts: Iterable[str]) -> dict[str, str]:
    """A label for each text, no two the same, whatever cutting makes of them."""
    labels: dict[str, str] = {}
    used: set[str] = set()
    for text in dict.fromkeys(texts):
        label, number = _label(text), 1
        while label in used:
            number += 1
            label = f"{_label(text)} ({number})"
        labels[text] = label
        used.add(label)
    return labels


def _label(text: str, limit: int = _LABEL) -> str:
    if suspicious(text):
        return _WITHHELD
    one_line = inline(text, len(text))
    return one_line if len(one_line) <= limit else f"{one_line[: limit - 1]}…"


_COLOURS = {
    "range": [
        *("#1f77b4", "#d95f02", "#2ca02c", "#c51b7d", "#7570b3", "#8c564b"),
        *("#17becf", "#e6ab02", "#525252", "#66a61e", "#e377c2", "#a6cee3"),
    ]
}
