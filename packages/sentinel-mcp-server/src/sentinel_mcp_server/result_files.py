"""A kept answer as a file: all its rows, as JSON or as CSV, cleaned like every other answer.

CSV is opened in spreadsheets, and a log line may begin like a formula. Such text gets an apostrophe in front, which a
spreadsheet takes as "this is text"; numbers stay numbers.
"""

import csv
import io
import json
from typing import Any

from sentinel_mcp_server.errors import Refused
from sentinel_mcp_server.result_store import KeptResult
from sentinel_mcp_server.trust import Json, as_json, clean

LARGEST = 16_000_000
"""Longest file given at once over stdio, in characters."""

LARGEST_OVER_HTTP = 900_000
"""The same over HTTP, with its characters escaped: common clients close a connection whose event is over 1 MiB."""

_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def as_document(kept: KeptResult) -> Json:
    """The answer as plain data, before it is cleaned: query hash, when it was asked, and each table with its rows."""
    return as_json(
        {
            "query_hash": kept.query_hash,
            "asked_at": kept.asked_at.isoformat(),
            "tables": [
                {
                    "name": table.name,
                    "columns": [{"name": column.name, "type": column.type} for column in table.columns],
                    "rows": [list(row) for row in table.rows],
                }
                for table in kept.tables
            ],
        }
    )


def json_file(document: Json) -> str:
    """The document as JSON text."""
    return json.dumps(clean(document), ensure_ascii=False)


def csv_file(document: Json) -> str:
    """The only table as CSV with a header line (RFC 4180; lines end in CR LF).

    Raises:
        Refused: the answer has several tables.
    """
    tables: list[dict[str, Any]] = _tables(clean(document))
    if len(tables) != 1:
        raise Refused(f"The answer has {len(tables)} tables and CSV holds one: read it as JSON.")
    (table,) = tables
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow([_cell(column["name"]) for column in table["columns"]])
    writer.writerows([_cell(value) for value in row] for row in table["rows"])
    return text.getvalue()


def refuse_too_long(text: str, *, over_http: bool) -> None:
    """Stop a file that the client could not take.

    Raises:
        Refused: it is too long; the sentence names the limit and the way past it.
    """
    size, most = (len(json.dumps(text)), LARGEST_OVER_HTTP) if over_http else (len(text), LARGEST)
    if size > most:
        raise Refused(
            f"The whole answer is {size / 1e6:.1f} MB long and at most {most / 1e6:.1f} MB are given at once: "
            "read it in parts with query_page, or summarise in KQL."
        )


def _tables(document: Any) -> list[dict[str, Any]]:  # noqa: ANN401 - made by as_document
    return document["tables"]


def _cell(value: Any) -> Any:  # noqa: ANN401 - whatever the service gave
    return f"'{value}" if isinstance(value, str) and value.startswith(_FORMULA) else value
