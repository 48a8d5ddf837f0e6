"""Many calls at once, some cancelled: nothing is left behind and no limit is exceeded."""

import asyncio
import os
import random
from pathlib import Path
from typing import Any

import pytest
from mcp import Client

from sentinel_mcp_server import Settings, build_server
from sentinel_mcp_server._define import Answer, register, tool
from sentinel_mcp_server.context import Services
from sentinel_mcp_server.result_store import KEPT_ENTRIES

pytestmark = [pytest.mark.anyio, pytest.mark.timeout(300)]

CALLS: list[tuple[str, dict[str, Any]]] = [
    ("query_run", {"query": "SigninLogs | summarize count() by ResultType", "timespan": "14d"}),
    ("query_run", {"query": "SigninLogs", "timespan": "14d", "max_rows": 1}),
    ("query_run", {"query": "AuditLogs | count", "timespan": "14d", "background": True}),
    ("query_run", {"query": "SigninLogs | where Nope == 1"}),
    ("query_validate", {"query": "SigninLogs | take 1"}),
    ("incident_list", {}),
    ("incident_get", {"incident": "1"}),
    ("table_get", {"name": "Usage"}),
    ("rule_list", {}),
    ("docs_search", {"question": "join"}),
    ("workspace_get", {"unknown": 1}),
]


FILES = Path("/proc/self/fd")


def open_files() -> int:
    """Sockets and files of this process, where the system tells."""
    return len(os.listdir(FILES)) if FILES.is_dir() else 0  # noqa: PTH208 - one entry more while a Path iterates


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


class Nothing(Answer):
    """Nothing."""


async def test_two_hundred_mixed_calls_with_cancellations_leave_nothing_behind() -> None:
    seen: list[Services] = []

    @tool(title="Peek", toolset="test")
    async def connection_test(services: Services) -> Nothing:
        """Hand the services to the test."""
        seen.append(services)
        return Nothing()

    chance = random.Random(20260131)
    server = build_server(Settings(offline=True, toolsets=frozenset({"all"})))
    before = asyncio.all_tasks()
    async with Client(server) as client:
        server._tool_manager._tools["connection_test"] = register(connection_test)  # pyright: ignore[reportPrivateUsage]
        await client.call_tool("connection_test", {})
        (services,) = seen
        await client.call_tool("query_run", {"query": "SigninLogs | count"})
        idle = asyncio.all_tasks()
        files = open_files()
        transport: Any = services.azure._transport  # pyright: ignore[reportPrivateUsage]
        most_queries = most_calls = 0

        async def one() -> str:
            nonlocal most_queries, most_calls
            name, arguments = chance.choice(CALLS)
            cancel_after = chance.choice([None, None, 0.0, 0.01, 0.05])
            call = asyncio.create_task(client.call_tool(name, arguments))
            if cancel_after is not None:
                await asyncio.sleep(cancel_after)
                call.cancel()
            done, _ = await asyncio.wait([call])
            most_queries = max(most_queries, services.azure.queries.held)
            most_calls = max(most_calls, services.azure.calls.held)
            return "cancelled" if done.pop().cancelled() else "answered"

        outcomes = await asyncio.gather(*(one() for _ in range(200)))
        assert outcomes.count("answered") > 50
        assert outcomes.count("cancelled") > 20

        for _ in range(1000):
            if not services.tasks.running and asyncio.all_tasks() <= idle:
                break
            await asyncio.sleep(0.01)
        assert services.tasks.running == 0
        assert asyncio.all_tasks() <= idle
        assert (services.azure.queries.held, services.azure.queries.waiting) == (0, 0)
        assert (services.azure.calls.held, services.azure.calls.waiting) == (0, 0)
        assert most_queries <= services.azure.config.concurrent_queries
        assert most_calls <= services.azure.config.concurrent_reads
        assert len(services.results) <= KEPT_ENTRIES
        assert len(services.plans) == 0
        assert len(transport._running) == 0
        assert open_files() <= files
        answer = await client.call_tool("query_run", {"query": "SigninLogs | count"})
        assert not answer.is_error
    assert asyncio.all_tasks() == before
