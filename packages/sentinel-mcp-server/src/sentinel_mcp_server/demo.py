"""A guided tour: a real MCP client, a real server process over stdio, the embedded workspace behind it."""

import json
import sys
import time
from collections.abc import Iterator, Mapping
from typing import Any, cast

import anyio
from mcp import Client, StdioServerParameters, stdio_client
from mcp.shared.exceptions import MCPError
from mcp_types import CallToolResult, TextContent
from rich.console import Console
from rich.panel import Panel
from rich.syntax import Syntax
from rich.table import Table
from rich.text import Text

_MISSPELT = """\
SigninLogs
| where ResultType != "0"
| summarize Attempts = count(), Users = dcount(UserPrincipalNam) by IPAddress
| top 5 by Users"""
_SEVERITY_STYLES = {"High": "bold red", "Medium": "yellow", "Low": "cyan", "Informational": "dim"}


class _TourFailed(Exception):
    """A stop of the tour did not show what it should."""


def run_demo() -> int:
    """Show the tour; 0 when every stop showed what it should, 2 otherwise."""
    console = Console(highlight=False)
    failures: list[str] = []
    try:
        anyio.run(_tour, console)
    except* (_TourFailed, MCPError, OSError) as group:
        failures += [str(error) for error in _leaves(group)]
    for failure in failures:
        console.print(Text(f"The tour stopped: {failure}", style="bold red"))
    return 2 if failures else 0


def _leaves(group: BaseExceptionGroup[Exception]) -> Iterator[Exception]:
    for error in group.exceptions:
        if isinstance(error, BaseExceptionGroup):
            yield from _leaves(error)
        else:
            yield error


async def _tour(console: Console) -> None:
    started = time.perf_counter()
    command = [sys.executable, "-m", "sentinel_mcp_server", "--offline"]
    server = StdioServerParameters(command=command[0], args=command[1:])
    console.print(
        Panel(
            "An MCP client starts [bold]sentinel-mcp-server --offline[/bold] and works a generated organisation.\n"
            "Every answer below came through the Model Context Protocol, the Azure SDKs and KQL. No Azure is involved.",
            title="Microsoft Sentinel MCP server",
            border_style="blue",
        )
    )
    async with Client(stdio_client(server)) as client:
        await _incidents(client, console)
        await _refused(client, console)
        corrected = await _corrected(client)
        await _query(client, console, corrected)
    _configuration(console)
    console.print(Text(f"Done in {time.perf_counter() - started:.1f} s.", style="dim"))


async def _incidents(client: Client, console: Console) -> None:
    answer = await _ask(client, "incident_list", {"order_by": "created_asc"})
    incidents = cast("list[dict[str, Any]]", answer["incidents"])
    if not incidents:
        raise _TourFailed("incident_list gave no incident.")
    console.print(Text("incident_list: the queue", style="bold"))
    table = Table()
    for column in ("#", "Severity", "Status", "Title", "Alerts", "Tactics"):
        table.add_column(column)
    for incident in incidents:
        severity = str(incident["severity"])
        table.add_row(
            str(incident["number"]),
            Text(severity, style=_SEVERITY_STYLES.get(severity, "")),
            str(incident["status"]),
            Text(str(incident["title"])),
            str(incident["alert_count"]),
            ", ".join(incident["tactics"]),
        )
    console.print(table)

    # The newest of the worst: the list is in order of age, and max keeps the first of equals.
    worst = max(reversed(incidents), key=lambda incident: -list(_SEVERITY_STYLES).index(incident["severity"]))
    details = await _ask(client, "incident_get", {"incident": str(worst["number"])})
    console.print(Text(f"incident_get {worst['number']}: {worst['title']}", style="bold"))
    table = Table()
    table.add_column("Entity")
    table.add_column("Name")
    for entity in details["entities"]:
        table.add_row(entity["kind"], Text(str(entity["name"])))
    console.print(table)


async def _refused(client: Client, console: Console) -> None:
    console.print(Text("query_run: a query with a misspelt column", style="bold"))
    console.print(Syntax(_MISSPELT, "sql", word_wrap=True, background_color="default"))
    result = await client.call_tool("query_run", {"query": _MISSPELT})
    if not result.is_error:
        raise _TourFailed("the misspelt query was not refused.")
    console.print(Panel(Text(_text(result)), title="refused before it was sent", border_style="red"))


async def _corrected(client: Client) -> str:
    verdict = await _ask(client, "query_validate", {"query": _MISSPELT})
    fault = verdict["diagnostics"][0]
    if not fault["suggestions"]:
        raise _TourFailed("the analyser suggested no name for the misspelt column.")
    lines: list[str] = list(_MISSPELT.split("\n"))
    row, start = int(fault["line"]) - 1, int(fault["column"]) - 1
    lines[row] = lines[row][:start] + str(fault["suggestions"][0]) + lines[row][start + int(fault["length"]) :]
    return "\n".join(lines)


async def _query(client: Client, console: Console, query: str) -> None:
    answer = await _ask(client, "query_run", {"query": query, "timespan": "P14D"})
    console.print(Text("query_run: the suggestion taken", style="bold"))
    console.print(Syntax(query, "sql", word_wrap=True, background_color="default"))
    rows = answer["tables"][0]
    table = Table()
    for column in rows["columns"]:
        table.add_column(column["name"])
    for row in rows["rows"]:
        table.add_row(*(Text("" if value is None else str(value)) for value in row))
    console.print(table)
    window = answer["window"]
    console.print(
        Text(
            f"status {answer['status']}; window {window['start']} to {window['end']} (from the {window['source']}); "
            f"{answer['row_count']} rows; query {answer['query_hash']}; {answer['elapsed_ms']} ms",
            style="dim",
        )
    )


def _configuration(console: Console) -> None:
    config = {
        "mcpServers": {"sentinel": {"command": sys.executable, "args": ["-m", "sentinel_mcp_server", "--offline"]}}
    }
    console.print(Text("Paste this into your MCP client (VS Code calls the outer key `servers`):", style="bold"))
    console.print(Syntax(json.dumps(config, indent=2), "json", background_color="default"))
    console.print(
        "For a real workspace leave out --offline and set AZURE_SUBSCRIPTION_ID, AZURE_RESOURCE_GROUP,\n"
        "AZURE_WORKSPACE_NAME and AZURE_WORKSPACE_ID in the client's `env`."
    )


async def _ask(client: Client, tool: str, arguments: Mapping[str, Any]) -> dict[str, Any]:
    result = await client.call_tool(tool, dict(arguments))
    if result.is_error or result.structured_content is None:
        raise _TourFailed(f"{tool} answered: {_text(result)}")
    return result.structured_content


def _text(result: CallToolResult) -> str:
    return "\n".join(block.text for block in result.content if isinstance(block, TextContent))
