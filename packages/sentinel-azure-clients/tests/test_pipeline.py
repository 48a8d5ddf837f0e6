"""What every request has in common: where it goes, with which token, how long it may take, and how many at once."""

import asyncio
from typing import Any

import pytest
from azure.core.rest import HttpRequest

from sentinel_azure_clients import AzureServicesContext, QueryRequest, TimedOut, incidents, logs
from sentinel_azure_clients.asgi import AsgiResponse, AsgiTransport
from sentinel_azure_clients.testing import Answer, FakeAzure, FakeCredential, Request, fake_config, fake_context

EMPTY = {"tables": [{"name": "t", "columns": [{"name": "n", "type": "int"}], "rows": []}]}


@pytest.mark.parametrize(
    ("cloud", "arm", "query"),
    [
        ("public", "management.azure.com", "api.loganalytics.io"),
        ("usgov", "management.usgovcloudapi.net", "api.loganalytics.us"),
        ("china", "management.chinacloudapi.cn", "api.loganalytics.azure.cn"),
    ],
)
async def test_each_cloud_has_its_addresses_and_audiences(cloud: str, arm: str, query: str) -> None:
    azure = FakeAzure()
    azure.answer("GET", "/incidents", json={"value": []})
    azure.answer("GET", "/metricDefinitions", json={"value": []})
    azure.answer("POST", "/query", json=EMPTY)
    credential = FakeCredential()
    transport = AsgiTransport(azure)
    async with AzureServicesContext(fake_config(cloud=cloud), credential=credential, transport=transport) as context:
        await incidents.list_page(context)
        await logs.run_query(context, QueryRequest("T"))
        _ = [found async for found in context.metrics_client.metric_definitions.list("x")]
        _ = [found async for found in context.security_insights_client.incidents.list("rg", "law")]
    assert [request.headers["host"] for request in azure.requests] == [arm, query, arm, arm]
    assert set(credential.scopes) == {f"https://{arm}/.default", f"https://{query}/.default"}


class Noting(AsgiTransport):
    """Keeps the options that reach the transport."""

    options: dict[str, Any]

    async def send(self, request: HttpRequest, *, stream: bool = False, **options: object) -> AsgiResponse:
        self.options = dict(options)
        return await super().send(request, stream=stream, **options)


async def test_the_time_to_read_follows_the_time_the_service_has() -> None:
    azure = FakeAzure()
    azure.answer("POST", "/query", json=EMPTY)
    transport = Noting(azure)
    config = fake_config(deadline=20)
    async with AzureServicesContext(config, credential=FakeCredential(), transport=transport) as context:
        await logs.run_query(context, QueryRequest("T", server_timeout=600))
    assert transport.options["read_timeout"] == 620
    assert "sentinel_effect" not in transport.options


async def test_no_more_queries_run_at_once_than_the_service_grants() -> None:
    azure = FakeAzure()
    azure.answer("POST", "/query", Answer(json=EMPTY, slow=0.01))
    most = 0
    async with fake_context(azure, concurrent_queries=3) as context:

        def noting(_: Request) -> Answer:
            nonlocal most
            most = max(most, context.queries.held)
            return Answer(json=EMPTY, slow=0.01)

        azure.answer("POST", "/query", noting)
        await asyncio.gather(*(logs.run_query(context, QueryRequest("T")) for _ in range(20)))
    assert most == 3
    assert len(azure.requests) == 20


async def test_the_pace_of_queries_is_kept_and_waiting_for_it_counts() -> None:
    azure = FakeAzure()
    azure.answer("POST", "/query", json=EMPTY)
    async with fake_context(azure, queries_per_30_seconds=2, deadline=0.1, query_timeout=1) as context:
        await logs.run_query(context, QueryRequest("T"))
        await logs.run_query(context, QueryRequest("T"))
        with pytest.raises(TimedOut):
            await logs.run_query(context, QueryRequest("T"))
        assert context.queries.held == 0
    assert len(azure.requests) == 2


async def test_the_sdks_own_calls_keep_the_pace_too() -> None:
    azure = FakeAzure()
    azure.answer("POST", "/query", json=EMPTY)
    async with fake_context(azure, queries_per_30_seconds=1) as context:
        await context.logs_client.query_workspace("w", "T", timespan=None)
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.05):
                await context.logs_client.query_workspace("w", "T", timespan=None)
    assert len(azure.requests) == 1
