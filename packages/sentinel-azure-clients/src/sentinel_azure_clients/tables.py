"""The workspace's tables, and its schema as a whole: tables with their columns, and stored functions."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from sentinel_azure_clients import _signature, _wire
from sentinel_azure_clients._call import arm
from sentinel_azure_clients._deadline import within
from sentinel_azure_clients._operation import LOG_ANALYTICS, operation
from sentinel_azure_clients._paging import Listing, collect
from sentinel_azure_clients._signature import KQL_TYPES
from sentinel_azure_clients.errors import NotAllowed, NotConfigured, NotFound
from sentinel_azure_clients.metadata import get_metadata

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sentinel_azure_clients._wire import Json
    from sentinel_azure_clients.context import AzureServicesContext

_SENT = "LogAnalyticsManagementClient.send_request"
_LIST = operation("tables", "list", "listing tables", way=f"{_SENT} GET tables", api=LOG_ANALYTICS)
_GET = operation("tables", "get", "reading the table", way=f"{_SENT} GET tables/{{name}}", api=LOG_ANALYTICS)
_FUNCTIONS = operation("tables", "functions", "listing functions", way=f"{_SENT} GET savedSearches", api=LOG_ANALYTICS)

_SCHEMA = "schema"


@dataclass(frozen=True, slots=True)
class TableInfo:
    """A table of the workspace.

    `plan` is Analytics, Basic or Auxiliary (the last two have their own limits on queries), `columns` gives each
    column's KQL type, `table_type` is Microsoft, CustomLog, SearchResults or RestoredLogs.
    """

    name: str
    id: str
    plan: str | None
    retention_days: int | None
    total_retention_days: int | None
    archive_days: int | None
    columns: dict[str, str] = field(repr=False)
    table_type: str | None
    sub_type: str | None
    description: str | None
    display_name: str | None
    solutions: tuple[str, ...]
    provisioning_state: str | None
    raw: Json = field(repr=False)


@dataclass(frozen=True, slots=True)
class SchemaSnapshot:
    """What a query may refer to, as it was at `read_at`.

    `tables` is `{table: {column: type}}` and `functions` is `{name: {"parameters": [{"name", "type", "required",
    "default"}], "body": text}}`, plain data with KQL's type names; `default` is KQL text and only there for a parameter
    that has one. A function that takes rows has all its parameters in `tabular_parameters` instead, where the type of
    rows is their columns as KQL writes them, `(a:string, b:long)` or `(*)`; it has its `signature` as written, too.
    A function whose parameters cannot be told has its `signature` alone.
    `version` is the same for the same content and changes with it. `notes` says what could not be read. `plans` names
    the plan of each table that is not on Analytics: such a table is queried another way (`QueryRequest.plan`).
    """

    tables: dict[str, dict[str, str]] = field(repr=False)
    functions: dict[str, Json] = field(repr=False)
    version: str
    read_at: datetime
    notes: tuple[str, ...] = ()
    plans: dict[str, str] = field(default_factory=dict[str, str], repr=False)


async def list_tables(context: AzureServicesContext) -> Listing[TableInfo]:
    """Every table of the workspace, with its columns. A listed table may have no rows."""
    return await collect(context, _LIST, context.workspace_path("tables"), from_wire)


async def get_table(context: AzureServicesContext, name: str) -> TableInfo:
    """The table with this name. Raises `NotFound`."""
    return from_wire(await arm(context, _GET, "GET", context.workspace_path("tables", name)))


async def get_schema(context: AzureServicesContext, *, fresh: bool = False) -> SchemaSnapshot:
    """The schema of the workspace, remembered for the settings' `schema_ttl`; callers at the same time share one read.

    Read from the workspace resource (every table), or, when only AZURE_WORKSPACE_ID is set, from the query API's
    metadata. `fresh` reads it again now. Errors are never remembered.
    """

    async def load() -> SchemaSnapshot:
        return await _read_schema(context)

    return await (context.facts.refresh if fresh else context.facts.get)(_SCHEMA, load)


def from_wire(source: Json) -> TableInfo:
    """Make a `TableInfo` of the object that the service sends."""
    properties = _wire.section(source, "properties")
    schema = _wire.section(properties, "schema")
    columns = (*_wire.objects(schema, "standardColumns"), *_wire.objects(schema, "columns"))
    return TableInfo(
        name=_wire.name_of(source),
        id=_wire.needed(source, "id"),
        plan=_wire.text(properties, "plan"),
        retention_days=_wire.whole(properties, "retentionInDays"),
        total_retention_days=_wire.whole(properties, "totalRetentionInDays"),
        archive_days=_wire.whole(properties, "archiveRetentionInDays"),
        columns=_columns(columns),
        table_type=_wire.text(schema, "tableType"),
        sub_type=_wire.text(schema, "tableSubType"),
        description=_wire.text(schema, "description"),
        display_name=_wire.text(schema, "displayName"),
        solutions=_wire.strings(schema, "solutions"),
        provisioning_state=_wire.text(properties, "provisioningState"),
        raw=source,
    )


def _columns(columns: Iterable[Json]) -> dict[str, str]:
    found: dict[str, str] = {}
    for column in columns:
        kind = (_wire.text(column, "type") or "dynamic").lower()
        found[_wire.needed(column, "name")] = KQL_TYPES.get(kind, kind)
    return found


async def _read_schema(context: AzureServicesContext) -> SchemaSnapshot:
    try:
        context.workspace_path()
    except NotConfigured:
        if not context.config.workspace_id:
            raise
        return await _from_metadata(context)
    async with within(context.config.deadline, _LIST):
        return await _from_resource(context)


async def _from_resource(context: AzureServicesContext) -> SchemaSnapshot:
    listed = await list_tables(context)
    notes = [] if listed.complete else [f"Not every table was read: {listed.note}"]
    functions: dict[str, Json] = {}
    try:
        saved = await collect(context, _FUNCTIONS, context.workspace_path("savedSearches"), _function)
        functions = {name: function for name, function in saved if name}
    except (NotAllowed, NotFound) as error:
        notes.append(f"The workspace's own functions could not be read: {error}")
    plans = {table.name: table.plan for table in listed if table.plan not in (None, "Analytics")}
    return _snapshot({table.name: table.columns for table in listed}, functions, notes, plans)


async def _from_metadata(context: AzureServicesContext) -> SchemaSnapshot:
    found = await get_metadata(context)
    columns = {_wire.needed(table, "name"): _columns(_wire.objects(table, "columns")) for table in found.tables}
    functions = {
        _wire.needed(function, "name"): _described(_wire.text(function, "parameters"), _wire.text(function, "body"))
        for function in found.functions
    }
    return _snapshot(columns, functions, [])


def _snapshot(
    tables: dict[str, dict[str, str]], functions: dict[str, Json], notes: list[str], plans: dict[str, str] | None = None
) -> SchemaSnapshot:
    plans = plans or {}
    content = json.dumps([tables, functions, plans], sort_keys=True, ensure_ascii=False)
    return SchemaSnapshot(
        tables=tables,
        functions=functions,
        version=hashlib.sha256(content.encode()).hexdigest()[:16],
        read_at=datetime.now(UTC),
        notes=tuple(notes),
        plans=plans,
    )


def _function(source: Json) -> tuple[str, Json]:
    properties = _wire.section(source, "properties")
    alias = _wire.text(properties, "functionAlias") or ""
    return alias, _described(_wire.text(properties, "functionParameters"), _wire.text(properties, "query"))


def _described(signature: str | None, body: str | None) -> Json:
    parameters = _signature.read(signature)
    if parameters is None:
        return {"signature": signature, "body": body}
    if _signature.takes_rows(parameters):
        return {"signature": signature, "tabular_parameters": parameters, "body": body}
    return {"parameters": parameters, "body": body}
