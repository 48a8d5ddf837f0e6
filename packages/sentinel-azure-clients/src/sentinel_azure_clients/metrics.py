"""Metrics of Azure resources, such as the workspace itself.

`MetricsQueryClient` left azure-monitor-query in 2.0. Of the two clients that took its place, this is the one that its
release notes name for resource metrics: `MonitorManagementClient` asks by resource id at the address of Azure Resource
Manager, while `azure-monitor-querymetrics` asks for batches at an address of each region, with an audience of its own.
"""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sentinel_azure_clients._address import resource_path
from sentinel_azure_clients._call import guarded
from sentinel_azure_clients._operation import operation
from sentinel_azure_clients._timespan import Timespan, on_the_wire
from sentinel_azure_clients.errors import InvalidInput, MalformedAnswer

if TYPE_CHECKING:
    from collections.abc import Generator, Sequence
    from datetime import datetime

    from sentinel_azure_clients._operation import Operation
    from sentinel_azure_clients.context import AzureServicesContext

_ROLE = "Monitoring Reader"
_DEFINITIONS = operation(
    "metrics",
    "list definitions",
    "listing metric definitions",
    way="MonitorManagementClient.metric_definitions.list",
    api="the SDK's",
    role=_ROLE,
)
_QUERY = operation(
    "metrics", "query", "reading metrics", way="MonitorManagementClient.metrics.list", api="the SDK's", role=_ROLE
)

AGGREGATIONS = ("average", "count", "maximum", "minimum", "total")


@dataclass(frozen=True, slots=True)
class MetricDefinition:
    """A metric that a resource has: its unit, how it can be aggregated, and by what it can be split."""

    name: str
    display_name: str | None
    description: str | None
    namespace: str | None
    unit: str | None
    primary_aggregation: str | None
    aggregations: tuple[str, ...]
    dimensions: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class MetricPoint:
    """The values at a time; None for an aggregation that was not asked for or has no data."""

    time: datetime
    average: float | None
    count: float | None
    maximum: float | None
    minimum: float | None
    total: float | None


@dataclass(frozen=True, slots=True)
class MetricSeries:
    """The values of a metric over time, for one combination of dimensions."""

    metric: str
    unit: str | None
    dimensions: dict[str, str]
    points: tuple[MetricPoint, ...]


async def list_definitions(
    context: AzureServicesContext, *, resource_id: str | None = None
) -> tuple[MetricDefinition, ...]:
    """The metrics that a resource has, by default the workspace."""
    resource = _resource(context, resource_id)
    async with guarded(context, _DEFINITIONS, limiter=context.calls, deadline=context.config.deadline):
        client = context.metrics_client
        with _reading(_DEFINITIONS):
            return tuple([_definition(found) async for found in client.metric_definitions.list(resource)])


async def query(
    context: AzureServicesContext,
    names: Sequence[str],
    *,
    timespan: Timespan = "PT1H",
    interval: str | None = None,
    aggregations: Sequence[str] = ("average",),
    split_by: Sequence[str] = (),
    resource_id: str | None = None,
) -> tuple[MetricSeries, ...]:
    """The values of metrics of a resource, by default the workspace.

    `interval` is an ISO 8601 duration such as PT5M; `aggregations` are some of `AGGREGATIONS`. With `split_by`, names
    of dimensions, there is a series for each combination of their values, else one for each metric.
    """
    if not names:
        raise InvalidInput("Name at least one metric.")
    unknown = [name for name in aggregations if name.lower() not in AGGREGATIONS]
    if unknown or not aggregations:
        raise InvalidInput(f"The aggregations of metrics are {', '.join(AGGREGATIONS)}.")
    resource = _resource(context, resource_id)
    asked: dict[str, Any] = {
        "timespan": on_the_wire(timespan),
        "interval": interval,
        "metricnames": ",".join(name.replace(",", "%2") for name in names),  # the service's own way to write a comma
        "aggregation": ",".join(aggregations),
        "filter": " and ".join(_any_value(name) for name in split_by) or None,
    }
    async with guarded(context, _QUERY, limiter=context.calls, deadline=context.config.deadline):
        client = context.metrics_client
        with _reading(_QUERY):
            answer = await client.metrics.list(resource, **asked)
            return tuple(_series(metric, element) for metric in answer.value for element in metric.timeseries or ())


@contextmanager
def _reading(call: Operation) -> Generator[None]:
    # These are the SDK's own operations, whose models trip over an odd answer in any of these ways.
    try:
        yield
    except (AttributeError, TypeError, ValueError) as error:
        raise MalformedAnswer(f"The service's answer cannot be read while {call.doing}.") from error


def _resource(context: AzureServicesContext, resource_id: str | None) -> str:
    # The SDK puts it into the address as it is, without the slash at its beginning.
    path = context.workspace_path() if resource_id is None else resource_path(resource_id)
    return path.removeprefix("/")


def _any_value(dimension: str) -> str:
    # A name in this filter is written bare and has no quoting, so it may not hold what ends one.
    if not dimension.strip() or any(character in "'()" or ord(character) < 32 for character in dimension):
        raise InvalidInput(f"{dimension[:40]!r} cannot be the name of a metric's dimension.")
    return f"{dimension} eq '*'"


def _definition(found: Any) -> MetricDefinition:  # noqa: ANN401 - the SDK's models are typed by their documentation
    return MetricDefinition(
        name=found.name.value,
        display_name=found.name.localized_value,
        description=found.display_description,
        namespace=found.namespace,
        unit=found.unit,
        primary_aggregation=found.primary_aggregation_type,
        aggregations=tuple(found.supported_aggregation_types or ()),
        dimensions=tuple(dimension.value for dimension in found.dimensions or ()),
    )


def _series(metric: Any, element: Any) -> MetricSeries:  # noqa: ANN401 - as above
    return MetricSeries(
        metric=metric.name.value,
        unit=metric.unit,
        dimensions={value.name.value: value.value for value in element.metadatavalues or ()},
        points=tuple(
            MetricPoint(point.time_stamp, point.average, point.count, point.maximum, point.minimum, point.total)
            for point in element.data or ()
        ),
    )
