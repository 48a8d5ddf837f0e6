"""The server as a client starts it: a process, a pipe each way."""

import json
import subprocess
import sys
from collections.abc import Iterable
from typing import Any

import pytest
from mcp import Client, StdioServerParameters, stdio_client
from mcp_types import CallToolResult

from .conftest import SERVER, bare_environment

pytestmark = pytest.mark.anyio

ALL = ["--toolsets", "all", "--allow-writes"]
GOOD: dict[str, dict[str, Any]] = {
    "query_run": {"query": "SigninLogs | summarize n=count() by ResultType | order by n desc"},
    "query_page": {"result_id": "unknown"},
    "query_validate": {"query": 'SigninLogs | where UserPrincipalNam == "x"'},
    "table_list": {},
    "table_get": {"name": "SigninLogs"},
    "incident_list": {},
    "incident_get": {"incident": "1"},
    "incident_update": {"incident": "1", "severity": "Low"},
    "incident_close": {"incident": "1", "classification": "Undetermined"},
    "incident_comment_add": {"incident": "1", "message": "x"},
    "workspace_get": {},
    "data_connector_list": {},
    "data_connector_get": {"name": "unknown"},
    "entity_pivot": {"kind": "user", "value": "dana.willow@contoso.com"},
    "rule_list": {},
    "rule_get": {"name": "BuiltInFusion"},
    "rule_lint": {"name": "BuiltInFusion"},
    "rule_template_list": {},
    "rule_template_get": {"name": "unknown"},
    "hunting_query_list": {},
    "hunting_query_get": {"name": "unknown"},
    "bookmark_list": {},
    "watchlist_list": {},
    "watchlist_item_list": {"alias": "HighValueAssets"},
    "indicator_search": {},
    "indicator_metrics": {},
    "automation_rule_list": {},
    "workspace_usage": {},
    "task_list": {},
    "task_get": {"task_id": "unknown"},
    "task_cancel": {"task_id": "unknown"},
    "connection_test": {},
    "table_search": {"question": "sign-ins"},
    "query_chart": {"query": "SigninLogs | summarize count() by ResultType"},
    "workspace_list": {},
    "content_drift": {},
    "workspace_health": {},
    "rule_test": {"query": "SigninLogs | count", "rows": {"SigninLogs": "[]"}},
    "indicator_create": {"kind": "ip", "value": "192.0.2.1", "title": "x", "confidence": 50},
    "watchlist_item_delete": {"alias": "HighValueAssets", "item": "DC01.contoso.com"},
    "watchlist_item_upsert": {"alias": "HighValueAssets", "values": {"Asset": "x"}},
    "rule_update": {"name": "BuiltInFusion", "enabled": False},
    "rule_create": {"title": "x", "query": "SigninLogs | take 1", "severity": "Low", "frequency": "1h", "period": "1h"},
    "bookmark_create": {"title": "x", "query": "print 1"},
    "incident_playbook_run": {"incident": "1", "playbook": "unknown"},
    "incident_task_add": {"incident": "1", "title": "x"},
    "incident_create": {"title": "x", "severity": "Low"},
    "entity_enrich": {"kind": "ip", "value": "203.0.113.77"},
    "hunting_query_run": {"name": "unknown"},
    "content_list": {},
    "setting_list": {},
    "watchlist_get": {"alias": "HighValueAssets"},
    "indicator_get": {"name": "unknown"},
    "playbook_list": {},
    "automation_rule_get": {"name": "unknown"},
    "alert_get": {"name": "unknown"},
    "alert_list": {"timespan": "7d"},
    "table_profile": {"name": "SigninLogs", "columns": ["IPAddress"]},
    "rule_coverage": {},
    "rule_backtest": {"name": "BuiltInFusion"},
    "access_check": {},
    "query_explain": {"query": "SigninLogs | count"},
    "docs_search": {"question": "join"},
}


def parameters(*arguments: str, **environment: str) -> StdioServerParameters:
    return StdioServerParameters(command=SERVER[0], args=[*SERVER[1:], *arguments], env=bare_environment(**environment))


def content(result: CallToolResult) -> dict[str, Any]:
    assert not result.is_error, result.content
    assert result.structured_content is not None
    return result.structured_content


@pytest.mark.parametrize("mode", ["legacy", "auto"])
async def test_the_three_calls_of_an_analyst_in_both_protocol_eras(mode: str) -> None:
    async with Client(stdio_client(parameters("--offline")), mode=mode) as client:
        run = content(await client.call_tool("query_run", GOOD["query_run"]))
        assert {"status", "window", "tables", "row_count", "rows_shown", "query_hash"} <= run.keys()
        assert run["row_count"] > 1

        verdict = content(await client.call_tool("query_validate", GOOD["query_validate"]))
        assert verdict["verdict"] == "invalid"
        assert verdict["engine"]
        diagnostic = verdict["diagnostics"][0]
        assert (diagnostic["code"], diagnostic["line"], diagnostic["column"]) == ("KS142", 1, 20)
        assert "UserPrincipalName" in diagnostic["suggestions"]

        listed = content(await client.call_tool("incident_list", {}))
        assert len(listed["incidents"]) == listed["total_count"]
        assert listed["skip_token"] is None


async def test_without_settings_the_server_starts_lists_its_tools_and_says_what_is_missing() -> None:
    async with Client(stdio_client(parameters("--toolsets", "all", "--allow-writes"))) as client:
        tools = (await client.list_tools()).tools
        assert {tool.name for tool in tools} == GOOD.keys()
        result = await client.call_tool("incident_list", {})
        assert result.is_error
        assert "AZURE_SUBSCRIPTION_ID" in str(result.content)


