"""From an engine's plain data to the frozen answer: offsets, suggestions, facts. The same for every engine."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from ._suggest import closest
from ._timerange import time_filter, time_range
from .result import Diagnostic, Facts, Severity, Suggestion

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from ._text import Positions
    from .schema import Schema

_SEVERITIES: dict[str, Severity] = {"Error": "error", "Warning": "warning", "Suggestion": "suggestion"}
_EXPECTED = re.compile(r"Expected(?: one of)?: (.+)")
# A text with thousands of unknown names is no query that a suggestion would mend, and each costs milliseconds.
_MOST_SUGGESTED = 40
_CALLED = re.compile(r"\s*\(")
# The tabular operators of KQL, as Log Analytics has them.
_OPERATOR_LIST = """
as consume count distinct evaluate extend facet find fork getschema invoke join limit lookup make-series mv-apply
mv-expand order parse parse-kv parse-where partition print project project-away project-keep project-rename
project-reorder range reduce render sample sample-distinct scan search serialize sort summarize take top top-hitters
top-nested union where
"""
_OPERATORS = tuple(_OPERATOR_LIST.split())
_TYPES = ("bool", "datetime", "decimal", "dynamic", "guid", "int", "long", "real", "string", "timespan")
# Names of the syntax tree that are not the operator's own, lower-cased and with hyphens.
_RENAMED = {"filter": "where", "mvexpand": "mv-expand", "mvapply": "mv-apply", "executeandcache": "execute-and-cache"}


class Names:
    """The language's own names, asked of the engine once."""

    def __init__(self, described: Mapping[str, Sequence[str]]) -> None:
        self.functions = (*described["functions"], *described["aggregates"])
        self.plugins = tuple(described["plugins"])


def diagnostics(
    answer: Mapping[str, Any], text: str, positions: Positions, schema: Schema, names: Names
) -> tuple[Diagnostic, ...]:
    """Build the diagnostics, errors of the language first by place, with suggestions for unknown names."""
    scopes = {scope["at"]: scope for scope in answer.get("scopes", ())}
    suggested = 0
    built: list[Diagnostic] = []
    for raw in (*answer["diagnostics"], *answer.get("advice", ())):
        start, length = positions.span(raw["start"], raw["length"]) if raw["start"] >= 0 else (0, 0)
        line, column = positions.line_and_column(start)
        found: tuple[Suggestion, ...] = ()
        if suggested < _MOST_SUGGESTED:
            found = _suggestions(raw, text, start, length, scopes.get(raw["start"]), schema, names)
            suggested += bool(found)
        severity = _SEVERITIES.get(raw["severity"], "information")
        category = str(raw["category"])
        built.append(Diagnostic(raw["code"], severity, raw["message"], category, start, length, line, column, found))
    return tuple(built)


def _suggestions(
    raw: Mapping[str, Any],
    text: str,
    start: int,
    length: int,
    scope: Mapping[str, Any] | None,
    schema: Schema,
    names: Names,
) -> tuple[Suggestion, ...]:
    word = text[start : start + length]
    groups: list[Sequence[str]] = []
    match raw["code"]:
        case "KS142":
            in_scope = (scope["columns"], scope["names"]) if scope else ()
            if _CALLED.match(text, start + length):
                groups = [*in_scope[1:], tuple(schema.functions), names.functions]
            elif scope and scope["columns"]:
                groups = [*in_scope, tuple(schema.functions), names.functions]
            else:
                groups = [*in_scope, tuple(schema.tables), tuple(schema.functions)]
        case "KS204":
            groups = [scope["names"] if scope else (), tuple(schema.tables), tuple(schema.functions)]
        case "KS211":
            groups = [scope["names"] if scope else (), tuple(schema.functions), names.functions]
        case "KS124":
            groups = [names.plugins]
        case "KS176":
            groups = [_OPERATORS]
        case "KS160":
            groups = [_TYPES]
        case "KS196":
            groups = [_parameters_before(text, start, schema)]
        case "KS005":
            expected = _EXPECTED.search(raw["message"])
            groups = [[w for w in expected[1].split(", ") if w.isalnum()]] if expected and len(word) > 1 else []
        case _:
            return ()
    if not groups or not word:
        return ()
    quote = re.fullmatch(r"\[?[\"'](.*)[\"']\]?", word)
    if quote:
        inner = start + word.index(quote[1], 1)
        return tuple(Suggestion(name, inner, len(quote[1])) for name in closest(quote[1], groups))
    return tuple(Suggestion(_written(name), start, length) for name in closest(word, groups))


