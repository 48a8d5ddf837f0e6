"""Schemas from elsewhere: a file of one's own, a workspace's `/metadata` answer, ARM's list of tables."""

from __future__ import annotations

import importlib
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, cast

from ._compact import canonical_type
from .errors import SchemaError
from .schema import Function, Parameter, Schema

_PARAMETER = re.compile(
    r"\s*(?:\['(?P<quoted>[^']+)'\]|(?P<name>\w+))\s*:\s*(?P<type>\w+|\(.*\))\s*(?:=\s*(?P<default>.+?))?\s*"
)


def read_schema(path: str | Path) -> Schema:
    """Read a schema from a JSON or YAML file, in any of the forms that `schema_from` knows.

    Raises `SchemaError` in one sentence: the file cannot be read, is not UTF-8, is broken (with line and column), lists
    a table or a column twice with different content, or names a type that KQL does not have.
    """
    path = Path(path)
    try:
        text = path.read_bytes().decode("utf-8")
    except OSError as error:
        raise SchemaError(f"{path} cannot be read: {error.strerror}.") from error
    except UnicodeDecodeError as error:
        raise SchemaError(f"{path} is not UTF-8 (byte {error.start}).") from error
    try:
        return schema_from(_json(text) if path.suffix.lower() == ".json" else _yaml(text))
    except SchemaError as error:
        raise SchemaError(f"{path}: {error}") from error


def schema_from(data: object) -> Schema:
    """Make a schema of plain data.

    Known forms: `{table: {column: type}}`; `{"tables": {table: {column: type}}, "functions": {...}}`; the answer of the
    query API's `/metadata`, whose tables and functions are lists; ARM's list of a workspace's tables.
    """
    if not isinstance(data, Mapping):
        raise SchemaError("A schema is an object with tables; this is something else.")
    members = cast("Mapping[str, Any]", data)
    if isinstance(members.get("value"), list):
        return Schema(_unique(_arm_tables(members["value"])))
    tables, functions = members.get("tables"), members.get("functions", ())
    if isinstance(tables, list):
        return Schema(_unique(_listed_tables(cast("list[Any]", tables))), _listed_functions(functions))
    if isinstance(tables, Mapping):
        return Schema(cast("Mapping[str, Mapping[str, str]]", tables), functions or ())
    return Schema(cast("Mapping[str, Mapping[str, str]]", members))


def _listed_tables(tables: Iterable[Any]) -> Iterator[tuple[str, dict[str, str]]]:
    for index, table in enumerate(tables):
        if not isinstance(table, Mapping) or not isinstance(cast("Mapping[str, Any]", table).get("name"), str):
            raise SchemaError(f"The table number {index + 1} has no name.")
        entry = cast("Mapping[str, Any]", table)
        yield entry["name"], _columns(entry["name"], entry.get("columns") or ())


def _arm_tables(tables: Iterable[Any]) -> Iterator[tuple[str, dict[str, str]]]:
    for index, table in enumerate(tables):
        schema: object = None
        if isinstance(table, Mapping):
            properties: Any = cast("Mapping[str, Any]", table).get("properties")
            schema = cast("Mapping[str, Any]", properties).get("schema") if isinstance(properties, Mapping) else None
        if not isinstance(schema, Mapping):
            raise SchemaError(f"The table number {index + 1} has no properties.schema.")
        entry = cast("Mapping[str, Any]", schema)
        columns: list[Any] = [*(entry.get("standardColumns") or ()), *(entry.get("columns") or ())]
        yield entry["name"], _columns(entry["name"], columns)


def _columns(table: str, columns: Iterable[Mapping[str, Any]]) -> dict[str, str]:
    found: dict[str, str] = {}
    for column in columns:
        name = column["name"]
        kind = canonical_type(str(column.get("type") or column.get("dataType")), where=f"{table}.{name}")
        if found.setdefault(name, kind) != kind:
            raise SchemaError(f"The column {table}.{name} is listed twice, as {found[name]} and as {kind}.")
    return found


def _unique(tables: Iterable[tuple[str, dict[str, str]]]) -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = {}
    for name, columns in tables:
        if found.setdefault(name, columns) != columns:
            other = next(c for c in sorted({*columns, *found[name]}) if columns.get(c) != found[name].get(c))
            raise SchemaError(f"The table {name} is listed twice with different columns ({other}).")
    return found


def _listed_functions(functions: Any) -> list[Function] | Mapping[str, Any]:  # noqa: ANN401 - JSON
    if isinstance(functions, Mapping):
        return cast("Mapping[str, Any]", functions)
    made: list[Function] = []
    for entry in functions or ():
        name, body = entry["name"], entry.get("body")
        made.append(Function(name, tuple(parameters_of(name, entry.get("parameters") or "")), body=body))
    return made


def parameters_of(function: str, text: str) -> Iterator[Parameter]:
    """Read parameters as KQL declares them: `a:string, b:int=5`; of one for rows, `T:(*)`, the columns are the type."""
    text = text.strip()
    for part in _split(text[1:-1] if text.startswith("(") and text.endswith(")") else text):
        match = _PARAMETER.fullmatch(part)
        if match is None:
            raise SchemaError(f"The parameter {part.strip()!r} of {function}() cannot be read; write name:type.")
        name = match["quoted"] or match["name"]
        tabular = match["type"].startswith("(")
        where = f"The parameter {name} of {function}()"
        kind = match["type"] if tabular else canonical_type(match["type"], where=where)
        yield Parameter(name, kind, required=match["default"] is None, default=match["default"])


def _split(text: str) -> Iterator[str]:
    """Split at commas outside brackets and strings."""
    depth, quote, start = 0, "", 0
    for index, character in enumerate(text):
        if quote:
            quote = "" if character == quote else quote
        elif character in "'\"":
            quote = character
        elif character in "([{":
            depth += 1
        elif character in ")]}":
            depth -= 1
        elif character == "," and depth == 0:
            yield text[start:index]
            start = index + 1
    if text[start:].strip():
        yield text[start:]


def _json(text: str) -> object:
    try:
        return json.loads(text, object_pairs_hook=_once)
    except json.JSONDecodeError as error:
        raise SchemaError(f"is not JSON: {error.msg} at line {error.lineno}, column {error.colno}.") from error
    except RecursionError as error:
        raise SchemaError("is nested too deeply to be a schema.") from error


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, value in pairs:
        if name in found and found[name] != value:
            raise SchemaError(f"{name} is listed twice with different content.")
        found[name] = value
    return found


def _yaml(text: str) -> object:
    yaml: Any = importlib.import_module("yaml")  # untyped
    try:
        node = yaml.compose(text, Loader=yaml.SafeLoader)
        _no_twins(yaml, node)
        return yaml.safe_load(text)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        where = f" at line {mark.line + 1}, column {mark.column + 1}" if mark else ""
        raise SchemaError(f"is not YAML: {error.problem}{where}.") from error
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        summary = str(error).splitlines()[0] if str(error) else type(error).__name__
        raise SchemaError(f"is not YAML: {summary}.") from error


def _no_twins(yaml: Any, node: Any) -> None:  # noqa: ANN401
    """Refuse a name that stands twice in one mapping, which YAML's reader passes over in silence."""
    if isinstance(node, yaml.MappingNode):
        seen: set[str] = set()
        for key, value in node.value:
            if key.value in seen:
                raise SchemaError(f"{key.value} is listed twice (line {key.start_mark.line + 1}).")
            seen.add(str(key.value))
            _no_twins(yaml, value)
