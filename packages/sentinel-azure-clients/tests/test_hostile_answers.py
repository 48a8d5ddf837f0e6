"""Whatever a service answers, a call gives a result or one of this package's errors; nothing else ever gets out."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sentinel_azure_clients import (
    AzureServicesContext,
    QueryRequest,
    SentinelError,
    alert_rules,
    alerts,
    automation_rules,
    batch,
    connection,
    data_connectors,
    enrichment,
    entities,
    incidents,
    logs,
    metadata,
    metrics,
    permissions,
    saved_searches,
    tables,
    threat_intelligence,
    threat_objects,
    usage,
    watchlists,
    workspace,
)
from sentinel_azure_clients.testing import Answer, FakeAzure, fake_context

START = datetime(2026, 1, 1, tzinfo=UTC)
END = datetime(2026, 1, 2, tzinfo=UTC)
QUERY = QueryRequest("T")
CALLS: dict[str, Callable[[AzureServicesContext], Awaitable[object]]] = {
    "query": lambda context: logs.run_query(context, QUERY),
    "query by column": lambda context: logs.run_query_by_column(context, QUERY),
    "query cut off": lambda context: logs.run_query_by_column(context, QUERY, byte_budget=20),
    "batch": lambda context: batch.run_batch(context, [QUERY, QUERY]),
    "metadata": metadata.get_metadata,
    "schema": tables.get_schema,
    "alerts": alerts.list_alerts,
    "usage": usage.by_table,
    "limits": usage.list_limits,
    "price plans": usage.list_service_tiers,
    "workspaces": workspace.list_workspaces,
    "workspace": workspace.get_workspace,
    "metric values": lambda context: metrics.query(context, ["a"]),
    "metric definitions": metrics.list_definitions,
    "permissions": permissions.get_permissions,
    "connection": connection.test_connection,
    "incidents": incidents.list_page,
    "incident": lambda context: incidents.get(context, 5),
    "entities of an incident": lambda context: incidents.list_entities(context, "x"),
    "incident change": lambda context: incidents.update(context, "x", severity="High", labels=["a"]),
    "rule change": lambda context: alert_rules.update_rule(context, "x", {"a": 1}),
    "switching a rule": lambda context: automation_rules.enable_rule(context, "x"),
    "item change": lambda context: watchlists.update_item(context, "a", "b", {"x": 1}),
    "insights": lambda context: entities.get_insights(context, "x", start=START, end=END),
    "timeline": lambda context: entities.get_timeline(context, "x", start=START, end=END),
    "threat objects": threat_objects.query_objects,
    "count": threat_objects.count_objects,
    "indicator metrics": threat_intelligence.get_metrics,
    "geodata": lambda context: enrichment.get_geodata(context, "192.0.2.1"),
    "connectors": data_connectors.list_connectors,
    "hunting queries": saved_searches.list_hunting_queries,
}
NAMES = st.sampled_from(
    [
        "value",
        "nextLink",
        "error",
        "code",
        "message",
        "details",
        "innererror",
        "tables",
        "columns",
        "rows",
        "name",
        "type",
        "id",
        "responses",
        "status",
        "body",
        "headers",
        "properties",
        "customerId",
        "schema",
        "standardColumns",
        "metaData",
        "errors",
        "aggregations",
        "kind",
        "count",
        "tableQueryResults",
        "labels",
        "labelName",
        "etag",
        "functions",
        "functionAlias",
        "functionParameters",
        "timeseries",
        "data",
        "timeStamp",
        "actions",
        "notActions",
        "sourceMetrics",
        "metricName",
        "statistics",
        "render",
        "serviceTier",
        "entities",
    ]
)
WORDS = st.sampled_from(
    [
        "",
        "string",
        "long",
        "decimal",
        "dynamic",
        "SystemAlertId",
        "2026-01-01T00:00:00Z",
        "0",
        "x:int=5",
        "https://management.azure.com/x?$skipToken=1",
    ]
)
LEAVES = st.none() | st.booleans() | st.integers(-(10**18), 10**18) | st.floats() | WORDS
JSON = st.recursive(
    LEAVES, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=4), max_leaves=14
)
COLUMNS = st.lists(st.fixed_dictionaries({"name": LEAVES, "type": LEAVES}), max_size=3)
TABLE = st.fixed_dictionaries(
    {"name": LEAVES, "columns": COLUMNS | JSON, "rows": st.lists(st.lists(JSON, max_size=3), max_size=3) | JSON}
)
QUERIED = st.fixed_dictionaries({"tables": st.lists(TABLE, max_size=2) | JSON})
PART = st.fixed_dictionaries(
    {
        "id": st.sampled_from(["0", "1", 0]),
        "status": st.sampled_from([200, 204, 400, 429, 504, None, "x"]),
        "body": JSON | QUERIED,
    }
)
LISTED = st.lists(st.fixed_dictionaries({"id": LEAVES, "name": LEAVES, "properties": JSON}) | JSON, max_size=3)
BODIES = (
    JSON
    | QUERIED
    | st.fixed_dictionaries({"value": LISTED})
    | st.fixed_dictionaries({"responses": st.lists(PART, max_size=3)})
)


@pytest.mark.parametrize("name", CALLS)
@settings(max_examples=12, deadline=None)
@given(body=BODIES, status=st.sampled_from([200, 200, 200, 201, 204, 400, 403, 404, 409, 429, 500]))
def test_no_answer_gets_anything_but_a_result_or_an_error_of_ours(name: str, body: object, status: int) -> None:
    async def ask() -> None:
        azure = FakeAzure()
        answer = Answer(status, body=json.dumps(body).encode(), headers={"retry-after": "100"})
        for method in ("GET", "POST", "PUT"):
            azure.answer(method, "", answer)
        async with fake_context(azure, max_retries=0, page_limit=3) as context:
            with suppress(SentinelError):
                await CALLS[name](context)
        assert azure.requests

    asyncio.run(ask())
