"""One table as one line of text: `name:letter` a column, separated by tabs.

The built-in schema is kept in this form and turned into dictionaries only for the tables that somebody looks at. It is
also the form that a schema's fingerprint is made of, so it is one to one: names hold no control characters.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from .errors import SchemaError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

LETTERS = {
    "bool": "b",
    "datetime": "t",
    "decimal": "n",
    "dynamic": "d",
    "guid": "g",
    "int": "i",
    "long": "l",
    "real": "r",
    "string": "s",
    "timespan": "p",
}
TYPES = {letter: name for name, letter in LETTERS.items()}

# What other services call the same types: .NET's names in answers of the query API, KQL's own second names.
ALIASES = {
    "boolean": "bool",
    "date": "datetime",
    "double": "real",
    "float": "real",
    "int32": "int",
    "int64": "long",
    "object": "dynamic",
    "sbyte": "bool",
    "system.boolean": "bool",
    "system.data.sqltypes.sqldecimal": "decimal",
    "system.datetime": "datetime",
    "system.double": "real",
    "system.guid": "guid",
    "system.int32": "int",
    "system.int64": "long",
    "system.object": "dynamic",
    "system.sbyte": "bool",
    "system.string": "string",
    "system.timespan": "timespan",
    "time": "timespan",
    "uniqueid": "guid",
    "uuid": "guid",
}


def canonical_type(name: str, *, where: str) -> str:
    """Give the KQL name of a scalar type, or raise `SchemaError` naming the place."""
    lowered = name.lower()
    known = ALIASES.get(lowered, lowered)
    if known not in LETTERS:
        raise SchemaError(f"{where} has the unknown type {name!r}; known types are {', '.join(sorted(LETTERS))}.")
    return known


def pack_columns(columns: Mapping[str, str]) -> str:
    """Write columns with their canonical types as one line."""
    return "\t".join(f"{name}:{LETTERS[kind]}" for name, kind in columns.items())


def unpack_columns(line: str) -> dict[str, str]:
    """Read what `pack_columns` wrote."""
    return {column[:-2]: TYPES[column[-1]] for column in line.split("\t")} if line else {}


def pack_parameters(parameters: Iterable[tuple[str, str, bool]]) -> str:
    """Write parameters (name, type, required) as `name:letter`, with `=` after an optional one."""
    return " ".join(f"{name}:{LETTERS[kind]}{'' if required else '='}" for name, kind, required in parameters)


def unpack_parameters(text: str) -> list[tuple[str, str, bool]]:
    """Read what `pack_parameters` wrote."""
    found: list[tuple[str, str, bool]] = []
    for item in text.split():
        name, _, kind = item.partition(":")
        found.append((name, TYPES[kind[0]], not kind.endswith("=")))
    return found
