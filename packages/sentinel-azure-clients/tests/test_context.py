import json
import logging
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from azure.core.exceptions import ServiceRequestError
from azure.core.rest import HttpRequest
from azure.identity import EnvironmentCredential

from sentinel_azure_clients import (
    CREDENTIAL_KINDS,
    AzureConfig,
    AzureServicesContext,
    InvalidInput,
    NotConfigured,
    QueryRequest,
    WorkspaceAddress,
    alert_rules,
    alerts,
    automation_rules,
    batch,
    bookmarks,
    content,
    data_connectors,
    entities,
    hunts,
    incidents,
    logs,
    metadata,
    metrics,
    permissions,
    playbooks,
    saved_searches,
    settings,
    tables,
    threat_intelligence,
    threat_objects,
    usage,
    watchlists,
    workspace,
)
from sentinel_azure_clients._transport import TlsTransport
from sentinel_azure_clients.testing import FakeAzure, FakeCredential, fake_config, fake_context


async def test_a_missing_setting_is_named_and_only_what_the_call_needs() -> None:
    async with AzureServicesContext(AzureConfig(subscription_id="s"), credential=FakeCredential()) as context:
        with pytest.raises(NotConfigured) as refused:
            await incidents.list_page(context)
        assert refused.value.variables == ("AZURE_RESOURCE_GROUP", "AZURE_WORKSPACE_NAME")
        assert str(refused.value) == (
            "No workspace is configured for this call: set AZURE_RESOURCE_GROUP and AZURE_WORKSPACE_NAME."
        )
        with pytest.raises(NotConfigured) as refused:
            await logs.run_query(context, QueryRequest("T"))
        assert refused.value.variables == ("AZURE_WORKSPACE_ID", "AZURE_RESOURCE_GROUP", "AZURE_WORKSPACE_NAME")


async def test_the_workspace_id_is_looked_up_once_when_only_the_resource_is_known() -> None:
    azure = FakeAzure()
    azure.answer("GET", "/workspaces/{}", json={"id": "/w", "name": "w", "properties": {"customerId": "guid-1"}})
    azure.answer("POST", "/workspaces/guid-1/query", json={"tables": []})
    async with fake_context(azure, workspace_id=None) as context:
        assert context.workspace_id is None
        await logs.run_query(context, QueryRequest("T"))
        await logs.run_query(context, QueryRequest("T"))
        assert context.workspace_id == "guid-1"
    assert [request.method for request in azure.requests] == ["GET", "POST", "POST"]


async def test_each_client_is_the_sdks_own_and_built_once() -> None:
    async with fake_context(FakeAzure()) as context:
        names = ("logs_client", "metrics_client", "security_insights_client", "loganalytics_client")
        kinds = {name: type(getattr(context, name)).__name__ for name in names}
        assert kinds == {
            "logs_client": "LogsQueryClient",
            "metrics_client": "MonitorManagementClient",
            "security_insights_client": "SecurityInsights",
            "loganalytics_client": "LogAnalyticsManagementClient",
        }
        assert all(getattr(context, name) is getattr(context, name) for name in names)


async def test_the_sdks_own_operations_work_through_the_context() -> None:
    azure = FakeAzure()
    azure.answer(
        "POST", "/query", json={"tables": [{"name": "t", "columns": [{"name": "n", "type": "int"}], "rows": [[1]]}]}
    )
    azure.answer("GET", "/incidents/{}", json={"id": "/i", "name": "i", "properties": {"title": "T"}})
    azure.answer("GET", "/tables", json={"value": [{"id": "/t", "name": "SigninLogs"}]})
    azure.answer("GET", "/metrics", json={"value": []})
    async with fake_context(azure) as context:
        result = await context.logs_client.query_workspace("w", "T", timespan=None)
        assert type(result).__name__ == "LogsQueryResult"
        incident = await context.security_insights_client.incidents.get("rg", "law", "i")
        assert incident.title == "T"
        tables = [table.name async for table in context.loganalytics_client.tables.list_by_workspace("rg", "law")]
        assert tables == ["SigninLogs"]
        assert (await context.metrics_client.metrics.list("/subscriptions/s")).value == []


