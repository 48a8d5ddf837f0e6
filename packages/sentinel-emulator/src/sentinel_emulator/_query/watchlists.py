"""`_GetWatchlist('alias')`: the function by which queries read a watchlist, written out as the rows it stands for."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from .faults import unsupported_fault
from .literals import literal_of, value_of
from .text import tokens

FUNCTION = "_GetWatchlist"

_PLAIN_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_COLUMNS = ("_DTItemId", "LastUpdatedTimeUTC", "SearchKey", "WatchlistItem")


@dataclass(frozen=True, slots=True)
class Watchlist:
    """A watchlist as queries see it: the column to search by, and its items by id."""

    search_key: str
    updated: str
    items: Mapping[str, Mapping[str, str]]


WatchlistOf = Callable[[str], Watchlist | None]


def expand_watchlists(query: str, watchlist_of: WatchlistOf) -> str:
    """Return the query with every watchlist it reads written out. Raises `QueryFault` for one that is not there."""
    if FUNCTION not in query:
        return query
    held = list(tokens(query))
    edits: list[tuple[int, int, str]] = []
    for index in range(len(held) - 3):
        call, bracket, alias, close = held[index : index + 4]
        if call.text != FUNCTION or bracket.text != "(":
            continue
        if alias.kind != "string" or close.text != ")":
            raise unsupported_fault(f"{FUNCTION} takes one alias, written as a text.")
        name = value_of(alias.text)
        found = watchlist_of(name)
        if found is None:
            raise unsupported_fault(f"There is no watchlist with the alias '{name}'.")
        edits.append((call.start, close.end, _written(found)))
    for start, end, text in reversed(edits):
        query = query[:start] + text + query[end:]
    return query


def _written(watchlist: Watchlist) -> str:
    names = list(dict.fromkeys(name for values in watchlist.items.values() for name in values))
    types = ("string", "datetime", "string", "dynamic", *("string" for _ in names))
    columns = ", ".join(f"{_quoted(name)}:{kind}" for name, kind in zip((*_COLUMNS, *names), types, strict=True))
    rows = ", ".join(_row(watchlist, identity, values, names) for identity, values in watchlist.items.items())
    return f"datatable({columns})[{rows}]"


def _row(watchlist: Watchlist, identity: str, values: Mapping[str, str], names: list[str]) -> str:
    key = values.get(watchlist.search_key, "")
    document = f"dynamic({json.dumps(dict(values), ensure_ascii=False)})"
    fixed = (literal_of(identity), f"datetime({watchlist.updated})", literal_of(str(key)), document)
    return ", ".join((*fixed, *(literal_of(str(values.get(name, ""))) for name in names)))


def _quoted(name: str) -> str:
    if _PLAIN_NAME.fullmatch(name):
        return name
    quote = "'" if "'" not in name else '"'
    return f"[{quote}{name}{quote}]"
