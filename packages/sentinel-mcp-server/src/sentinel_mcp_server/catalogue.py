"""What the server offers, printed: the tools as a table or as JSON, and the knowledge as counts."""

import asyncio
import json
from collections import Counter
from pathlib import Path
from typing import Any

from mcp import Client
from mcp_types import Tool
from rich.console import Console
from rich.table import Table

from sentinel_kql_validator import KqlValidator
from sentinel_mcp_resources import library
from sentinel_mcp_server.app import build_server
from sentinel_mcp_server.settings import Settings
from sentinel_mcp_server.tools import TOOLS


def print_tools(*, as_json: bool) -> None:
    """The catalogue on stdout."""
    tools = asyncio.run(_tools())
    if as_json:
        dumped = [tool.model_dump(mode="json", by_alias=True, exclude_none=True) for tool in tools]
        print(json.dumps(dumped, indent=2))
        return
    toolsets = {spec.name: spec.toolset for spec in TOOLS}
    table = Table(caption=f"{len(tools)} tools; {_seen(tools):,} bytes of names, descriptions and input schemas")
    for heading in ("tool", "toolset", "what it gives"):
        table.add_column(heading)
    for tool in tools:
        table.add_row(tool.name, toolsets[tool.name], (tool.description or "").partition("\n")[0])
    Console().print(table)


def print_knowledge(corpus: Path | None) -> None:
    """Counts of the knowledge; with a corpus of queries, how much of what they use is covered."""
    content = library()
    table = Table(show_header=False)
    for name, figure in (
        ("pages of the KQL reference", len(content.pages)),
        ("example queries", len(content.examples)),
        ("notes about tables", len(content.table_notes)),
        ("prompts", len(content.prompts)),
    ):
        table.add_row(name, str(figure))
    ran = asyncio.run(_examples_that_run())
    table.add_row("examples that run on the embedded workspace", f"{ran} ({ran / len(content.examples):.1%})")
    if corpus is not None:
        operators, functions = _covered(corpus)
        table.add_row("operators of the corpus that a page covers", operators)
        table.add_row("uses of functions in the corpus that a page covers", functions)
    Console().print(table)


def _seen(tools: list[Tool]) -> int:
    return sum(
        len(tool.model_dump_json(by_alias=True, exclude_none=True, include={"name", "description", "input_schema"}))
        for tool in tools
    )


async def _tools() -> list[Tool]:
    everything = Settings(offline=True, toolsets=frozenset({"all"}), allow_writes=True)
    async with Client(build_server(everything)) as client:
        return (await client.list_tools()).tools


async def _examples_that_run() -> int:
    ran = 0
    async with Client(build_server(Settings(offline=True))) as client:
        for example in library().examples.values():
            arguments: dict[str, Any] = {"query": example.query, "timespan": "P14D"}
            ran += not (await client.call_tool("query_run", arguments)).is_error
    return ran


def _covered(corpus: Path) -> tuple[str, str]:
    """Shares for a file with one JSON object a line, whose `query` is KQL."""
    covers = {construct for page in library().pages.values() for construct in page.covers}
    validator = KqlValidator()
    operators: set[str] = set()
    functions: Counter[str] = Counter()
    for line in corpus.read_text("utf-8").splitlines():
        facts = validator.validate(json.loads(line)["query"]).facts
        operators.update((*facts.operators, *facts.plugins))
        functions.update(facts.functions)
    known = sum(uses for name, uses in functions.items() if name in covers)
    return (
        f"{len(operators & covers)} of {len(operators)}",
        f"{known:,} of {functions.total():,} ({known / functions.total():.1%})",
    )
