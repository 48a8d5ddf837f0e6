"""The parameters of a stored function, told in plain data from the text that the service keeps.

The text is KQL that somebody typed, so whatever is not understood makes the whole list unreadable: a function that is
described wrongly would make right queries look wrong.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sentinel_azure_clients._wire import Json

# KQL's types by every name that KQL or Resource Manager has for them.
KQL_TYPES = {
    "bool": "bool",
    "boolean": "bool",
    "date": "datetime",
    "datetime": "datetime",
    "decimal": "decimal",
    "double": "real",
    "dynamic": "dynamic",
    "guid": "guid",
    "int": "int",
    "long": "long",
    "real": "real",
    "string": "string",
    "time": "timespan",
    "timespan": "timespan",
    "uniqueid": "guid",
    "uniqueidentifier": "guid",
    "uuid": "guid",
}

_IDENTIFIER = r"[A-Za-z_][A-Za-z0-9_]*"
_TOKEN = re.compile(
    rf"""\s*(?:
        (?P<word>{_IDENTIFIER})
      | (?P<quoted>\[\s*(?:'[^'"\\\]]+'|"[^'"\\\]]+")\s*\])
      | (?P<mark>[(),:*=])
    )""",
    re.VERBOSE,
)
_STRING = r"""@"(?:[^"]|"")*" | @'(?:[^']|'')*' | "(?:[^"\\\r\n]|\\.)*" | '(?:[^'\\\r\n]|\\.)*'"""
# A value that says what it is by itself; anything else could only be understood by running it.
_LITERAL = re.compile(
    rf"""\s*(?P<literal>
        [hH]?(?:{_STRING})
      | -?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?(?:microsecond|tick|ms|[dhms])?
      | (?i:true|false)
      | (?:{"|".join(KQL_TYPES)})\((?:[^()'"\r\n]|{_STRING})*\)
    )\s*(?=,|$)""",
    re.VERBOSE,
)


class _Unreadable(Exception):
    """The text is not a list of parameters as this module knows them; `read` says so with None."""


def read(text: str | None) -> list[Json] | None:
    """The parameters as `{"name", "type", "required"}`, and `"default"` (KQL text) where there is one.

    The type of a parameter that takes rows is its columns in parentheses, as KQL writes them: `(a:string, b:long)`, or
    `(*)` for rows of any columns. A star after columns is left out, because rows may have more columns anyway.
    An empty text has no parameters; None stands for a text that cannot be told in this form.
    """
    return _Reader(text or "").parameters()


def takes_rows(parameters: list[Json]) -> bool:
    """Whether any of the parameters takes rows."""
    return any(str(parameter["type"]).startswith("(") for parameter in parameters)


class _Reader:
    """Goes through the text once, from left to right."""

    def __init__(self, text: str) -> None:
        self._text = text.rstrip()
        self._place = 0

    def parameters(self) -> list[Json] | None:
        try:
            found = list(self._parameters())
        except _Unreadable:
            return None
        names = {parameter["name"] for parameter in found}
        return found if len(names) == len(found) else None

    def _parameters(self) -> Iterator[Json]:
        if not self._text:
            return
        yield self._parameter()
        while self._place < len(self._text):
            self._mark(",")
            yield self._parameter()

    def _parameter(self) -> Json:
        name = self._name()
        self._mark(":")
        kind = self._columns() if self._ahead("(") else self._type()
        if not self._ahead("="):
            return {"name": name, "type": kind, "required": True}
        if kind.startswith("("):
            raise _Unreadable  # KQL has no default for rows
        self._mark("=")
        value = _LITERAL.match(self._text, self._place)
        if value is None:
            raise _Unreadable
        self._place = value.end()
        return {"name": name, "type": kind, "required": False, "default": value["literal"]}

    def _columns(self) -> str:
        self._mark("(")
        columns: list[str] = []
        while not self._ahead("*"):
            name = self._name()
            self._mark(":")
            written = name if re.fullmatch(_IDENTIFIER, name) else f"['{name}']"
            columns.append(f"{written}:{self._type()}")
            if not self._ahead(","):
                break
            self._mark(",")
        else:
            self._mark("*")
        self._mark(")")
        return f"({', '.join(columns) or '*'})"

    def _type(self) -> str:
        word = self._next("word").lower()
        if word not in KQL_TYPES:
            raise _Unreadable
        return KQL_TYPES[word]

    def _name(self) -> str:
        match = self._match()
        if match["quoted"]:
            self._place = match.end()
            return match["quoted"].strip("[] \t")[1:-1]
        return self._next("word")

    def _mark(self, mark: str) -> None:
        if self._next("mark") != mark:
            raise _Unreadable

    def _ahead(self, mark: str) -> bool:
        match = _TOKEN.match(self._text, self._place)
        return match is not None and match["mark"] == mark

    def _next(self, kind: str) -> str:
        match = self._match()
        if match[kind] is None:
            raise _Unreadable
        self._place = match.end()
        return match[kind]

    def _match(self) -> re.Match[str]:
        match = _TOKEN.match(self._text, self._place)
        if match is None:
            raise _Unreadable
        return match
