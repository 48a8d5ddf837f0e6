"""What a look at one part of the workspace gives: findings, or why nobody could look."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from sentinel_azure_clients import AzureServicesContext, QueryRequest, SentinelError, logs

Severity = Literal["problem", "warning", "information"]


class Finding(BaseModel):
    """One thing that is wrong, or may be."""

    model_config = ConfigDict(frozen=True)

    severity: Severity
    area: str
    what: str = Field(description="Table, connector, rule or limit that it is about")
    finding: str
    since: datetime | None = Field(description="Since when, or when it was last seen; null where that is not known")
    name: str | None = Field(default=None, description="Its name for the tool that gets it")


@dataclass(frozen=True, slots=True)
class Look:
    """The outcome of looking at one area: `unknown` says why it could not be looked at, and then nothing was found."""

    area: str
    findings: tuple[Finding, ...] = ()
    unknown: str | None = None


Check = Callable[[], Awaitable[Sequence[Finding]]]


async def look(area: str, check: Check) -> Look:
    """Run a check; what the service refuses or cannot do is told, never taken for health."""
    try:
        return Look(area, tuple(await check()))
    except SentinelError as error:
        return Look(area, unknown=f"{area}: {error}")


async def rows_of(
    azure: AzureServicesContext, query: str, window: tuple[datetime, datetime], seconds: int
) -> list[Mapping[str, Any]]:
    """The rows of a query by column.

    Raises:
        NotSeen: the service looked at part of the rows.
        SentinelError: it could not run.
    """
    response = await logs.run_query(azure, QueryRequest(query, timespan=window, server_timeout=seconds))
    if response.status != "complete":
        raise NotSeen("The service looked at part of the rows")
    return [
        dict(zip((column.name for column in table.columns), row, strict=True))
        for table in response.result_tables
        for row in table.rows
    ]


class NotSeen(SentinelError):
    """Something could not be looked at whole, so what it does not show is not known."""