def _written(name: str) -> str:
    return name if re.fullmatch(r"[A-Za-z_][\w-]*", name, re.ASCII) else f"['{name}']"


def _parameters_before(text: str, start: int, schema: Schema) -> tuple[str, ...]:
    """Name the parameters of the stored function whose argument list encloses this place."""
    depth = 0
    for index in range(start - 1, -1, -1):
        if text[index] == ")":
            depth += 1
        elif text[index] == "(":
            if depth == 0:
                called = re.search(r"(\w+)\s*$", text[:index])
                function = schema.functions.get(called[1]) if called else None
                return tuple(p.name for p in function.parameters) if function else ()
            depth -= 1
    return ()


def facts(answer: Mapping[str, Any], positions: Positions, now: datetime) -> Facts:
    """Build the facts of a query that the analyser understood."""
    raw = answer["facts"]
    places: list[tuple[str, str]] = [(kind, target) for kind, target in raw["places"]]
    named = ("cluster", "database", "workspace")
    columns = raw["columns"]
    return Facts(
        complete=True,
        kind="command" if answer["kind"] == "Command" else "query",
        tables={table: tuple(read) for table, read in sorted(raw["reads"].items())},
        functions=tuple(sorted(name for name, origin in raw["functions"].items() if origin != "plugin")),
        operators=tuple(operator_name(kind) for kind in raw["operators"]),
        plugins=tuple(raw["plugins"]),
        output_columns=None if columns is None else tuple((name, kind) for name, kind in columns),
        output_open=bool(raw["open"]),
        render=raw["render"],
        time_filters=tuple(time_filter(t, positions.character(t["start"]), now) for t in raw["times"]),
        time_range=time_range(raw["accesses"], now),
        statements=sum(kind == "ExpressionStatement" for kind, *_ in raw["statements"]),
        commands=tuple(name for _, name in answer["commands"]),
        skipped_tokens=bool(raw["skipped"]),
        external_data=tuple(raw["external"]),
        clusters=_targets(places, "cluster"),
        databases=_targets(places, "database"),
        workspaces=_targets(places, "workspace"),
        elsewhere=tuple(f"{kind}({target})" for kind, target in places if kind not in named),
        invokes=tuple(raw["invokes"]),
        options=tuple(raw["options"]),
        query_parameters=any(kind == "QueryParametersStatement" for kind, *_ in raw["statements"]),
    )


def at_moment(
    known: Facts, times: Sequence[Mapping[str, Any]], accesses: Sequence[Mapping[str, Any]], now: datetime
) -> Facts:
    """Give the same facts with the times that they have at another moment."""
    if not times:
        return known
    places = [filter_.position for filter_ in known.time_filters]
    filters = tuple(time_filter(raw, place, now) for raw, place in zip(times, places, strict=True))
    return replace(known, time_filters=filters, time_range=time_range(accesses, now))


def _targets(places: Sequence[tuple[str, str]], kind: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(target for place, target in places if place == kind))


def operator_name(kind: str) -> str:
    """Turn the syntax tree's `MvExpandOperator` into `mv-expand`."""
    words = re.findall(r"[A-Z][a-z]+", kind.removesuffix("Operator"))
    name = "-".join(words).lower()
    return _RENAMED.get(name, name)
