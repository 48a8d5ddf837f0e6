"""The documents of `sentinel-mcp-resources` and the workspace's tables, as MCP resources."""

from typing import Any

from mcp.server import MCPServer
from mcp.server.mcpserver import Context
from mcp.server.mcpserver.exceptions import ResourceError, ResourceNotFoundError
from mcp.server.mcpserver.resources import FunctionResource
from mcp_types import (
    Completion,
    CompletionArgument,
    CompletionContext,
    PromptReference,
    ResourceTemplateReference,
)

from sentinel_azure_clients import SentinelError, tables
from sentinel_kql_validator import Schema
from sentinel_mcp_resources import library
from sentinel_mcp_resources.library import nearest
from sentinel_mcp_server.context import Services
from sentinel_mcp_server.errors import explain

_TABLE_TEMPLATE = "sentinel://tables/{name}"
_MOST_COMPLETIONS = 100  # the protocol's own limit


def add_resources(server: MCPServer[Services]) -> None:
    """Register every document, the list of tables, one page a table, and completion of table names."""
    content = library()
    for page in content.pages.values():
        server.add_resource(_document(page.uri, page.title, page.summary, page.render))
    for example in content.examples.values():
        server.add_resource(_document(example.uri, example.title, example.purpose, example.render))

    @server.resource(
        "sentinel://tables", title="Tables", description="Known tables, one a line", mime_type="text/markdown"
    )
    def table_index() -> str:
        notes = content.table_notes
        lines = [
            f"- {name}{f': {notes[name].summary}' if name in notes else ''}"
            for name in sorted(Schema.sentinel().tables)
        ]
        return "# Known tables\n\nWhat this workspace has: table_list.\n\n" + "\n".join(lines) + "\n"

    @server.resource(
        _TABLE_TEMPLATE,
        title="Table",
        description="Columns and types of a table, with what is worth knowing of it",
        mime_type="text/markdown",
    )
    async def table_page(name: str, ctx: Context[Services]) -> str:
        return await _table_page(name, ctx.request_context.lifespan_context)

    @server.completion()
    async def complete(
        ref: PromptReference | ResourceTemplateReference,
        argument: CompletionArgument,
        _: CompletionContext | None,
    ) -> Completion | None:
        names = _completable(ref, argument.name)
        matching = sorted(name for name in names if name.casefold().startswith(argument.value.casefold()))
        return Completion(
            values=matching[:_MOST_COMPLETIONS],
            total=len(matching),
            has_more=len(matching) > _MOST_COMPLETIONS,
        )

    _ = (table_index, table_page, complete)  # registered by their decorators


def _document(uri: str, title: str, description: str, render: Any) -> FunctionResource:  # noqa: ANN401 - a function without arguments
    return FunctionResource(
        uri=uri,
        name=uri.removeprefix("sentinel://"),
        title=title,
        description=description,
        mime_type="text/markdown",
        fn=render,
    )


def _completable(ref: PromptReference | ResourceTemplateReference, argument: str) -> list[str]:
    if isinstance(ref, ResourceTemplateReference):
        return list(Schema.sentinel().tables) if ref.uri == _TABLE_TEMPLATE and argument == "name" else []
    prompt = library().prompts.get(ref.name)
    kinds = {declared.name: declared.complete for declared in prompt.arguments} if prompt else {}
    return list(Schema.sentinel().tables) if kinds.get(argument) == "tables" else []


async def _table_page(name: str, services: Services) -> str:
    """The live schema where the workspace can be asked, the built-in one otherwise; the page says which."""
    built_in = Schema.sentinel().tables
    try:
        snapshot = await tables.get_schema(services.azure)
        known, source = snapshot.tables, "this workspace"
    except SentinelError as error:
        known, source = built_in, f"the built-in schema ({explain(error)})"
    columns = known.get(name)
    if columns is None:
        if name in built_in:
            raise ResourceError(f"The table {name} is a known Sentinel table, but this workspace does not have it.")
        raise ResourceNotFoundError(f"There is no table {name[:100]!r}{nearest(name, known)}")
    note = library().table_notes.get(name)
    head = note.render() if note else f"# {name}\n"
    rows = "\n".join(f"| {column} | {kind} |" for column, kind in columns.items())
    return f"{head}\n## Columns, from {source}\n\n| column | type |\n|---|---|\n{rows}\n"
