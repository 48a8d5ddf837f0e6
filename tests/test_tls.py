"""The server against the emulator over TLS: real SDK clients, DefaultAzureCredential, two processes, no switch."""

import re
import shlex
import signal
import subprocess
from collections.abc import Generator
from typing import Any

import pytest
from mcp import Client, StdioServerParameters, stdio_client

from .conftest import EMULATOR, SERVER, bare_environment

pytestmark = pytest.mark.anyio

CALLS: dict[str, dict[str, Any]] = {
    "query_run": {"query": "SigninLogs | summarize n=count() by ResultType | order by n desc"},
    "query_validate": {"query": 'SigninLogs | where UserPrincipalNam == "x"'},
    "incident_list": {},
}


@pytest.fixture(scope="module")
def settings() -> Generator[dict[str, str]]:
    """What `sentinel-emulator serve` prints, read as a shell would."""
    process = subprocess.Popen(
        [*EMULATOR, "serve"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=bare_environment()
    )
    assert process.stdout is not None
    exports: dict[str, str] = {}
    try:
        for line in process.stdout:
            if match := re.match(r"export (\w+)=(.*)", line):
                exports[match[1]] = shlex.split(match[2])[0]
            if "SENTINEL_MCP_CA_BUNDLE" in exports:
                break
        assert exports, process.stderr and process.stderr.read()
        yield exports
    finally:
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=30)
    assert process.returncode == 0


def server(environment: dict[str, str]) -> StdioServerParameters:
    return StdioServerParameters(command=SERVER[0], args=SERVER[1:], env=bare_environment(**environment))


async def answers(parameters: StdioServerParameters) -> dict[str, dict[str, Any]]:
    async with Client(stdio_client(parameters)) as client:
        results = {tool: await client.call_tool(tool, arguments) for tool, arguments in CALLS.items()}
    for result in results.values():
        assert not result.is_error, result.content
    return {tool: result.structured_content or {} for tool, result in results.items()}


async def test_the_answers_over_tls_are_those_of_the_embedded_workspace(settings: dict[str, str]) -> None:
    over_tls = await answers(server(settings))
    embedded = await answers(
        StdioServerParameters(command=SERVER[0], args=[*SERVER[1:], "--offline"], env=bare_environment())
    )

    assert over_tls["query_validate"] == embedded["query_validate"]
    assert [i["title"] for i in over_tls["incident_list"]["incidents"]] == [
        i["title"] for i in embedded["incident_list"]["incidents"]
    ]
    assert over_tls["incident_list"]["total_count"] == embedded["incident_list"]["total_count"]
    # The two workspaces are generated at different moments, so counts near the window's edge may differ by a few.
    here, there = over_tls["query_run"], embedded["query_run"]
    assert here.keys() == there.keys()
    assert here["query_hash"] == there["query_hash"]
    assert here["tables"][0]["columns"] == there["tables"][0]["columns"]
    assert {row[0] for row in here["tables"][0]["rows"]} == {row[0] for row in there["tables"][0]["rows"]}


async def test_without_the_identity_endpoint_the_sentence_says_that_nobody_is_signed_in(
    settings: dict[str, str],
) -> None:
    environment = {name: value for name, value in settings.items() if not name.startswith("IDENTITY_")}
    environment["AZURE_TOKEN_CREDENTIALS"] = "EnvironmentCredential"
    async with Client(stdio_client(server(environment))) as client:
        result = await client.call_tool("incident_list", {})
    assert result.is_error
    assert "az login" in str(result.content)


async def test_without_the_certificate_the_sentence_says_that_the_service_cannot_be_reached(
    settings: dict[str, str],
) -> None:
    environment = {name: value for name, value in settings.items() if name != "SENTINEL_MCP_CA_BUNDLE"}
    async with Client(stdio_client(server(environment))) as client:
        result = await client.call_tool("workspace_get", {})
    assert result.is_error
    assert "certificate" in str(result.content).lower()
    assert "Traceback" not in str(result.content)
