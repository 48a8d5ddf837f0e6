"""Choose the part of a schema that a text can possibly refer to.

Making symbols of every table costs time and memory, and a query mentions a few. The choice must be exact: a text
gets the same diagnostics with it as with the whole schema. A test proves that on the corpus.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from sentinel_kql_validator._compact import pack_columns

if TYPE_CHECKING:
    from sentinel_kql_validator.schema import Function, Schema

_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
# Texts that can reach tables which they do not name: searches of everything, and names computed or escaped.
# Repetitions are bounded: a pattern that reads on to the end from every beginning takes minutes over a long text.
_EVERYTHING = re.compile(
    r"""\b(?:search|find)\b
    |\btable\s{0,20}\(\s{0,20}(?!["'][^"'\\]{0,300}["']\s{0,20}[,)])
    |\[\s{0,20}["'][^\]]{0,300}\\""",
    re.VERBOSE,
)
_UNION = re.compile(r"\bunion\b")
_ELSEWHERE = re.compile(r"\b(?:workspace|resource|app|adx|arg)\b")


class Mentioned(NamedTuple):
    """What a text may refer to."""

    names: tuple[str, ...]
    """Tables and functions of the schema, sorted."""
    elsewhere: bool
    """Whether it may call `workspace()` and its like."""


def mentioned(schema: Schema, text: str) -> Mentioned:
    """Choose what the text may refer to, function bodies included."""
    texts, tables, functions, elsewhere = [text], set[str](), set[str](), False
    odd = [name for name in schema.odd_names if name in text]
    while texts:
        part = texts.pop()
        elsewhere = elsewhere or bool(_ELSEWHERE.search(part))
        if _EVERYTHING.search(part) or ("*" in part and _UNION.search(part)):
            tables.update(schema.tables)
        for name in {*_NAME.findall(part), *odd}:
            if name in schema.functions:
                if name not in functions:
                    functions.add(name)
                    body = schema.functions[name].body
                    if body:
                        texts.append(body)
            elif name in schema.tables:
                tables.add(name)
    return Mentioned(tuple(sorted({*(tables - schema.functions.keys()), *functions})), elsewhere)


def declaration(function: Function) -> dict[str, str | bool]:
    """Write a stored function in the form that engines define it from."""
    columns = ", ".join(f"['{name}']:{kind}" for name, kind in function.columns.items())
    return {
        "parameters": function.parameter_list(),
        "body": f"{{ {function.body} }}" if function.body else f"{{ datatable({columns})[] }}",
        "description": function.description,
        "columns": pack_columns(function.columns),
        "open": function.body is None and (function.open_columns or not function.columns),
    }
