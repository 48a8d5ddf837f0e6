"""The body of a query's answer, read without losing a digit."""

from __future__ import annotations

import json
from typing import Any

from sentinel_azure_clients._wire import Json, is_array, is_object
from sentinel_azure_clients.errors import MalformedAnswer


def load(body: bytes) -> Json:
    """Decode the body of a query's answer.

    Whole numbers are exact whatever their size; `NaN` and the infinities become text, since JSON has none. Where a
    column may be decimal, numbers with a fraction stay as they were written until `tables` knows their columns.
    """
    try:
        value: object = decoder(exact=b'"decimal"' in body).decode(body.decode("utf-8-sig", "surrogatepass"))
    except (ValueError, RecursionError) as error:
        raise MalformedAnswer(f"The query's answer ({len(body)} bytes) is not readable JSON.") from error
    if not is_object(value):
        raise MalformedAnswer("The query's answer is not a JSON object.")
    return value


def decoder(*, exact: bool) -> json.JSONDecoder:
    """A decoder for which NaN is text and, where `exact`, a number with a fraction stays as it was written."""
    return json.JSONDecoder(parse_constant=str, parse_float=_Written if exact else None)


def tables(answer: Json) -> list[Json]:
    """The tables of an answer as plain dicts: `name`, `columns` of `name` and `type`, and `rows`.

    Raises `MalformedAnswer` when a table has no columns, or a row has not one value for each.
    """
    found: object = answer.get("tables", [])
    if not is_array(found):
        raise MalformedAnswer("The query's answer has no list of tables.")
    return [_table(table) for table in found]


def plain(value: object) -> object:
    """The same value with ordinary floats, for the parts of an answer that are not rows."""
    if isinstance(value, _Written):
        return float(value)
    if is_array(value):
        return [plain(part) for part in value]
    if is_object(value):
        return {key: plain(part) for key, part in value.items()}
    return value


class _Written(str):
    """A number with a fraction or an exponent, as it was written."""

    __slots__ = ()


def _table(table: object) -> Json:
    if not is_object(table) or not is_array(table.get("columns")) or not is_array(table.get("rows")):
        raise MalformedAnswer("A table of the query's answer lacks its columns or its rows.")
    columns: list[Json] = []
    for column in table["columns"]:
        if not is_object(column) or not isinstance(column.get("name"), str) or not isinstance(column.get("type"), str):
            raise MalformedAnswer("A column of the query's answer lacks its name or its type.")
        columns.append({"name": column["name"], "type": column["type"]})
    rows = table["rows"]
    width = len(columns)
    if any(not is_array(row) or len(row) != width for row in rows):
        raise MalformedAnswer(f"A row of the query's answer has not {width} values, one for each column.")
    decimals = {place for place, column in enumerate(columns) if column["type"] == "decimal"}
    if decimals:
        rows = [
            [_exact(value) if place in decimals else plain(value) for place, value in enumerate(row)] for row in rows
        ]
    else:
        rows = plain(rows) if _is_written_anywhere(rows) else rows
    return {"name": str(table.get("name", "")), "columns": columns, "rows": rows}


def _exact(value: object) -> object:
    # A float would round a decimal, so a decimal is text, however the service wrote it.
    return str(value) if isinstance(value, int | float | str) and not isinstance(value, bool) else value


def _is_written_anywhere(rows: list[list[Any]]) -> bool:
    return any(isinstance(value, _Written | list | dict) for row in rows for value in row)
