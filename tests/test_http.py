"""The server over HTTP on loopback: Streamable HTTP at /mcp, SSE at /sse, Host and Origin checked."""

import http.client
import json
import socket
import subprocess
import time
from collections.abc import Generator
from contextlib import contextmanager

import anyio
import pytest
from mcp import Client
from mcp.client.sse import sse_client
from mcp.shared.exceptions import MCPError

from .conftest import SERVER, bare_environment

pytestmark = pytest.mark.anyio


@contextmanager
def serving(transport: str) -> Generator[int]:
    """A server process on a free port."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    process = subprocess.Popen(
        [*SERVER, "serve", "--offline", "--transport", transport, "--port", str(port)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=bare_environment(),
    )
    try:
        deadline = time.monotonic() + 30
        while True:
            try:
                socket.create_connection(("127.0.0.1", port), timeout=1).close()
                break
            except OSError:
                assert process.poll() is None, "the server ended before it listened"
                assert time.monotonic() < deadline, "the server did not listen in time"
                time.sleep(0.05)
        yield port
    finally:
        process.terminate()
        out, _ = process.communicate(timeout=30)
    assert out == b""
    assert process.returncode == 0


@pytest.fixture(scope="module")
def port() -> Generator[int]:
    """A Streamable HTTP server for the tests of this file."""
    with serving("http") as listening:
        yield listening


@pytest.mark.parametrize("mode", ["legacy", "auto"])
async def test_streamable_http_answers_in_both_eras(port: int, mode: str) -> None:
    async with Client(f"http://127.0.0.1:{port}/mcp", mode=mode) as client:
        result = await client.call_tool("incident_list", {})
        assert result.structured_content is not None
        assert len(result.structured_content["incidents"]) >= 3


async def truncated(client: Client) -> str:
    """The result_id of an answer that this client got in part."""
    answer = await client.call_tool(
        "query_run", {"query": "SigninLogs | project IPAddress", "timespan": "14d", "max_rows": 1}
    )
    assert answer.structured_content is not None
    return str(answer.structured_content["result_id"])


async def test_a_result_is_read_by_whoever_asked_and_refused_to_another_session(port: int) -> None:
    address = f"http://127.0.0.1:{port}/mcp"
    async with Client(address, mode="legacy") as mine, Client(address, mode="legacy") as theirs:
        result_id = await truncated(mine)
        uri = f"sentinel://results/{result_id}"
        assert (await mine.read_resource(uri)).contents
        for address_of_it in (uri, f"{uri}/csv"):
            with pytest.raises(MCPError, match="There is no such result here"):
                await theirs.read_resource(address_of_it)
        page = await theirs.call_tool("query_page", {"result_id": result_id})
        assert page.is_error


async def test_an_answer_of_many_rows_is_cut_before_a_client_would_close_the_connection(port: int) -> None:
    async with Client(f"http://127.0.0.1:{port}/mcp") as client:
        answer = await client.call_tool("query_run", {"query": "SigninLogs", "timespan": "14d", "max_rows": 10_000})
        found = answer.structured_content
        assert found is not None
        assert found["status"] == "truncated"
        assert "an answer holds at most 400 kB of rows" in found["status_reason"]
        offset, pages = found["rows_shown"], 0
        while offset is not None and pages < 2:
            page = await client.call_tool(
                "query_page", {"result_id": found["result_id"], "offset": offset, "limit": 10_000}
            )
            assert page.structured_content is not None
            assert page.structured_content["rows_shown"] > 0
            offset, pages = page.structured_content["next_offset"], pages + 1
        with pytest.raises(MCPError, match=r"at most 0\.9 MB are given at once"):
            await client.read_resource(f"sentinel://results/{found['result_id']}")


async def test_a_client_that_goes_takes_its_running_tasks_along(port: int) -> None:
    address = f"http://127.0.0.1:{port}/mcp"
    endless = (
        "range x from 1 to 60000000 step 1 | extend y = strlen(strcat(tostring(x), 'a')) | summarize sum(y) by x % 7"
    )
    for _ in range(5):  # one more than run at a time: what a leaver left would hold the next one up
        async with Client(address, mode="legacy") as client:
            started = await client.call_tool("query_run", {"query": endless, "background": True})
            assert not started.is_error
    async with Client(address, mode="legacy") as client:
        started = await client.call_tool("query_run", {"query": "print 1", "background": True})
        assert started.structured_content is not None
        complete = False
        for _ in range(200):
            task = await client.call_tool("task_get", {"task_id": started.structured_content["task_id"]})
            assert task.structured_content is not None
            if complete := task.structured_content["is_complete"]:
                break
            await anyio.sleep(0.05)
        assert complete


async def test_over_sse_each_connection_has_its_own_results() -> None:
    with serving("sse") as port:
        address = f"http://127.0.0.1:{port}/sse"
        async with Client(sse_client(address)) as mine, Client(sse_client(address)) as theirs:
            uri = f"sentinel://results/{await truncated(mine)}"
            assert (await mine.read_resource(uri)).contents
            with pytest.raises(MCPError, match="There is no such result here"):
                await theirs.read_resource(uri)


async def test_sse_answers_for_older_clients() -> None:
    with serving("sse") as port:
        async with Client(sse_client(f"http://127.0.0.1:{port}/sse")) as client:
            result = await client.call_tool("query_validate", {"query": "SigninLogs | take 1"})
            assert result.structured_content is not None
            assert result.structured_content["verdict"] == "valid"


def post(port: int, **headers: str) -> int:
    body = json.dumps({"jsonrpc": "2.0", "id": 1, "method": "ping"})
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    sent = {"Content-Type": "application/json", "Accept": "application/json, text/event-stream"} | headers
    connection.request("POST", "/mcp", body, sent)
    status = connection.getresponse().status
    connection.close()
    return status


def test_another_host_name_is_refused_whatever_it_resolves_to(port: int) -> None:
    assert post(port, Host="evil.example") == 421
    assert post(port, Host=f"evil.example:{port}") == 421


def test_a_page_of_another_origin_is_refused(port: int) -> None:
    assert post(port, Origin="https://evil.example") == 403
    assert post(port, Origin="null") == 403


def test_a_port_that_is_taken_ends_the_command_with_a_sentence(port: int) -> None:
    done = subprocess.run(
        [*SERVER, "--offline", "--transport", "http", "--port", str(port)],
        capture_output=True,
        text=True,
        env=bare_environment(),
        timeout=30,
        check=False,
    )
    assert done.returncode != 0
    assert "address already in use" in done.stderr
    assert "Traceback" not in done.stderr
