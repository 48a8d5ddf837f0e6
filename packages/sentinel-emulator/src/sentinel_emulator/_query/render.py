"""The `render` member of an answer: what the query's final `render` operator asked for."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from .text import Token, tokens

if TYPE_CHECKING:
    from sentinel_emulator._json import Json

# The members, their order and their values without an operator are those of a recorded answer.
_NOTHING: dict[str, Any] = {
    "visualization": None,
    "title": None,
    "accumulate": False,
    "isQuerySorted": False,
    "kind": None,
    "legend": None,
    "series": None,
    "yMin": "NaN",
    "yMax": "NaN",
    "xAxis": None,
    "xColumn": None,
    "xTitle": None,
    "yAxis": None,
    "yColumns": None,
    "ySplit": None,
    "yTitle": None,
    "anomalyColumns": None,
}
_PROPERTIES = {name.lower(): name for name in _NOTHING}


def render_of(query: str) -> dict[str, Any]:
    """Return the `render` object of a query; all empty when nothing is rendered."""
    found = dict(_NOTHING)
    held = list(tokens(query))
    start = next((i for i in range(len(held) - 1, 0, -1) if _begins_render(held, i)), None)
    if start is None:
        return found
    stage = held[start:]
    found["visualization"] = stage[1].text if len(stage) > 1 else None
    for match in re.finditer(r"(\w+)\s*=\s*(\"[^\"]*\"|'[^']*'|[\w.-]+)", query[stage[0].start :]):
        name = _PROPERTIES.get(match.group(1).lower())
        if name is not None:
            found[name] = _value(name, match.group(2))
    return found


def _begins_render(held: list[Token], index: int) -> bool:
    return held[index].text == "render" and held[index - 1].text == "|"


def _value(name: str, text: str) -> Json:
    plain = text.strip("\"'")
    if name in {"series", "yColumns", "anomalyColumns"}:
        return [part.strip() for part in plain.split(",")]
    if name in {"accumulate", "isQuerySorted"}:
        return plain.lower() == "true"
    return plain
