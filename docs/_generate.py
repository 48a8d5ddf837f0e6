"""Write the pages that are made from code: tools, settings, Azure operations; `--check` only compares."""

import asyncio
import json
import sys
from pathlib import Path
from typing import Any, cast

from mcp import Client

from sentinel_azure_clients import coverage
from sentinel_mcp_server.app import build_server
from sentinel_mcp_server.settings import Settings
from sentinel_mcp_server.tools import TOOLS

DOCS = Path(__file__).parent
EVERYTHING = Settings(offline=True, toolsets=frozenset({"all"}), allow_writes=True)


def main() -> int:
    """Write or compare; 1 where a page on disk is not what the code says."""
    pages = {
        DOCS / "settings.md": settings_page(),
        DOCS / "coverage.md": coverage.markdown(),
        DOCS / "tools" / "catalogue.json": catalogue(),
        **tool_pages(),
    }
    stale = [path for path, text in pages.items() if not path.exists() or path.read_text("utf-8") != text]
    stray = sorted(set((DOCS / "tools").glob("*.md")) - set(pages))
    if "--check" in sys.argv[1:]:
        for path in (*stale, *stray):
            sys.stderr.write(f"{path.relative_to(DOCS.parent)} is stale: run python docs/_generate.py\n")
        return 1 if stale or stray else 0
    for path in stray:
        path.unlink()
    for path, text in pages.items():
        path.write_text(text, "utf-8")
    return 0


def settings_page() -> str:
    """Every setting with its variable, flag and default."""
    lines = [
        "# Settings",
        "",
        "A flag wins over the environment, the environment over the default. azure-identity has variables of its own.",
        "",
        "| variable | flag | default | what it does |",
        "|---|---|---|---|",
    ]
    for name, field in Settings.model_fields.items():
        default = "" if field.default in (None, (), frozenset()) else f"`{_as_written(field.default)}`"
        text = (field.description or "").replace("|", "\\|")
        lines.append(f"| `{Settings.variable(name)}` | `--{name.replace('_', '-')}` | {default} | {text} |")
    return "\n".join(lines) + "\n"


def _as_written(value: object) -> str:
    """A setting's value as one writes it in a variable or after a flag."""
    return ",".join(sorted(map(str, cast("frozenset[object]", value)))) if isinstance(value, frozenset) else str(value)


def catalogue() -> str:
    """Names, schemas and annotations of every tool, as a client gets them: what a change of the API shows up in."""

    async def listed() -> list[dict[str, Any]]:
        async with Client(build_server(EVERYTHING)) as client:
            tools = (await client.list_tools()).tools
            return [tool.model_dump(mode="json", by_alias=True, exclude_none=True) for tool in tools]

    return json.dumps(asyncio.run(listed()), indent=1, ensure_ascii=False) + "\n"


def tool_pages() -> dict[Path, str]:
    """A page a tool, and the table of contents."""
    tools = {tool.name: tool for tool in build_server(EVERYTHING)._tool_manager.list_tools()}  # noqa: SLF001 # pyright: ignore[reportPrivateUsage] - the SDK lists tools only through a session
    index = ["# Tools", "", "| tool | toolset | what it gives |", "|---|---|---|"]
    pages: dict[Path, str] = {}
    for spec in TOOLS:
        tool = tools[spec.name]
        first = tool.description.split("\n\n")[0].replace("\n", " ")
        index.append(f"| [`{spec.name}`]({spec.name}.md) | {spec.toolset} | {first} |")
        trust = "The answer carries text that others wrote; it is fenced and marked." if spec.untrusted else ""
        if spec.writes:
            trust = f"{trust} It changes the workspace, and is offered only with `--allow-writes`.".strip()
        page = [f"# {spec.name}", "", tool.description, "", trust, "", "## Arguments", "", *_fields(tool.parameters)]
        page += ["", "## Answer", "", *_fields(tool.output_schema or {})]
        pages[DOCS / "tools" / f"{spec.name}.md"] = "\n".join(page).replace("\n\n\n", "\n\n") + "\n"
    pages[DOCS / "tools" / "index.md"] = "\n".join(index) + "\n"
    return pages


def _fields(schema: dict[str, Any]) -> list[str]:
    properties = cast("dict[str, dict[str, Any]]", schema.get("properties", {}))
    if not properties:
        return ["None."]
    required = set(cast("list[str]", schema.get("required", [])))
    lines = ["| name | type | |", "|---|---|---|"]
    for name, field in properties.items():
        must = "**required** " if name in required and "default" not in field else ""
        lines.append(f"| `{name}` | {_type(field)} | {must}{field.get('description', '')} |")
    return lines


def _type(field: dict[str, Any]) -> str:
    if "enum" in field:
        return ", ".join(f"`{value}`" for value in field["enum"])
    if "anyOf" in field:
        return " or ".join(_type(option) for option in field["anyOf"])
    if "$ref" in field:
        return str(field["$ref"]).rpartition("/")[2]
    if field.get("type") == "array":
        return f"list of {_type(field.get('items', {}))}"
    return str(field.get("type", "any"))


if __name__ == "__main__":
    sys.exit(main())
