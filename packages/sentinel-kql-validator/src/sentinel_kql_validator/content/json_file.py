"""Analytic rules, hunting queries and functions in ARM templates."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any, TypeAlias, cast

from .model import ContentError, ContentQuery, Kind
from .placed import PlacedText

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

Path: TypeAlias = tuple[str | int, ...]
_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|[{}\[\],:]|[^\s{}\[\],:"]+', re.DOTALL)
_ESCAPE = re.compile(r"\\(?:u[0-9a-fA-F]{4}|.)", re.DOTALL)
_RULES = re.compile(r"microsoft\.securityinsights/alertrule(?:template)?s$|/providers/alertrule(?:template)?s$")
_SAVED = re.compile(r"microsoft\.operationalinsights/workspaces(?:/|.*/)savedsearches$|^savedsearches$")
_HUNTING = "hunting queries"


def read_json(text: str) -> list[ContentQuery]:
    """Give the queries of an ARM template; none where the JSON is something else. Raises `ContentError` if broken."""
    try:
        data = json.loads(text)
    except json.JSONDecodeError as error:
        raise ContentError(f"is not JSON: {error.msg}.", error.lineno, error.colno) from error
    except RecursionError as error:
        raise ContentError("is nested too deeply to be read.") from error
    found = list(_resources(data, ()))
    if not found:
        return []
    strings = dict(_strings(text))
    return [_query(text, path, resource, strings) for path, resource in found]


def _resources(data: Any, path: Path) -> Iterator[tuple[Path, Mapping[str, Any]]]:  # noqa: ANN401 - JSON
    if isinstance(data, dict):
        members = cast("dict[str, Any]", data)
        kind, properties = str(members.get("type", "")).lower(), members.get("properties")
        queried = isinstance(properties, dict) and isinstance(cast("dict[str, Any]", properties).get("query"), str)
        if queried and (_RULES.search(kind) or _SAVED.search(kind)):
            yield path, members
        for name, value in members.items():
            yield from _resources(value, (*path, name))
    elif isinstance(data, list):
        for index, value in enumerate(cast("list[Any]", data)):
            yield from _resources(value, (*path, index))


def _query(text: str, path: Path, resource: Mapping[str, Any], strings: Mapping[Path, int]) -> ContentQuery:
    properties: Mapping[str, Any] = resource["properties"]
    kind: Kind = "analytic rule"
    if _SAVED.search(str(resource["type"]).lower()):
        hunting = str(properties.get("category", "")).lower() == _HUNTING
        kind = "hunting query" if hunting else "parser" if properties.get("functionAlias") else "query"
    placed = _placed(text, strings[*path, "properties", "query"])
    fields = {**properties, "kind": resource.get("kind")} if kind == "analytic rule" else dict(properties)
    if "techniques" in fields:
        fields["relevantTechniques"] = fields["techniques"]
    places = {name: strings[*path, "properties", name] for name in properties if (*path, "properties", name) in strings}
    name = str(properties.get("displayName") or resource.get("name") or "")
    begin = min(strings.get((*path, "type"), 0), placed.places[0])
    expression = placed.text.startswith("[") and placed.text.endswith("]") and not placed.text.startswith("[[")
    unread = "The query is an ARM template expression, which only a deployment turns into KQL." if expression else None
    if placed.text.startswith("[[") and placed.exact:  # how ARM writes a text that begins with a bracket
        placed = PlacedText(placed.text[1:], placed.places[1:])
    return ContentQuery(placed, kind, name, fields, places, begin, unread)


def _strings(text: str) -> Iterator[tuple[Path, int]]:
    """Give the path and the place of every value; the text is known to be JSON."""
    path: list[str | int] = []
    expects_key = [False]
    for match in _TOKEN.finditer(text):
        piece = match.group()
        if piece in "{[":
            yield tuple(path), match.start()
            expects_key.append(piece == "{")
            path.append("" if piece == "{" else 0)
        elif piece in "}]":
            expects_key.pop()
            path.pop()
        elif piece == ",":
            last = path[-1]
            if isinstance(last, int):
                path[-1] = last + 1
            else:
                expects_key[-1] = True
        elif piece == ":":
            expects_key[-1] = False
        elif expects_key[-1]:
            path[-1] = str(json.loads(piece))
        else:
            yield tuple(path), match.start()


def _placed(text: str, start: int) -> PlacedText:
    """Place a JSON string that begins with its quote at `start`."""
    pieces: list[str] = []
    places: list[int] = []
    position = start + 1
    while text[position] != '"':
        if text[position] != "\\":
            pieces.append(text[position])
            places.append(position)
            position += 1
            continue
        escape = _ESCAPE.match(text, position)
        width = escape.end() - position if escape else 2
        pair = text[position : position + 12]
        if re.fullmatch(r"\\u[dD][89abAB]..\\u[dD][c-fC-F]..", pair):
            width = 12
        pieces.append(json.loads(f'"{text[position : position + width]}"'))
        places.append(position)
        position += width
    return PlacedText("".join(pieces), (*places, position))
