"""The operations of Microsoft.Insights on the workspace: which metrics it has, and their values."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sentinel_emulator._query.faults import QueryFault
from sentinel_emulator._query.values import write_datetime

from .metric_definitions import AGGREGATIONS, METRICS, Metric
from .metric_requests import GRAINS, MOST_POINTS, MetricFault, MetricRequest, read_metric_request
from .routing import Call, Operation, Reply, operation

if TYPE_CHECKING:
    from datetime import datetime

    from sentinel_emulator._json import Resource
    from sentinel_emulator.workspace import Workspace

_NAMESPACE = "Microsoft.OperationalInsights/workspaces"
_LONGEST_SECONDS = 60.0

#: The aggregations, as SQL over the column `v`.
_SQL = {"Average": "avg(v)", "Minimum": "min(v)", "Maximum": "max(v)", "Total": "sum(v)", "Count": "count(v)"}


def operations() -> list[Operation]:
    """Return the operations of Microsoft.Insights at the workspace."""
    return [
        operation(
            "GET", "providers/Microsoft.Insights/metricDefinitions", "Microsoft.Insights/metricDefinitions/read", _list
        ),
        operation(
            "GET", "providers/Microsoft.Insights/metricNamespaces", "Microsoft.Insights/metricNamespaces/read", _names
        ),
        operation("GET", "providers/Microsoft.Insights/metrics", "Microsoft.Insights/metrics/read", _values),
    ]


def _list(call: Call) -> Reply:
    """Answer the metrics there are."""
    return Reply({"value": [_definition(call.emulator.workspace, metric) for metric in METRICS.values()]})


def _names(call: Call) -> Reply:
    """Answer the one namespace of metrics."""
    workspace = call.emulator.workspace
    namespace = {
        "id": f"{workspace.resource_id}/providers/microsoft.insights/metricNamespaces/{_NAMESPACE}",
        "type": "Microsoft.Insights/metricNamespaces",
        "name": "workspaces",
        "classification": "Platform",
        "properties": {"metricNamespaceName": _NAMESPACE},
    }
    return Reply({"value": [namespace]})


def _definition(workspace: Workspace, metric: Metric) -> Resource:
    return {
        "id": f"{workspace.resource_id}/providers/microsoft.insights/metricdefinitions/{metric.name}",
        "resourceId": workspace.resource_id,
        "namespace": _NAMESPACE,
        "name": _localizable(metric.name, metric.title),
        "displayDescription": metric.description,
        "isDimensionRequired": False,
        "unit": metric.unit,
        "primaryAggregationType": metric.primary,
        "supportedAggregationTypes": list(AGGREGATIONS),
        "metricAvailabilities": [{"timeGrain": grain, "retention": "P93D"} for grain in GRAINS],
        "dimensions": [_localizable(name, name) for name in metric.dimensions],
    }


def _values(call: Call) -> Reply:
    """Answer the values of metrics over time."""
    asked = read_metric_request(call)
    moments = asked.moments()
    window = asked.window
    return Reply(
        {
            "cost": int((window.end - window.start).total_seconds() // 60),
            "timespan": f"{write_datetime(window.start)}/{write_datetime(window.end)}",
            "interval": asked.interval,
            "value": [_metric(call, metric, asked, moments) for metric in asked.metrics],
            "namespace": _NAMESPACE,
            "resourceregion": call.emulator.workspace.location,
        }
    )


def _metric(call: Call, metric: Metric, asked: MetricRequest, moments: list[datetime]) -> Resource:
    return {
        "id": f"{call.emulator.workspace.resource_id}/providers/Microsoft.Insights/metrics/{metric.name}",
        "type": "Microsoft.Insights/metrics",
        "name": _localizable(metric.name, metric.title),
        "displayDescription": metric.description,
        "unit": metric.unit,
        "timeseries": _series(call, metric, asked, moments),
        "errorCode": "Success",
    }


def _series(call: Call, metric: Metric, asked: MetricRequest, moments: list[datetime]) -> list[Resource]:
    """Return one series for each combination of the dimensions that the request tells apart."""
    names = {name.lower(): name for name in metric.dimensions}
    places = {name: f"d{number}" for number, name in enumerate(names)}
    split = [name for name in asked.split if name in places]
    samples, tables = metric.samples()
    # The end of a window of metrics does not belong to it; that of a query does.
    parameters: dict[str, Any] = {"end": asked.window.end.replace(tzinfo=None)}
    conditions = ["moment < $end"]
    for name, values in asked.kept.items():
        if values is not None and name in places:
            parameters |= {f"p{len(parameters) + n}": value for n, value in enumerate(values)}
            marks = ", ".join(f"${key}" for key in list(parameters)[-len(values) :])
            conditions.append(f"{places[name]} IN ({marks})")
    bucket = f"time_bucket(to_seconds({asked.seconds}), moment)" if asked.seconds else "NULL::TIMESTAMP"
    keys = ", ".join([bucket, *(places[name] for name in split)])
    told = ", ".join(_SQL[name] for name in (*asked.aggregations, asked.order[0]))
    sql = f"SELECT {keys}, {told} FROM ({samples}) WHERE {' AND '.join(conditions)} GROUP BY {keys} ORDER BY {keys}"  # noqa: S608 - values are bound
    try:
        found = call.emulator.store().run(sql, parameters, tables, asked.window, _LONGEST_SECONDS).rows
    except QueryFault as fault:
        raise MetricFault(f"The metric '{metric.name}' could not be computed: {fault}") from fault
    series: dict[tuple[Any, ...], dict[datetime | None, tuple[Any, ...]]] = {} if split else {(): {}}
    for row in found:
        series.setdefault(row[1 : 1 + len(split)], {})[row[0]] = row[1 + len(split) :]
    ranked = sorted(series.items(), key=lambda item: _rank(item[1]), reverse=asked.order[1])[: asked.top]
    if len(ranked) * len(moments) > MOST_POINTS:
        raise MetricFault(f"The answer would have {len(ranked) * len(moments)} points; at most {MOST_POINTS} are sent.")
    return [
        {
            "metadatavalues": [
                {"name": _localizable(name, name), "value": value} for name, value in zip(split, values, strict=True)
            ],
            **({"data": _points(points, asked, moments)} if asked.data else {}),
        }
        for values, points in ranked
    ]


def _rank(points: dict[datetime | None, tuple[Any, ...]]) -> float:
    return sum(float(values[-1]) for values in points.values())


def _points(
    points: dict[datetime | None, tuple[Any, ...]], asked: MetricRequest, moments: list[datetime]
) -> list[Resource]:
    """Return a point for each moment; where nothing was measured it holds its time alone."""
    made: list[Resource] = []
    for moment in moments:
        values = points.get(moment.replace(tzinfo=None) if asked.seconds else None, ())
        told = zip(asked.aggregations, values, strict=False)
        made.append({"timeStamp": write_datetime(moment), **{name.lower(): float(value) for name, value in told}})
    return made


def _localizable(value: str, localized: str) -> Resource:
    return {"value": value, "localizedValue": localized}
