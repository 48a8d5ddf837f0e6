"""The metrics of the workspace: every figure is one that a query over the rows gives too."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sentinel_emulator import Emulator
from sentinel_emulator._arm.metric_definitions import METRICS
from sentinel_emulator.testing import ARM, Client

if TYPE_CHECKING:
    from collections.abc import Mapping

PATH = "/providers/Microsoft.Insights"
DAY = "2026-03-10T00:00:00Z/2026-03-11T00:00:00Z"
FUZZED = Client(Emulator(seed=7, days=1))


def ask(client: Client, **parameters: str) -> Any:
    written = "&".join(
        f"{name.replace('filter', '$filter')}={quote(value, safe='')}" for name, value in parameters.items()
    )
    return client.arm("GET", f"{PATH}/metrics?{written}", version="2024-02-01")


def series(client: Client, **parameters: str) -> list[Any]:
    answer = ask(client, **parameters)
    assert answer.status == 200, answer.content
    return answer.json()["value"][0]["timeseries"]


def refused(client: Client, **parameters: str) -> str:
    answer = ask(client, **parameters)
    body = answer.json()
    assert (answer.status, body["code"], list(body)) == (400, "BadRequest", ["code", "message"])
    return body["message"]


def values(points: list[Mapping[str, Any]], name: str) -> list[float]:
    return [point[name] for point in points if name in point]


def test_every_metric_is_described_and_answered(client: Client) -> None:
    described = client.arm("GET", f"{PATH}/metricDefinitions", version="2024-02-01").json()["value"]
    assert [item["name"]["value"] for item in described] == [metric.name for metric in METRICS.values()]
    for item in described:
        primary = item["primaryAggregationType"]
        assert primary in item["supportedAggregationTypes"]
        (found,) = series(client, metricnames=item["name"]["value"], timespan=DAY, interval="PT1H")
        assert len(found["data"]) == 24
        if item["name"]["value"] != "Query Failure Count":
            assert values(found["data"], primary.lower()), item["name"]


def test_the_heartbeats_of_a_day_are_those_that_a_query_counts(client: Client) -> None:
    parameters = {"metricnames": "Heartbeat", "timespan": DAY, "aggregation": "total,count"}
    (hourly,) = series(client, **parameters, interval="PT1H")
    (whole,) = series(client, **parameters, interval="FULL")
    (minutes,) = series(client, **parameters)
    kql = "Heartbeat | where TimeGenerated >= datetime(2026-03-10) and TimeGenerated < datetime(2026-03-11) | count"
    ((expected,),) = client.rows(kql)
    assert sum(values(hourly["data"], "total")) == expected
    assert whole["data"] == [{"timeStamp": "2026-03-10T00:00:00Z", "total": expected, "count": expected}]
    assert len(minutes["data"]) == 24 * 60
    assert {"timeStamp": "2026-03-10T00:01:00Z"} in minutes["data"]


def test_a_counter_is_averaged_as_a_query_averages_it(client: Client) -> None:
    (found,) = series(
        client,
        metricnames="average_% processor time",
        timespan=DAY,
        interval="P1D",
        aggregation="Average,Minimum,Maximum",
    )
    kql = (
        "Perf | where CounterName == '% Processor Time' and TimeGenerated >= datetime(2026-03-10) "
        "and TimeGenerated < datetime(2026-03-11) "
        "| summarize avg(CounterValue), min(CounterValue), max(CounterValue)"
    )
    ((average, least, most),) = client.rows(kql)
    (point,) = found["data"]
    assert (point["average"], point["minimum"], point["maximum"]) == (pytest.approx(average), least, most)


def test_a_filter_splits_keeps_orders_and_rolls_up(client: Client) -> None:
    common = {"metricnames": "Heartbeat", "timespan": DAY, "interval": "P1D", "aggregation": "total"}
    split = series(client, **common, filter="Computer eq '*'")
    assert len(split) == 10
    assert len(series(client, **common, filter="Computer eq '*'", top="12")) == 12
    chosen = series(
        client, **common, filter="Computer eq 'DC01.contoso.com' or Computer eq 'LOG01.contoso.com'", orderby="sum asc"
    )
    assert [item["metadatavalues"][0]["value"] for item in chosen] == ["LOG01.contoso.com", "DC01.contoso.com"]
    both = "OSType eq 'Linux' and (Computer eq 'DC01.contoso.com' or Computer eq 'LOG01.contoso.com')"
    (linux,) = series(client, **common, filter=both)
    assert linux["metadatavalues"] == [
        {"name": {"value": "ostype", "localizedValue": "ostype"}, "value": "Linux"},
        {"name": {"value": "computer", "localizedValue": "computer"}, "value": "LOG01.contoso.com"},
    ]
    (rolled,) = series(client, **common, filter="Computer eq '*'", rollupby="Computer")
    (plain,) = series(client, **common)
    assert rolled == plain
    assert series(client, **common, filter="Computer eq 'no such machine'") == []


def test_what_was_taken_in_is_told_by_table(client: Client) -> None:
    found = series(
        client,
        metricnames="Ingestion Volume",
        timespan=DAY,
        interval="FULL",
        filter="Table Name eq 'SigninLogs' or Table Name eq 'AuditLogs'",
    )
    counted = {item["metadatavalues"][0]["value"]: item["data"][0]["count"] for item in found}
    for table, count in counted.items():
        kql = f"{table} | where TimeGenerated >= datetime(2026-03-10) and TimeGenerated < datetime(2026-03-11) | count"
        assert client.rows(kql) == [[count]]
    assert set(counted) == {"SigninLogs", "AuditLogs"}


def test_metadata_alone_names_the_series_without_their_data(client: Client) -> None:
    found = series(client, metricnames="Heartbeat", timespan=DAY, filter="OSType eq '*'", resultType="metadata")
    assert [list(item) for item in found] == [["metadatavalues"]] * 2


def test_the_window_is_the_last_hour_and_is_told(client: Client) -> None:
    body = ask(client, metricnames="Heartbeat").json()
    assert body["timespan"] == "2026-03-11T14:30:12Z/2026-03-11T15:30:12Z"
    assert (body["interval"], body["cost"], body["resourceregion"]) == ("PT1M", 60, "westeurope")
    assert len(body["value"][0]["timeseries"][0]["data"]) == 61


def test_a_metric_that_does_not_exist_is_answered_as_reported_with_those_that_do(client: Client) -> None:
    message = refused(client, metricnames="Nope")
    start = (
        "Failed to find metric configuration for provider: microsoft.operationalinsights, resource Type: workspaces, "
        "metric: Nope, Valid metrics: Average_% Free Space,"
    )
    assert message.startswith(start)


@pytest.mark.parametrize(
    ("parameters", "words"),
    [
        ({"timespan": "yesterday"}, "timespan"),
        ({"interval": "PT2M"}, "interval 'PT2M'"),
        ({"timespan": "P3650D", "interval": "PT1M"}, "50000 times"),
        ({"timespan": "P30D", "filter": "Computer eq '*'", "interval": "PT5M", "top": "12"}, "points"),
        ({"aggregation": "median"}, "aggregation 'median'"),
        ({"aggregation": ","}, "aggregation ','"),
        ({"metricnamespace": "Microsoft.Compute"}, "namespace"),
        ({"filter": "Nope eq 'x'"}, "no dimension 'nope'"),
        ({"filter": "Computer"}, "filter"),
        ({"filter": "Computer ne 'x'"}, "filter"),
        ({"filter": "Computer eq 'x' or OSType eq 'y'"}, "filter"),
        ({"filter": "Computer eq 'x"}, "filter"),
        ({"top": "0"}, "top"),
        ({"top": "-1"}, "top"),
        ({"orderby": "nothing"}, "orderby"),
        ({"metricnames": ",".join(["Heartbeat"] * 21)}, "at most 20"),
    ],
)
def test_what_cannot_be_asked_is_said_in_one_sentence(client: Client, parameters: dict[str, str], words: str) -> None:
    assert words in refused(client, **({"metricnames": "Heartbeat"} | parameters))


def test_a_dimension_that_does_not_exist_passes_when_it_is_not_to_be_validated(client: Client) -> None:
    parameters = {"metricnames": "Heartbeat", "timespan": DAY, "interval": "P1D", "filter": "Nope eq 'x'"}
    assert series(client, **parameters, ValidateDimensions="false") == series(
        client, metricnames="Heartbeat", timespan=DAY, interval="P1D"
    )


def test_a_quote_in_a_value_stays_a_value(client: Client) -> None:
    assert series(client, metricnames="Heartbeat", timespan=DAY, filter="Computer eq 'x'' OR ''1''=''1'") == []


@settings(max_examples=60, deadline=None)
@given(
    st.dictionaries(
        st.sampled_from(["timespan", "interval", "aggregation", "filter", "top", "orderby", "metricnames", "rollupby"]),
        st.text(max_size=20)
        | st.sampled_from(["P1D", "PT1H", "FULL", "Computer eq '*'", "total", "5", "Heartbeat", "P99D/9999-12-31"]),
        max_size=4,
    )
)
def test_any_request_for_metrics_is_answered(parameters: dict[str, str]) -> None:
    answer = ask(FUZZED, **{name: value.encode("utf-8", "ignore").decode() for name, value in parameters.items()})
    assert answer.status in {200, 400}, answer.content


def test_reading_metrics_needs_a_role_for_it(client: Client) -> None:
    for role, status in (("Monitoring Reader", 200), ("Microsoft Sentinel Reader", 403)):
        token, _ = client.emulator.issue_token(ARM, roles=(role,))
        assert client.arm("GET", f"{PATH}/metricDefinitions", token=token).status == status


def test_the_namespace_is_that_of_workspaces(client: Client) -> None:
    (namespace,) = client.arm("GET", f"{PATH}/metricNamespaces").json()["value"]
    assert namespace["properties"] == {"metricNamespaceName": "Microsoft.OperationalInsights/workspaces"}
