"""Analytic rules, hunting queries and parsers as the YAML of public Sentinel repositories."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

from .model import ContentError, ContentQuery, Kind
from .placed import PlacedText

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_ESCAPES = {
    "n": "\n",
    "t": "\t",
    "r": "\r",
    "0": "\0",
    "/": "/",
    '"': '"',
    "\\": "\\",
    " ": " ",
    "e": "\x1b",
    "\t": "\t",
}
_QUERIES = ("query", "FunctionQuery", "ParserQuery")


def read_yaml(text: str) -> list[ContentQuery]:
    """Give the queries of a YAML file; none where it holds something else. Raises `ContentError` for broken YAML."""
    yaml: Any = importlib.import_module("yaml")  # untyped, and not needed before there is YAML

    try:
        documents = list(yaml.compose_all(text, Loader=yaml.SafeLoader))
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        place = (mark.line + 1, mark.column + 1) if mark else (0, 0)
        raise ContentError(f"is not YAML: {error.problem}.", *place) from error
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        summary = str(error).splitlines()[0] if str(error) else type(error).__name__
        raise ContentError(f"is not YAML: {summary}.") from error
    found: list[ContentQuery] = []
    for document in documents:
        if isinstance(document, yaml.MappingNode):
            query = _rule(text, document)
            if query:
                found.append(query)
    return found


def _rule(text: str, node: Any) -> ContentQuery | None:  # noqa: ANN401 - a node of PyYAML
    yaml: Any = importlib.import_module("yaml")  # untyped, and not needed before there is YAML

    values = dict(_pairs(node))
    name = next((name for name in _QUERIES if isinstance(values.get(name), yaml.ScalarNode)), None)
    if name is None:
        return None
    try:
        fields: Mapping[str, Any] = _plain(node)
    except (ValueError, yaml.YAMLError) as error:
        raise ContentError(f"has a value that YAML cannot hold: {error}.", node.start_mark.line + 1) from error
    places = {key: value.start_mark.index for key, value in values.items()}
    title = next((str(fields[key]) for key in ("name", "FunctionName", "Name") if isinstance(fields.get(key), str)), "")
    return ContentQuery(
        placed_scalar(text, values[name]), kind_of(fields, name), title, fields, places, node.start_mark.index
    )


def _plain(node: Any) -> Mapping[str, Any]:  # noqa: ANN401
    yaml: Any = importlib.import_module("yaml")  # untyped, and not needed before there is YAML

    return yaml.constructor.SafeConstructor().construct_document(node)


def _pairs(node: Any) -> Iterator[tuple[str, Any]]:  # noqa: ANN401
    for key, value in node.value:
        if isinstance(key.value, str):
            yield key.value, value


def kind_of(fields: Mapping[str, Any], query_field: str) -> Kind:
    """Tell what a rule's fields make it."""
    if query_field != "query" or "FunctionName" in fields or "functionAlias" in fields:
        return "parser"
    if fields.get("kind") or "queryFrequency" in fields or "triggerOperator" in fields:
        return "analytic rule"
    return "hunting query" if "tactics" in fields or "requiredDataConnectors" in fields else "query"


def placed_scalar(text: str, node: Any) -> PlacedText:  # noqa: ANN401
    """Place a scalar's value, whatever way it is written."""
    start, end, value = node.start_mark.index, node.end_mark.index, str(node.value)
    if node.style == "|":
        placed = _literal(text, start, end, value)
    elif node.style == '"':
        placed = _aligned(text, start + 1, end - 1, value, escapes=True)
    else:
        quoted = node.style == "'"
        first = text.find("\n", start) + 1 if node.style == ">" else start + quoted
        placed = _aligned(text, first, end - quoted, value, escapes=False)
    return placed or PlacedText.somewhere(value, start)


def _literal(text: str, start: int, end: int, value: str) -> PlacedText | None:
    """Line by line: what a block has before each line is its indentation."""
    places: list[int] = []
    position = text.find("\n", start) + 1
    lines = value.split("\n")
    for index, line in enumerate(lines):
        stop = text.find("\n", position)
        stop = len(text) if stop < 0 else stop
        raw_end = stop - 1 if stop > position and text[stop - 1] == "\r" else stop
        if index < len(lines) - 1 or line:
            if not text[position:raw_end].endswith(line) or position > end:
                return None
            begin = raw_end - len(line)
            places.extend(range(begin, raw_end))
            if index < len(lines) - 1:
                places.append(raw_end)
            position = stop + 1
    places.append(min(places[-1] + 1 if places else position, len(text)))
    return PlacedText(value, tuple(places))


def _aligned(text: str, start: int, end: int, value: str, *, escapes: bool) -> PlacedText | None:
    """Character by character: folded line breaks and doubled quotes are stepped over."""
    places: list[int] = []
    position = start
    for character in value:
        if character in " \n":
            places.append(position)
            if escapes and text.startswith(f"\\{'n' if character == chr(10) else ' '}", position):
                position += 2
                continue
            while position < end and text[position] in " \t\r\n":
                position += 1
            continue
        while position < end and text[position] in " \t\r\n":
            position += 1
        places.append(position)
        if escapes and text[position : position + 1] == "\\":
            if _ESCAPES.get(text[position + 1 : position + 2]) != character:
                return None
            position += 2
        elif text[position : position + 1] == character:
            position += 2 if character == "'" and not escapes and text[position : position + 2] == "''" else 1
        else:
            return None
    return PlacedText(value, (*places, min(position, end)))
