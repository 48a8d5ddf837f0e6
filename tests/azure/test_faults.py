"""Every fault of the network and the service, against every way of asking, over real TLS.

Each ends in success or the right error within its deadline, after the number of requests that the policy allows.
"""

import asyncio
import gzip
import json
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from sentinel_azure_clients import (
    AzureServicesContext,
    MalformedAnswer,
    NotSignedIn,
    QueryRequest,
    SentinelError,
    Throttled,
    TimedOut,
    Unreachable,
    incidents,
    logs,
    metrics,
    workspace,
)
from sentinel_azure_clients.testing import FakeCredential, fake_config

from .conftest import FAULT_TABLE
from .faulty import Behaviour, faulty_service

pytestmark = pytest.mark.anyio

RETRIES = 2
DEADLINE = 10
QUERY_TIMEOUT = 10
GOOD = Behaviour()
SOON = {"retry-after-ms": "10"}


@dataclass(frozen=True)
class Fault:
    """What the service does, what each way of asking ends in (None: success), and after how many requests."""

    behaviours: tuple[Behaviour, ...]
    error: type[SentinelError] | None
    reads: int
    others: int
    read_error: type[SentinelError] | str | None = "same"
    settings: tuple[tuple[str, Any], ...] = ()

    def outcome(self, way: str) -> tuple[type[SentinelError] | None, int]:
        """The error and the number of requests for a way of asking."""
        if way in {"query", "by column", "write"}:
            return self.error, self.others
        assert self.read_error is None or isinstance(self.read_error, str | type)
        return (self.error if isinstance(self.read_error, str) else self.read_error), self.reads


ALL = 1 + RETRIES
FAULTS: dict[str, Fault] = {
    "429 short": Fault((Behaviour(429, b"{}", headers=SOON), GOOD), None, 2, 2),
    "429 long Retry-After": Fault((Behaviour(429, b"{}", headers={"retry-after": "3600"}),), Throttled, 1, 1),
    "500": Fault((Behaviour(500, b"oh", headers=SOON),), Unreachable, ALL, 1),
    "500 once": Fault((Behaviour(500, b"oh", headers=SOON), GOOD), Unreachable, 2, 1, read_error=None),
    "503": Fault((Behaviour(503, b"oh", headers=SOON),), Unreachable, ALL, 1),
    "504": Fault((Behaviour(504, b"oh", headers=SOON),), TimedOut, ALL, 1),
    "reset before body": Fault((Behaviour(reset_after=0), GOOD), Unreachable, 2, 1, read_error=None),
    "reset mid-body": Fault((Behaviour(reset_after=10), GOOD), Unreachable, 2, 1, read_error=None),
    "truncated JSON": Fault((Behaviour(body=b'{"value": [{"na'),), MalformedAnswer, 1, 1),
    "wrong content type": Fault((Behaviour(body=b"<html></html>", content_type="text/html"),), MalformedAnswer, 1, 1),
    "slow body past the deadline": Fault(
        (Behaviour(sleep_after=5),), TimedOut, 1, 1, settings=(("deadline", 0.3), ("query_timeout", 1))
    ),
    "expired token once": Fault((Behaviour(401, b"{}"), GOOD), None, 2, 2),
    "expired token always": Fault((Behaviour(401, b"{}"),), NotSignedIn, 2, 2),
    "TLS failure": Fault((GOOD,), Unreachable, 0, 0, settings=(("ca_bundle", None),)),
    "DNS failure": Fault(
        (GOOD,),
        Unreachable,
        0,
        0,
        settings=(("arm_endpoint", "https://nowhere.invalid"), ("logs_endpoint", "https://nowhere.invalid")),
    ),
}

Ask = Callable[[AzureServicesContext], Awaitable[Any]]
WAYS: dict[str, Ask] = {
    "query": lambda context: logs.run_query(context, QueryRequest("T")),
    "by column": lambda context: logs.run_query_by_column(context, QueryRequest("T")),
    "list": incidents.list_page,
    "get": workspace.get_workspace,
    "sdk's own": metrics.list_definitions,
    "write": lambda context: incidents.add_comment(context, "i", "hello"),
}