async def test_each_service_gets_a_token_for_its_own_audience() -> None:
    azure = FakeAzure()
    azure.answer("POST", "/query", json={"tables": []})
    azure.answer("GET", "/incidents", json={"value": []})
    async with fake_context(azure, arm_endpoint="https://here", logs_endpoint="https://there") as context:
        await logs.run_query(context, QueryRequest("T"))
        await incidents.list_page(context)
    sent = [(request.headers["host"], request.headers["authorization"]) for request in azure.requests]
    assert sent == [
        ("there", "Bearer token-1-for-https://api.loganalytics.io/.default"),
        ("here", "Bearer token-2-for-https://management.azure.com/.default"),
    ]


async def test_closing_one_client_leaves_the_others_working() -> None:
    azure = FakeAzure()
    azure.answer("GET", "/incidents", json={"value": []})
    async with fake_context(azure) as context:
        async with context.logs_client:
            pass
        assert (await incidents.list_page(context)).items == ()


async def test_a_closed_context_says_so() -> None:
    context = AzureServicesContext(fake_config(), credential=FakeCredential())
    await context.aclose()
    await context.aclose()
    with pytest.raises(NotConfigured, match="has been closed"):
        await incidents.list_page(context)


async def test_a_call_that_repeats_itself_after_the_end_gets_no_new_connection() -> None:
    transport = TlsTransport(ca_bundle=None, connections=1, read_timeout=1)
    await transport.close()
    with pytest.raises(ServiceRequestError, match="have been closed"):
        await transport.send(HttpRequest("GET", "https://management.azure.com/"))


async def test_an_unknown_credential_kind_is_refused_with_the_known_ones() -> None:
    async with AzureServicesContext(fake_config(credential="password")) as context:
        with pytest.raises(NotConfigured, match=r"no credential kind 'password'; choose one of default, environment"):
            await incidents.list_page(context)


