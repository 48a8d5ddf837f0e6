"""What comes into the workspace, what limits it has, and the price plans it could have."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING

from sentinel_azure_clients import _wire, logs
from sentinel_azure_clients._call import arm, arm_array
from sentinel_azure_clients._operation import LOG_ANALYTICS, operation
from sentinel_azure_clients.errors import InvalidInput, MalformedAnswer

if TYPE_CHECKING:
    from datetime import datetime

    from sentinel_azure_clients._wire import Json
    from sentinel_azure_clients.context import AzureServicesContext

_LIST = operation(
    "usage",
    "list",
    "reading the workspace's usage",
    way="LogAnalyticsManagementClient.send_request GET usages",
    api=LOG_ANALYTICS,
)

_TIERS = operation(
    "usage",
    "list service tiers",
    "listing the workspace's service tiers",
    way="LogAnalyticsManagementClient.send_request GET availableServiceTiers",
    api=LOG_ANALYTICS,
)

# The table Usage counts in megabytes of a thousand kilobytes, as the price list does.
_BY_TABLE = """Usage
| summarize total=sum(Quantity), billable=sumif(Quantity, IsBillable), latest=max(TimeGenerated) by DataType
| order by total desc"""


@dataclass(frozen=True, slots=True)
class UsageLimit:
    """A quantity that the service counts for the workspace, and its limit."""

    name: str
    unit: str | None
    current: float | None
    limit: float | None
    resets_at: datetime | None
    raw: Json = field(repr=False)


@dataclass(frozen=True, slots=True)
class TableUsage:
    """What came into a table, in megabytes of a thousand kilobytes: everything, and what is charged for."""

    table: str
    total_mb: float
    billable_mb: float
    latest: str | None


@dataclass(frozen=True, slots=True)
class ServiceTier:
    """A price plan that the workspace has or could have, with the days that it can keep data for."""

    name: str
    enabled: bool | None
    minimum_retention_days: int | None
    maximum_retention_days: int | None
    default_retention_days: int | None
    capacity_reservation_gb_per_day: int | None
    raw: Json = field(repr=False)


async def list_limits(context: AzureServicesContext) -> tuple[UsageLimit, ...]:
    """What the service counts for the workspace, such as the data of the day against its cap."""
    answer = await arm(context, _LIST, "GET", context.workspace_path("usages"))
    return tuple(limit_from_wire(source) for source in _wire.objects(answer, "value"))


async def list_service_tiers(context: AzureServicesContext) -> tuple[ServiceTier, ...]:
    """The price plans of the workspace; those with `enabled` can be chosen."""
    found = await arm_array(context, _TIERS, "GET", context.workspace_path("availableServiceTiers"))
    return tuple(map(tier_from_wire, found))


async def by_table(context: AzureServicesContext, *, days: int = 30) -> tuple[TableUsage, ...]:
    """What came into each table in the last days, most first, from the workspace's own table Usage."""
    if not 1 <= days <= 730:
        raise InvalidInput(f"days is {days}, but must be from 1 to 730.")
    answer = await logs.run_query(context, logs.QueryRequest(_BY_TABLE, timespan=timedelta(days=days)))
    if answer.status != "complete":
        raise MalformedAnswer("The usage by table came back incomplete, so its sums would be wrong.")
    return tuple(
        TableUsage(str(table), float(total or 0), float(billable or 0), latest)
        for table, total, billable, latest in (answer.result_tables[0].rows if answer.tables else ())
    )


def limit_from_wire(source: Json) -> UsageLimit:
    """Make a `UsageLimit` of the object that the service sends."""
    name = _wire.section(source, "name")
    return UsageLimit(
        name=_wire.text(name, "value") or "",
        unit=_wire.text(source, "unit"),
        current=_wire.real(source, "currentValue"),
        limit=_wire.real(source, "limit"),
        resets_at=_wire.moment(source, "nextResetTime"),
        raw=source,
    )


def tier_from_wire(source: Json) -> ServiceTier:
    """Make a `ServiceTier` of the object that the service sends."""
    return ServiceTier(
        name=_wire.needed(source, "serviceTier"),
        enabled=_wire.flag(source, "enabled"),
        minimum_retention_days=_wire.whole(source, "minimumRetention"),
        maximum_retention_days=_wire.whole(source, "maximumRetention"),
        default_retention_days=_wire.whole(source, "defaultRetention"),
        capacity_reservation_gb_per_day=_wire.whole(source, "capacityReservationLevel"),
        raw=source,
    )