async def outcome_of(fault: Fault, ask: Ask, folder: Path) -> tuple[type[SentinelError] | None, int, float]:
    """Ask once; give what came of it, how many requests arrived, and the seconds it took."""
    async with faulty_service(fault.behaviours, folder) as service:
        settings: dict[str, Any] = {
            "arm_endpoint": service.url,
            "logs_endpoint": service.url,
            "ca_bundle": str(service.ca_file),
            "max_retries": RETRIES,
            "max_retry_wait": 1,
            "deadline": DEADLINE,
            "query_timeout": QUERY_TIMEOUT,
        }
        config = fake_config(**{**settings, **dict(fault.settings)})
        started = time.monotonic()
        error: type[SentinelError] | None = None
        async with AzureServicesContext(config, credential=FakeCredential()) as context:
            try:
                await ask(context)
            except SentinelError as raised:
                error = type(raised)
            assert (context.calls.held, context.queries.held) == (0, 0)
        return error, len(service.requests), time.monotonic() - started


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("name", FAULTS)
async def test_a_fault_ends_as_it_should(name: str, way: str, tmp_path: Path, pytestconfig: pytest.Config) -> None:
    fault = FAULTS[name]
    error, requests, seconds = await outcome_of(fault, WAYS[way], tmp_path)
    cells = pytestconfig.stash.setdefault(FAULT_TABLE, {})
    cells[name, way] = f"{error.__name__ if error else 'success'}, {requests} sent, {seconds:.1f} s"
    assert (error, requests) == fault.outcome(way)
    assert seconds < DEADLINE + QUERY_TIMEOUT


@pytest.mark.parametrize("way", WAYS)
async def test_cancelling_closes_the_connection_at_once_and_frees_the_place(way: str, tmp_path: Path) -> None:
    async with faulty_service([Behaviour(sleep_after=5)], tmp_path) as service:
        config = fake_config(arm_endpoint=service.url, logs_endpoint=service.url, ca_bundle=str(service.ca_file))
        async with AzureServicesContext(config, credential=FakeCredential()) as context:
            call = asyncio.ensure_future(WAYS[way](context))
            while not service.requests:  # noqa: ASYNC110 - the service keeps a list, not an event
                await asyncio.sleep(0.01)
            assert context.calls.held + context.queries.held == 1
            call.cancel()
            with pytest.raises(asyncio.CancelledError):
                await call
            assert context.calls.held + context.queries.held == 0
            async with asyncio.timeout(5):
                await service.left.wait()


async def test_a_caller_that_leaves_a_large_answer_early_closes_the_connection(tmp_path: Path) -> None:
    rows = ",".join(f'["{number:0100}"]' for number in range(20_000))
    columns = '[{"name":"s","type":"string"}]'
    body = f'{{"tables":[{{"name":"t","columns":{columns},"rows":[{rows}]}}]}}'.encode()
    async with faulty_service([Behaviour(body=body, sleep_after=len(body) - 10)], tmp_path) as service:
        config = fake_config(logs_endpoint=service.url, ca_bundle=str(service.ca_file))
        async with AzureServicesContext(config, credential=FakeCredential()) as context:
            answer = await logs.run_query_by_column(context, QueryRequest("T"), byte_budget=1_100_000)
            assert answer.status == "truncated"
            assert 0 < answer.tables[0].row_count < 20_000
            assert context.queries.held == 0
            async with asyncio.timeout(5):
                await service.left.wait()


async def test_a_packed_answer_is_read_by_row_and_by_column(tmp_path: Path) -> None:
    rows = [[f"text {number}", number] for number in range(30_000)]
    columns = [{"name": "s", "type": "string"}, {"name": "n", "type": "long"}]
    body = json.dumps({"tables": [{"name": "t", "columns": columns, "rows": rows}]}, separators=(",", ":")).encode()
    packed = Behaviour(body=gzip.compress(body), headers={"content-encoding": "gzip"})
    async with faulty_service([packed], tmp_path) as service:
        config = fake_config(logs_endpoint=service.url, ca_bundle=str(service.ca_file))
        async with AzureServicesContext(config, credential=FakeCredential()) as context:
            by_row = await logs.run_query(context, QueryRequest("T"))
            by_column = await logs.run_query_by_column(context, QueryRequest("T"))
    assert by_row.tables[0]["rows"] == rows
    assert [list(row) for row in by_column.tables[0].rows()] == rows
    assert by_column.bytes_read == len(body)
