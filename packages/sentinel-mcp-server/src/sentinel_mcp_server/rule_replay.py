"""Run a rule's query for past runs, all at once or one by one, and count what each run found."""

import asyncio
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sentinel_azure_clients import AlertRule, QueryRequest, QueryResponse, Table, logs
from sentinel_kql_validator import Bound
from sentinel_mcp_server._together import together
from sentinel_mcp_server.context import Services
from sentinel_mcp_server.errors import Refused
from sentinel_mcp_server.investigations.past_runs import as_of
from sentinel_mcp_server.investigations.stepwise import ROWS, STEP, Runs
from sentinel_mcp_server.results import only_table
from sentinel_mcp_server.window import parse_instant

_AT_ONCE = 4
_TICK = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class Mapped:
    """A column that an entity mapping names."""

    entity: str
    column: str


@dataclass(slots=True)
class Found:
    """What each run found: rows, and rows by value of each mapped column."""

    rows: Counter[datetime]
    values: dict[Mapped, Counter[tuple[datetime, str]]]


async def at_once(services: Services, query: str, runs: Runs, mapped: list[Mapped]) -> Found | None:
    """The runs by one query, or None where its answer is not whole."""
    request = QueryRequest(query, timespan=(runs.sees_from, runs.end), server_timeout=services.settings.query_timeout)
    response = await logs.run_query(services.azure, request)
    if response.status != "complete":
        return None
    table = only_table(response)
    place = _places(table)
    columns = list(dict.fromkeys(m.column for m in mapped))
    found = Found(Counter(), {m: Counter() for m in mapped})
    for row in table.rows:
        moment, count = parse_instant(str(row[place[STEP]])), int(row[place[ROWS]])
        found.rows[moment] += count
        for one in mapped:
            if value := row[place[f"C{columns.index(one.column)}"]]:
                found.values[one][moment, str(value)] += count
    return found


async def one_by_one(services: Services, bound: Bound, runs: Runs, mapped: list[Mapped]) -> Found:
    """The runs, each by its own query.

    Raises:
        Refused: the service looked at part of the rows of a run.
    """
    places = asyncio.Semaphore(_AT_ONCE)

    async def run(moment: datetime) -> tuple[datetime, QueryResponse]:
        async with places:
            request = QueryRequest(
                as_of(bound, moment),
                timespan=(moment - runs.period, moment - _TICK),
                server_timeout=services.settings.query_timeout,
            )
            return moment, await logs.run_query(services.azure, request)

    found = Found(Counter(), {m: Counter() for m in mapped})
    for moment, response in await together(*(run(moment) for moment in runs.moments())):
        if response.status != "complete":
            raise Refused(f"The service looked at part of the rows of the run of {moment.isoformat()}: ask for less.")
        table = only_table(response)
        place = _places(table)
        found.rows[moment] = len(table.rows)
        for one in mapped:
            if one.column in place:
                values = (row[place[one.column]] for row in table.rows)
                found.values[one].update((moment, str(value)) for value in values if value not in (None, ""))
    return found


def _places(table: Table) -> Mapping[str, int]:
    return {column.name: number for number, column in enumerate(table.columns)}


def mapped_columns(rule: AlertRule, columns: Mapping[str, str]) -> list[Mapped]:
    """The columns that the rule's entity mappings name and that its query gives."""
    mappings: list[dict[str, Any]] = rule.properties.get("entityMappings") or []
    fields: list[tuple[dict[str, Any], dict[str, Any]]] = [
        (mapping, field) for mapping in mappings for field in mapping.get("fieldMappings") or ()
    ]
    return [
        Mapped(f"{mapping.get('entityType')} {field.get('identifier')}", str(field.get("columnName")))
        for mapping, field in fields
        if field.get("columnName") in columns
    ]
