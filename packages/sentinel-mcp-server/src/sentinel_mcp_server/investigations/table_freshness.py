"""How alive a table is: its newest record, how late records arrive, how much comes in. Each is looked at on its own."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeVar

from sentinel_azure_clients import AzureServicesContext, QueryRequest, SentinelError, logs, usage
from sentinel_mcp_server import kql_text
from sentinel_mcp_server._together import together
from sentinel_mcp_server.schema import Plan
from sentinel_mcp_server.window import parse_instant

LOOK_BACK = timedelta(days=30)
LAG_OF = timedelta(days=1)
VOLUME_DAYS = 7
_SECONDS = 30

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Freshness:
    """What could be seen; None where nothing was found or `not_seen` says why it could not be looked at.

    `newest` is of the last 30 days, `lag_seconds` the median between what happened and its arrival of the last day,
    `mb_per_day` what came in per day of the last week.
    """

    newest: datetime | None
    lag_seconds: float | None
    mb_per_day: float | None
    not_seen: tuple[str, ...]


async def look_at(azure: AzureServicesContext, table: str, plan: Plan, now: datetime) -> Freshness:
    """Ask three small questions at the same time; one that fails leaves the others as they are."""
    not_seen: list[str] = []
    source = kql_text.name(table)

    async def one(query: str, back: timedelta) -> str | None:
        request = QueryRequest(query, timespan=(now - back, now), server_timeout=_SECONDS, plan=plan)
        response = await logs.run_query(azure, request)
        values = [row[0] for found in response.result_tables for row in found.rows]
        return None if not values or values[0] in (None, "") else str(values[0])

    async def newest() -> datetime | None:
        found = await one(f"{source} | summarize Newest=max(TimeGenerated)", LOOK_BACK)
        return None if found is None else parse_instant(found)

    async def lag() -> float | None:
        late = "todouble((ingestion_time() - TimeGenerated) / 1s)"
        found = await one(f"{source} | summarize Lag=percentile({late}, 50)", LAG_OF)
        return None if found is None or found == "NaN" else float(found)

    async def volume() -> float:
        volumes = await usage.by_table(azure, days=VOLUME_DAYS)
        return sum(v.total_mb for v in volumes if v.table.casefold() == table.casefold()) / VOLUME_DAYS

    async def seen(what: str, work: Callable[[], Awaitable[T]]) -> T | None:
        try:
            return await work()
        except SentinelError as error:
            not_seen.append(f"The {what} could not be looked at: {error}")
            return None

    found, late, coming = await together(
        seen("newest record", newest), seen("ingestion lag", lag), seen("volume", volume)
    )
    return Freshness(found, late, coming, tuple(sorted(not_seen)))
