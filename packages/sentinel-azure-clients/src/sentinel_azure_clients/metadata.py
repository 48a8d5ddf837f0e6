"""What the query API says about a workspace: its tables, functions and saved queries, and how they belong together.

It needs the workspace's GUID and the right to query only, no right at Azure Resource Manager.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from sentinel_azure_clients import _wire
from sentinel_azure_clients._address import join
from sentinel_azure_clients._call import accept, guarded
from sentinel_azure_clients._deadline import within
from sentinel_azure_clients._operation import QUERY, operation
from sentinel_azure_clients._translate import parse
from sentinel_azure_clients.workspace import get_workspace_id

if TYPE_CHECKING:
    from sentinel_azure_clients._wire import Json
    from sentinel_azure_clients.context import AzureServicesContext

_METADATA = operation(
    "logs",
    "metadata",
    "reading the workspace's metadata",
    way="LogsQueryClient.send_request GET /workspaces/{id}/metadata",
    api=QUERY,
)


@dataclass(frozen=True, slots=True)
class WorkspaceMetadata:
    """The parts of the answer as the service sent them, each an object with an `id` and mostly a `name`.

    A table has `columns` and `timespanColumn`, a function its `body` and `parameters` as text, a query its `body`.
    `related` in any of them holds ids of others. `raw` is the whole answer, parts newer than this package included.
    """

    tables: tuple[Json, ...] = field(repr=False)
    functions: tuple[Json, ...] = field(repr=False)
    queries: tuple[Json, ...] = field(repr=False)
    categories: tuple[Json, ...] = field(repr=False)
    solutions: tuple[Json, ...] = field(repr=False)
    resource_types: tuple[Json, ...] = field(repr=False)
    workspaces: tuple[Json, ...] = field(repr=False)
    raw: Json = field(repr=False)


async def get_metadata(context: AzureServicesContext) -> WorkspaceMetadata:
    """The metadata of the workspace as the service has it now."""
    async with within(context.config.deadline, _METADATA):
        return await _read(context)


async def _read(context: AzureServicesContext) -> WorkspaceMetadata:
    from azure.core.rest import HttpRequest

    workspace_id = await get_workspace_id(context)
    request = HttpRequest("GET", f"{join('workspaces', workspace_id)}/metadata", headers={"Accept": "application/json"})
    async with guarded(context, _METADATA, limiter=context.calls, deadline=context.config.deadline):
        answer = await context.logs_client.send_request(request, **_METADATA.options())
        accept(context, _METADATA, answer)
    return from_wire(parse(answer, _METADATA))


def from_wire(source: Json) -> WorkspaceMetadata:
    """Make a `WorkspaceMetadata` of the answer that the service sends."""
    return WorkspaceMetadata(
        tables=_wire.objects(source, "tables"),
        functions=_wire.objects(source, "functions"),
        queries=_wire.objects(source, "queries"),
        categories=_wire.objects(source, "categories"),
        solutions=_wire.objects(source, "solutions"),
        resource_types=_wire.objects(source, "resourceTypes"),
        workspaces=_wire.objects(source, "workspaces"),
        raw=source,
    )
