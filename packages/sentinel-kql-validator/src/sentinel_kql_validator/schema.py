"""What a query may refer to: tables with their columns, and stored functions."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, TypeAlias, cast

from ._compact import canonical_type, pack_columns, unpack_columns, unpack_parameters
from .errors import SchemaError

if TYPE_CHECKING:
    from pathlib import Path

_CONTROL = re.compile(r"[\x00-\x1f\x7f\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Parameter:
    """One parameter of a stored function; an optional one defaults to the empty value of its type.

    `type` is a scalar type, or columns in parentheses for rows: `(*)`, `(a: string)`. `default` is KQL text (`'abc'`,
    `5`, `datetime(null)`); None with `required=False` means the type's empty value.
    """

    name: str
    type: str
    required: bool = True
    default: str | None = None

    def declaration(self) -> str:
        """Write the parameter as KQL declares it."""
        if self.required:
            return f"['{self.name}']:{self.type}" if not self.name.isidentifier() else f"{self.name}:{self.type}"
        empty = {"string": "''", "dynamic": "dynamic([])"}.get(self.type, f"{self.type}(null)")
        return f"{self.name}:{self.type}={self.default or empty}"


@dataclass(frozen=True, slots=True)
class Function:
    """A stored function: `_GetWatchlist`, an ASIM parser, a saved-search function.

    Give a `body` (KQL, without the outer braces) when it is known, else the `columns` of its answer. With neither, or
    with `open_columns`, every column name passes, because nothing says which ones there are.
    """

    name: str
    parameters: tuple[Parameter, ...] = ()
    columns: Mapping[str, str] = field(default_factory=dict[str, str])
    body: str | None = None
    description: str = ""
    open_columns: bool = False

    def parameter_list(self) -> str:
        """Write the parameters as KQL declares them, in parentheses."""
        return f"({', '.join(p.declaration() for p in self.parameters)})"


Columns: TypeAlias = Mapping[str, str]
FunctionLike: TypeAlias = Function | Mapping[str, Any]


class _Tables(Mapping[str, Columns]):
    """Tables kept as packed lines; a line becomes a dictionary when somebody looks at it."""

    __slots__ = ("_columns", "lines")

    def __init__(self, lines: Mapping[str, str]) -> None:
        self.lines = lines
        self._columns: dict[str, Columns] = {}

    def __getitem__(self, name: str) -> Columns:
        found = self._columns.get(name)
        if found is None:
            found = self._columns[name] = MappingProxyType(unpack_columns(self.lines[name]))
        return found

    def __iter__(self) -> Iterator[str]:
        return iter(self.lines)

    def __len__(self) -> int:
        return len(self.lines)

    def __contains__(self, name: object) -> bool:
        return name in self.lines


class Schema:
    """Tables `{table: {column: type}}` and stored functions, immutable.

    `functions` is a list of `Function`, or `{name: {"parameters": [{"name", "type", "required"}], "columns": {column:
    type}, "body": text}}`, every key optional. Where a name is both a table and a function, the function wins, as it
    does in a workspace. Raises `SchemaError` for a type that KQL does not have and for names with control characters.

    Types may be written as KQL writes them (`long`), as the query API answers them (`System.Int64`) or by KQL's second
    names (`double`); they come out in KQL's first names.
    """

    def __init__(
        self,
        tables: Mapping[str, Mapping[str, str]] | None = None,
        functions: Iterable[Function] | Mapping[str, FunctionLike] = (),
    ) -> None:
        self._lines: dict[str, str] = {n: _pack_table(n, c) for n, c in (tables or {}).items()}
        self._functions: dict[str, Function] = {f.name: f for f in _functions(functions)}
        self._tables = _Tables(MappingProxyType(self._lines))
        self._complete = True
        self._fingerprint: str | None = None
        self._odd: tuple[str, ...] | None = None

    @classmethod
    def _of(cls, lines: dict[str, str], functions: dict[str, Function], *, complete: bool = True) -> Schema:
        """Wrap packed lines and functions that were checked already."""
        made = cls()
        made._lines, made._functions = lines, functions
        made._tables = _Tables(MappingProxyType(lines))
        made._complete = complete
        return made

    @classmethod
    def sentinel(cls) -> Schema:
        """Give the built-in schema: the tables and common functions of Azure Monitor and Microsoft Sentinel.

        The names and types come from public references of 2024 to 2026; a live workspace knows better.
        """
        return cls._of(*_sentinel())

    @classmethod
    def from_file(cls, path: str | Path) -> Schema:
        """Read a schema from a JSON or YAML file, in any form that `from_data` knows. Raises `SchemaError`."""
        from .schema_file import read_schema

        return read_schema(path)

    @classmethod
    def from_data(cls, data: object) -> Schema:
        """Make a schema of plain data; raises `SchemaError`.

        Known forms: `{table: {column: type}}`; `{"tables": ..., "functions": ...}`; the answer of the query API's
        `/metadata`; ARM's list of a workspace's tables.
        """
        from .schema_file import schema_from

        return schema_from(data)

    @property
    def tables(self) -> Mapping[str, Columns]:
        """The tables, read only: `{table: {column: type}}`."""
        return self._tables

    @property
    def functions(self) -> Mapping[str, Function]:
        """The stored functions by name, read only."""
        return MappingProxyType(self._functions)

    @property
    def fingerprint(self) -> str:
        """64 hexadecimal digits: the same for the same content, whatever way the schema was made."""
        if self._fingerprint is None:
            import hashlib
            import json

            digest = hashlib.sha256(b"" if self._complete else b"lenient\n")
            for name, line in sorted(self._lines.items()):
                digest.update(f"{name}\n{line}\n".encode())
            for name, f in sorted(self._functions.items()):
                text = [name, f.parameter_list(), pack_columns(f.columns), f.body, f.open_columns, f.description]
                digest.update(json.dumps(text).encode())
            self._fingerprint = digest.hexdigest()
        return self._fingerprint

    @property
    def complete(self) -> bool:
        """Whether a name that the schema does not have is wrong (the default) or only not known here."""
        return self._complete

    def lenient(self) -> Schema:
        """Give a copy for which a name that it does not have is no error: a query with one is `unknown`."""
        return self._of(self._lines, self._functions, complete=False)

    def packed(self, table: str) -> str:
        """Give a table as one line of `column:letter`, the form in which engines receive it."""
        return self._lines[table]

    @property
    def odd_names(self) -> tuple[str, ...]:
        """Names of tables and functions that are no plain identifiers; a text mentions them in `['...']`."""
        if self._odd is None:
            self._odd = tuple(n for n in (*self._lines, *self._functions) if not n.isidentifier() or not n.isascii())
        return self._odd

    def with_tables(self, tables: Mapping[str, Mapping[str, str]]) -> Schema:
        """Give a copy in which these tables are added, or replaced as a whole."""
        lines = self._lines | {n: _pack_table(n, c) for n, c in tables.items()}
        return self._of(lines, self._functions, complete=self._complete)

    def with_functions(self, functions: Iterable[Function] | Mapping[str, FunctionLike]) -> Schema:
        """Give a copy in which these stored functions are added, or replaced."""
        made = self._functions | {f.name: f for f in _functions(functions)}
        return self._of(self._lines, made, complete=self._complete)

    def without(self, *names: str) -> Schema:
        """Give a copy without these tables and functions; names that it does not have are no error."""
        return self._of(
            {n: line for n, line in self._lines.items() if n not in names},
            {n: f for n, f in self._functions.items() if n not in names},
            complete=self._complete,
        )

    def __or__(self, other: Schema) -> Schema:
        """Merge two schemas; where both know a name, the right one holds. It is complete if both are."""
        complete = self._complete and other._complete
        return self._of(self._lines | other._lines, self._functions | other._functions, complete=complete)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Schema) and self.fingerprint == other.fingerprint

    def __hash__(self) -> int:
        return hash(self.fingerprint)

    def __repr__(self) -> str:
        return f"<Schema {len(self._lines)} tables, {len(self._functions)} functions, {self.fingerprint[:12]}>"


def _pack_table(table: str, columns: Mapping[str, str]) -> str:
    _check_name(table, "A table")
    if isinstance(columns, Mapping):  # pyright: ignore[reportUnnecessaryIsInstance] - callers read JSON
        for column in columns:
            _check_name(column, f"A column of {table}")
        return pack_columns(_types(columns, f"{table}."))
    raise SchemaError(f"The table {table} needs {{column: type}}, not {type(columns).__name__}.")


def _types(columns: Mapping[str, str], prefix: str) -> dict[str, str]:
    return {name: canonical_type(kind, where=f"{prefix}{name}") for name, kind in columns.items()}


def _check_name(name: str, what: str) -> None:
    if not name or _CONTROL.search(name):
        raise SchemaError(
            f"{what} has the name {name!r}; a name needs at least one character and no control characters."
        )


def _functions(given: Iterable[Function] | Mapping[str, FunctionLike]) -> Iterator[Function]:
    pairs: Mapping[str, FunctionLike] = (
        cast("Mapping[str, FunctionLike]", given) if isinstance(given, Mapping) else {f.name: f for f in given}
    )
    for name, function in pairs.items():
        _check_name(name, "A function")
        if isinstance(function, Function):
            yield function
            continue
        columns = _types(function.get("columns") or {}, f"{name}().")
        yield Function(
            name=name,
            parameters=tuple(
                Parameter(
                    p["name"],
                    _parameter_type(p["type"], f"The parameter {p['name']} of {name}()"),
                    required=bool(p.get("required", True)),
                    default=p.get("default"),
                )
                for p in function.get("parameters", ())
            ),
            columns=MappingProxyType(columns),
            body=function.get("body"),
            description=str(function.get("description") or ""),
            open_columns=bool(function.get("open_columns", False)),
        )


def _parameter_type(written: str, where: str) -> str:
    """A scalar type in its usual spelling, or the columns of rows, `(*)` or `(a:string, *)`, each with its own type."""
    if not (written.startswith("(") and written.endswith(")")):
        return canonical_type(written, where=where)
    columns: list[str] = []
    for column in written[1:-1].split(","):
        name, colon, kind = (part.strip() for part in column.partition(":"))
        if name == "*" and not colon:
            columns.append("*")
        elif name and colon and _CONTROL.search(name) is None:
            spelt = name if name.isidentifier() else "['" + name.replace("\\", "\\\\").replace("'", "\\'") + "']"
            columns.append(f"{spelt}:{canonical_type(kind, where=f'{where}, column {name},')}")
        else:
            raise SchemaError(f"{where} has the unknown type {written!r}; rows are written (*) or (a:string, b:long).")
    return f"({', '.join(columns)})"


@cache
def _sentinel() -> tuple[dict[str, str], dict[str, Function]]:
    from importlib.resources import files

    text = (files("sentinel_kql_validator") / "_data" / "sentinel.txt").read_text(encoding="utf-8")
    lines: dict[str, str] = {}
    functions: dict[str, Function] = {}
    for line in text.splitlines():
        name, _, columns = line.partition("\t")
        if name.endswith((")", ")*")):
            open_columns = name.endswith("*")  # a function that gives more columns than are listed
            name, _, parameters = name.rstrip("*")[:-1].partition("(")
            functions[name] = Function(
                name,
                tuple(Parameter(n, t, required=required) for n, t, required in unpack_parameters(parameters)),
                MappingProxyType(unpack_columns(columns)),
                open_columns=open_columns,
            )
        else:
            lines[name] = columns
    return lines, functions