async def test_documents_templates_and_prompts_are_there() -> None:
    async with Client(stdio_client(parameters("--offline"))) as client:
        resources = {str(resource.uri) for resource in (await client.list_resources()).resources}
        assert resources == {"sentinel://tables", "sentinel://kql", "sentinel://examples"}
        page = await client.read_resource("sentinel://kql/operators/where")
        assert "# where" in str(page.contents[0])
        table = await client.read_resource("sentinel://tables/SigninLogs")
        assert "Columns, from this workspace" in str(table.contents[0])
        prompt = await client.get_prompt("incident_triage", {"incident": "3"})
        assert "incident 3" in str(prompt.messages[0].content)


def exchange(requests: Iterable[dict[str, Any]], *arguments: str) -> tuple[list[str], int]:
    """Speak the protocol by hand; every byte of stdout comes back, also what is written while the process ends."""
    process = subprocess.Popen(
        [*SERVER, *arguments],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=bare_environment(),
        encoding="utf-8",
    )
    assert process.stdin is not None
    assert process.stdout is not None
    lines: list[str] = []
    with process:
        try:
            for request in requests:
                process.stdin.write(json.dumps(request) + "\n")
                process.stdin.flush()
                while "id" in request:
                    line = process.stdout.readline()
                    assert line, "the server closed its side before it answered"
                    lines.append(line)
                    if json.loads(line).get("id") == request["id"]:
                        break
            rest, _ = process.communicate(timeout=30)
            lines += rest.splitlines()
        finally:
            process.kill()
    return lines, process.returncode


def handshake() -> list[dict[str, Any]]:
    return [
        {
            "jsonrpc": "2.0",
            "id": 0,
            "method": "initialize",
            "params": {
                "protocolVersion": "2025-06-18",
                "capabilities": {},
                "clientInfo": {"name": "test", "version": "0"},
            },
        },
        {"jsonrpc": "2.0", "method": "notifications/initialized"},
    ]


def call(number: int, tool: str, arguments: dict[str, Any]) -> dict[str, Any]:
    return {"jsonrpc": "2.0", "id": number, "method": "tools/call", "params": {"name": tool, "arguments": arguments}}


@pytest.mark.parametrize("arguments", [["--offline", *ALL], ["--offline", "--log-level", "DEBUG", *ALL], ALL])
def test_nothing_but_protocol_reaches_stdout(arguments: list[str]) -> None:
    requests = handshake()
    for tool, good in GOOD.items():
        requests.append(call(len(requests), tool, good))
        requests.append(call(len(requests), tool, {"no_such_argument": 1}))
    requests.append(call(len(requests), "no_such_tool", {}))
    lines, code = exchange(requests, *arguments)
    answers = [json.loads(line) for line in lines]
    assert all(answer["jsonrpc"] == "2.0" for answer in answers)
    assert {answer["id"] for answer in answers if "id" in answer} == {r["id"] for r in requests if "id" in r}
    assert code == 0


def test_a_stray_print_in_any_library_stays_off_the_wire() -> None:
    program = (
        "import sys, sentinel_mcp_server.cli as cli, sentinel_azure_clients.workspace as w\n"
        "async def noisy(context):\n"
        "    print('stray', end='')\n"
        "    raise w.NotFound('x')\n"
        "w.get_workspace = noisy\n"
        "sys.exit(cli.main(['--offline']))\n"
    )
    messages = [*handshake(), call(9, "workspace_get", {})]
    done = subprocess.run(
        [sys.executable, "-c", program],
        input="".join(json.dumps(message) + "\n" for message in messages),
        capture_output=True,
        encoding="utf-8",
        env=bare_environment(),
        timeout=60,
        check=False,
    )
    assert "stray" not in done.stdout
    assert "stray" in done.stderr
    assert all(json.loads(line) for line in done.stdout.splitlines())


@pytest.mark.parametrize(
    "line", ["not json", "[]", '{"jsonrpc": "2.0"}', '{"jsonrpc":"2.0","id":1,"method":"no/such"}', "\x00"]
)
def test_a_line_that_is_no_request_does_not_end_the_server(line: str) -> None:
    messages = "".join(json.dumps(message) + "\n" for message in handshake())
    after = json.dumps(call(7, "query_validate", {"query": "print 1"})) + "\n"
    done = subprocess.run(
        [*SERVER, "--offline"],
        input=messages + line + "\n" + after,
        capture_output=True,
        encoding="utf-8",
        env=bare_environment(),
        timeout=60,
        check=False,
    )
    answers = {answer.get("id"): answer for answer in map(json.loads, done.stdout.splitlines())}
    assert answers[0]["result"]
    assert done.returncode == 0


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["--port", "x", "--transport", "http"], "--port: input should be a valid integer"),
        (["--host", "0.0.0.0", "--transport", "http"], "is not a loopback address"),
        (["--toolsets", "incidents"], "toolsets: there is no 'incidents'; choose from default, all"),
        (["--ca-bundle", "/none"], "--ca-bundle: there is no file /none"),
    ],
)
def test_a_setting_that_cannot_be_used_ends_the_command_with_a_sentence(arguments: list[str], says: str) -> None:
    done = subprocess.run(
        [*SERVER, *arguments], capture_output=True, text=True, env=bare_environment(), timeout=30, check=False
    )
    assert done.returncode == 2
    assert done.stdout == ""
    assert says in done.stderr
    assert len(done.stderr.splitlines()) == 1
