"""The documents of `sentinel-mcp-resources`, the workspace's tables, and kept answers, as MCP resources.

Three lists are resources of their own (`sentinel://kql`, `sentinel://examples`, `sentinel://tables`); the documents in
them are reached through templates, so that a client's list of resources stays short.
"""

import asyncio
from collections.abc import Callable, Iterable

from mcp.server import MCPServer
from mcp.server.mcpserver import Context
from mcp.server.mcpserver.exceptions import ResourceError, ResourceNotFoundError
from mcp_types import (
    Completion,
    CompletionArgument,
    CompletionContext,
    PromptReference,
    ResourceTemplateReference,
)

from sentinel_azure_clients import SentinelError, tables
from sentinel_kql_validator import Schema
from sentinel_mcp_resources import Example, Page, UnknownDocument, library
from sentinel_mcp_resources.library import nearest
from sentinel_mcp_server._define import UNTRUSTED_META
from sentinel_mcp_server.context import Services, owner_of
from sentinel_mcp_server.errors import Refused, explain
from sentinel_mcp_server.result_files import as_document, csv_file, json_file, refuse_too_long
from sentinel_mcp_server.suspicion import find_suspicions
from sentinel_mcp_server.trust import Json

_MARKDOWN = "text/markdown"
_PAGE = "sentinel://kql/{group}/{name}"
_EXAMPLE = "sentinel://examples/{scenario}/{name}"
_TABLE = "sentinel://tables/{name}"
_RESULT = "sentinel://results/{result_id}"
_MOST_COMPLETIONS = 100  # the protocol's own limit


def add_resources(server: MCPServer[Services]) -> None:
    """Register the lists, the templates, and the completion of their variables."""

    @server.resource("sentinel://kql", title="KQL reference", description="Its pages, one a line", mime_type=_MARKDOWN)
    def kql() -> str:
        return _list("KQL reference", ((page.uri, page.title, page.summary) for page in library().pages.values()))

    @server.resource("sentinel://examples", title="Examples", description="Queries, one a line", mime_type=_MARKDOWN)
    def examples() -> str:
        return _list("Example queries", ((e.uri, e.title, e.purpose) for e in library().examples.values()))

    @server.resource("sentinel://tables", title="Tables", description="Known tables, one a line", mime_type=_MARKDOWN)
    def table_index() -> str:
        notes = library().table_notes
        names = sorted(Schema.sentinel().tables)
        return _list(
            "Known tables", ((f"sentinel://tables/{t}", t, notes[t].summary if t in notes else "") for t in names)
        )

    @server.resource(_PAGE, title="KQL page", description="A page of the KQL reference", mime_type=_MARKDOWN)
    def page(group: str, name: str) -> str:
        return _document(f"sentinel://kql/{group}/{name}").render()

    @server.resource(_EXAMPLE, title="Example", description="A query with what it is for", mime_type=_MARKDOWN)
    def example(scenario: str, name: str) -> str:
        return _document(f"sentinel://examples/{scenario}/{name}").render()

    @server.resource(
        _TABLE,
        title="Table",
        description="Columns and types of a table, with what is worth knowing of it",
        mime_type=_MARKDOWN,
    )
    async def table(name: str, ctx: Context[Services]) -> str:
        return await _table_page(name, ctx.request_context.lifespan_context)

    @server.resource(
        _RESULT,
        title="Result",
        description="All rows of a query_run answer that named a result_id, for 15 minutes; untrusted data",
        mime_type="application/json",
        meta={UNTRUSTED_META: True},
    )
    async def result(result_id: str, ctx: Context[Services]) -> str:
        return await _result_file(result_id, ctx, json_file)

    @server.resource(
        f"{_RESULT}/csv",
        title="Result as CSV",
        description="The same as CSV, for a spreadsheet; untrusted data",
        mime_type="text/csv",
        meta={UNTRUSTED_META: True},
    )
    async def result_csv(result_id: str, ctx: Context[Services]) -> str:
        return await _result_file(result_id, ctx, csv_file)

    @server.completion()
    async def complete(
        ref: PromptReference | ResourceTemplateReference,
        argument: CompletionArgument,
        context: CompletionContext | None,
    ) -> Completion | None:
        given = (context.arguments if context else None) or {}
        names = _completable(ref, argument.name, given)
        matching = sorted(name for name in set(names) if name.casefold().startswith(argument.value.casefold()))
        return Completion(
            values=matching[:_MOST_COMPLETIONS], total=len(matching), has_more=len(matching) > _MOST_COMPLETIONS
        )

    _ = (
        kql,
        examples,
        table_index,
        page,
        example,
        table,
        result,
        result_csv,
        complete,
    )  # registered by their decorators


def addresses() -> list[str]:
    """Every address that can be read, for finding the nearest to a wrong one."""
    content = library()
    lists = ["sentinel://kql", "sentinel://examples", "sentinel://tables"]
    return [
        *lists,
        *content.pages,
        *content.examples,
        *(f"sentinel://tables/{name}" for name in Schema.sentinel().tables),
    ]


def _list(title: str, entries: Iterable[tuple[str, str, str]]) -> str:
    lines = [f"- {name} ({uri}){f': {summary}' if summary else ''}" for uri, name, summary in entries]
    return f"# {title}\n\n" + "\n".join(lines) + "\n"


def _document(uri: str) -> Page | Example:
    try:
        return library().document(uri)
    except UnknownDocument as error:
        raise ResourceNotFoundError(str(error)) from error


def _completable(ref: PromptReference | ResourceTemplateReference, argument: str, given: dict[str, str]) -> list[str]:
    """What an argument's values can be; a name follows the group or scenario that was chosen before it."""
    content = library()
    if isinstance(ref, PromptReference):
        prompt = content.prompts.get(ref.name)
        kinds = {declared.name: declared.complete for declared in prompt.arguments} if prompt else {}
        return list(Schema.sentinel().tables) if kinds.get(argument) == "tables" else []
    if ref.uri == _TABLE and argument == "name":
        return list(Schema.sentinel().tables)
    folder, known = {_PAGE: ("group", content.pages), _EXAMPLE: ("scenario", content.examples)}.get(ref.uri, ("", {}))
    parts = [uri.removeprefix("sentinel://").split("/")[1:] for uri in known]
    if argument == folder:
        return [part[0] for part in parts]
    return [part[1] for part in parts if given.get(folder, part[0]) == part[0]] if argument == "name" else []


async def _result_file(result_id: str, ctx: Context[Services], render: Callable[[Json], str]) -> str:
    """A kept answer of this caller. It may be long, so it is looked through and written beside the event loop."""
    services = ctx.request_context.lifespan_context
    owner = owner_of(ctx.request_context.request)
    try:
        kept = services.results.get(owner, result_id)
    except Refused as refusal:
        raise ResourceNotFoundError(str(refusal)) from refusal
    document = as_document(kept)
    if services.pseudonyms is not None:
        document = await asyncio.to_thread(services.pseudonyms.hide, owner, document)
    try:
        text = await asyncio.to_thread(render, document)
        refuse_too_long(text, over_http=services.settings.transport != "stdio")
    except Refused as refusal:
        raise ResourceError(str(refusal)) from refusal
    services.suspicions.remember(owner, "a result", await asyncio.to_thread(find_suspicions, document))
    return text


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
