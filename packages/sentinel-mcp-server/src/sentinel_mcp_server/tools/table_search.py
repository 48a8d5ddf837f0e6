"""Which table holds what one is after."""

import asyncio
import re
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from sentinel_azure_clients import TableInfo, tables
from sentinel_mcp_resources import TableNote, library
from sentinel_mcp_resources.search import Entry, SearchIndex
from sentinel_mcp_server._define import Answer, tool
from sentinel_mcp_server.context import Services
from sentinel_mcp_server.trust import inline

_MOST_COLUMNS = 8
_MOST_ABSENT = 5
_SHORTEST = 3
_APART = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])|\d+")


class FoundTable(BaseModel):
    """A table of the workspace that fits."""

    model_config = ConfigDict(frozen=True)

    name: str
    summary: str | None = Field(description="What it holds, where that is known")
    plan: str | None
    key_columns: list[str] = Field(description="Columns to filter and join by")
    matching_columns: list[str] = Field(description="Columns whose names have a word of the question")


class TablesFound(Answer):
    """Tables, the best first."""

    tables: list[FoundTable]
    absent: list[str] = Field(description="Tables that would fit and that this workspace does not have")

    def body(self) -> str:
        """One table a line."""
        lines = [
            f"{inline(t.name)}\t{inline(t.summary or '')}\tkey: {', '.join(map(inline, t.key_columns))}"
            f"\tmatching: {', '.join(map(inline, t.matching_columns))}"
            for t in self.tables
        ]
        if self.absent:
            lines.append(f"would fit and is not in this workspace: {', '.join(self.absent)}")
        return "\n".join(lines or ["nothing found: ask with other words, or use table_list"])


@tool(title="Search tables", toolset="table")
async def table_search(
    services: Services,
    question: Annotated[str, Field(min_length=1, max_length=500, description="What it should hold, or column names")],
    limit: Annotated[int, Field(ge=1, le=50, description="Most tables to give")] = 8,
) -> TablesFound:
    """Find the tables of this workspace that hold something, by their names, columns and what is known of them.

    Not for rows: use query_run, or entity_pivot for all that is known of a user, address or host.
    """
    there = {table.name: table for table in await tables.list_tables(services.azure)}
    notes = library().table_notes
    entries = [_entry(name, table, notes.get(name)) for name, table in there.items()]
    entries += [_entry(name, None, note) for name, note in notes.items() if name not in there]
    hits = await asyncio.to_thread(lambda: SearchIndex(entries).search(question, limit + _MOST_ABSENT))
    found = [hit.uri for hit in hits]
    return TablesFound(
        tables=[_told(there[name], notes.get(name), question) for name in found if name in there][:limit],
        absent=[name for name in found if name not in there][:_MOST_ABSENT],
    )


def _entry(name: str, table: TableInfo | None, note: TableNote | None) -> Entry:
    summary = (note.summary if note else None) or (table.description if table else None) or name
    columns = table.columns if table else {}
    return Entry(
        uri=name,
        title=name,
        keywords=" ".join([*columns, *(note.key_columns if note else ())]),
        summary=summary,
        body=note.body if note and note.body.strip() else summary,
    )


def _told(table: TableInfo, note: TableNote | None, question: str) -> FoundTable:
    words = {word for word in _words(question) if len(word) >= _SHORTEST}
    shared = {column: len(words & _words(column)) for column in table.columns}
    matching = sorted(
        (column for column in table.columns if shared[column]),
        key=lambda column: (column.casefold() not in words, -shared[column]),
    )
    return FoundTable(
        name=table.name,
        summary=note.summary if note else table.description,
        plan=table.plan,
        key_columns=[column for column in (note.key_columns if note else ()) if column in table.columns],
        matching_columns=matching[:_MOST_COLUMNS],
    )


def _words(text: str) -> set[str]:
    """The words of a text, those within a CamelCase name too, in small letters."""
    return {part.casefold() for part in (*re.findall(r"\w+", text), *_APART.findall(text))}