@pytest.mark.parametrize("kind", [*CREDENTIAL_KINDS, "AzureCliCredential", "managed-identity"])
async def test_a_credential_is_built_by_kind_or_class_name(kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("AZURE_TENANT_ID", "AZURE_CLIENT_ID", "AZURE_FEDERATED_TOKEN_FILE"):
        monkeypatch.setenv(name, "made-up")
    async with AzureServicesContext(fake_config(credential=kind)) as context:
        assert hasattr(context.credential, "get_token")


def test_a_synchronous_credential_is_refused_with_the_right_one() -> None:
    credential: Any = EnvironmentCredential()
    with pytest.raises(InvalidInput, match=r"hand in EnvironmentCredential of azure\.identity\.aio"):
        AzureServicesContext(fake_config(), credential=credential)


async def test_a_ca_bundle_that_cannot_be_read_is_named(tmp_path: object) -> None:
    missing = f"{tmp_path}/ca.pem"
    async with AzureServicesContext(fake_config(ca_bundle=missing), credential=FakeCredential()) as context:
        with pytest.raises(NotConfigured, match=r"ca\.pem' cannot be read: No such file"):
            await incidents.list_page(context)


async def test_other_workspaces_are_reached_by_name_over_the_same_connections() -> None:
    azure = FakeAzure()
    azure.answer("GET", "/incidents", json={"value": []})
    azure.answer("POST", "/query", json={"tables": []})
    other = WorkspaceAddress(name="emea", workspace_name="law-emea", workspace_id="emea-guid")
    async with fake_context(azure, workspaces=(other,)) as context:
        emea = context.workspace("emea")
        assert emea is context.workspace("emea")
        await incidents.list_page(emea)
        await logs.run_query(emea, QueryRequest("T"))
        await incidents.list_page(context)
        assert emea.credential is context.credential
        assert emea.queries is context.queries
        with pytest.raises(NotConfigured, match="no workspace 'apac' in the settings; there is: emea"):
            context.workspace("apac")
    with pytest.raises(NotConfigured, match="closed"):
        await incidents.list_page(emea)
    paths = [request.path for request in azure.requests]
    assert "/resourceGroups/rg-soc/" in paths[0]
    assert "/workspaces/law-emea/" in paths[0]
    assert paths[1] == "/v1/workspaces/emea-guid/query"
    assert "/workspaces/law-soc/" in paths[2]


async def test_half_of_one_workspace_is_not_mixed_with_half_of_another() -> None:
    other = WorkspaceAddress(name="emea", workspace_id="emea-guid")
    async with fake_context(FakeAzure(), workspaces=(other,)) as context:
        with pytest.raises(NotConfigured) as refused:
            await incidents.list_page(context.workspace("emea"))
    assert refused.value.variables == ("AZURE_WORKSPACE_NAME",)


async def test_neither_token_nor_query_nor_condition_reaches_a_log(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    azure = FakeAzure()
    azure.answer("POST", "/query", json={"tables": []})
    azure.answer("GET", "/incidents", json={"value": []})
    async with fake_context(azure) as context:
        await logs.run_query(context, QueryRequest("T | where Secret == 'hunter2'"))
        await incidents.list_page(context, title_contains="hunter2")
    assert any("api.loganalytics.io" in record.getMessage() for record in caplog.records)
    told = " ".join(record.getMessage() for record in caplog.records)
    assert "hunter2" not in told
    assert "token-" not in told


async def test_the_stable_sdk_drops_fields_that_this_package_keeps() -> None:
    # The reason why Sentinel's objects travel as pinned requests and not as operations of the SDK.
    azure = FakeAzure()
    properties = {
        "title": "T",
        "severity": "High",
        "status": "New",
        "additionalData": {"techniques": ["T1110"]},
        "odd": 1,
    }
    azure.answer("GET", "/incidents/{}", json={"id": "/i", "name": "i", "properties": properties})
    async with fake_context(azure) as context:
        theirs = await context.security_insights_client.incidents.get("rg-soc", "law-soc", "i")
        ours = await incidents.get(context, "00000000-0000-0000-0000-000000000000")
    model: Any = theirs  # the SDK's models have no types for this
    kept = json.dumps(model.serialize(keep_readonly=True))
    assert "techniques" not in kept
    assert "odd" not in kept
    assert ours.techniques == ("T1110",)
    assert ours.raw["properties"]["odd"] == 1


ASKED: tuple[Callable[[AzureServicesContext], Awaitable[object]], ...] = (
    lambda context: logs.run_query(context, QueryRequest("T")),
    lambda context: logs.run_query_by_column(context, QueryRequest("T")),
    lambda context: batch.run_batch(context, [QueryRequest("T")]),
    metadata.get_metadata,
    incidents.list_page,
    lambda context: incidents.get(context, "00000000-0000-0000-0000-000000000000"),
    lambda context: incidents.get(context, 7),
    lambda context: incidents.list_alerts(context, "x"),
    lambda context: incidents.list_comments(context, "x"),
    lambda context: incidents.list_tasks(context, "x"),
    alert_rules.list_rules,
    lambda context: alert_rules.get_rule(context, "x"),
    alert_rules.list_templates,
    alerts.list_alerts,
    automation_rules.list_rules,
    bookmarks.list_bookmarks,
    content.list_packages,
    data_connectors.list_connectors,
    data_connectors.list_definitions,
    entities.list_entities,
    hunts.list_hunts,
    metrics.list_definitions,
    permissions.get_permissions,
    playbooks.list_playbooks,
    saved_searches.list_searches,
    settings.list_product_settings,
    tables.list_tables,
    lambda context: tables.get_table(context, "x"),
    threat_intelligence.list_indicators,
    threat_objects.query_objects,
    usage.list_limits,
    watchlists.list_watchlists,
    lambda context: watchlists.list_items(context, "x"),
    workspace.get_workspace,
    workspace.list_workspaces,
)


async def test_nothing_is_remembered_but_the_workspaces_own_facts() -> None:
    azure = FakeAzure()
    found = {"id": "/x", "name": "x", "properties": {"customerId": "g"}}
    both = {**found, "value": [found], "tables": [], "responses": []}
    for method in ("GET", "POST"):
        azure.answer(method, "", json=both)
    azure.answer("GET", "/metricDefinitions", json={"value": []})
    azure.answer("GET", "/permissions", json={"value": []})
    azure.answer("GET", "/usages", json={"value": []})
    async with fake_context(azure) as context:
        for ask in ASKED:
            before = len(azure.requests)
            await ask(context)
            await ask(context)
            assert len(azure.requests) == before + 2
        await tables.get_schema(context)
        before = len(azure.requests)
        await tables.get_schema(context)
        assert len(azure.requests) == before
