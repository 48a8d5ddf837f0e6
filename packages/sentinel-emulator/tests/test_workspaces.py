"""The workspace and its tables over ARM."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from sentinel_emulator._schema import CUSTOM
from sentinel_emulator.testing import ARM, LOGS, Client
from sentinel_kql_validator import Schema

if TYPE_CHECKING:
    from sentinel_emulator import Emulator

PAYLOADS = Path(__file__).parents[3].parent / "shared" / "payloads"


def test_the_workspace_tells_the_id_that_the_query_api_wants(client: Client, emulator: Emulator) -> None:
    body = client.arm("GET", "", version="2025-07-01").json()
    assert body["properties"]["customerId"] == emulator.workspace.workspace_id
    assert (body["name"], body["location"]) == (emulator.workspace.workspace_name, emulator.workspace.location)


def test_workspaces_are_listed_by_subscription_and_by_group(client: Client, emulator: Emulator) -> None:
    workspace = emulator.workspace
    whole = f"{ARM}/subscriptions/{workspace.subscription_id}"
    kind = "providers/Microsoft.OperationalInsights/workspaces?api-version=2025-07-01"
    lists = [
        client.send("GET", f"{start}/{kind}").json()["value"]
        for start in (whole, f"{whole}/resourceGroups/{workspace.resource_group}")
    ]
    assert [item["name"] for item in lists[0]] == [workspace.workspace_name, "law-contoso-lab"]
    assert [item["name"] for item in lists[1]] == [workspace.workspace_name]
    (other,) = client.send("GET", f"{whole}/resourceGroups/rg-contoso-lab/{kind}").json()["value"]
    assert other == lists[0][1]
    assert client.send("GET", f"{ARM}{other['id']}?api-version=2025-07-01").json() == other


def test_the_second_workspace_has_no_data_and_no_sentinel(client: Client, emulator: Emulator) -> None:
    second = emulator.workspaces[1]
    url = f"{LOGS}/v1/workspaces/{second.workspace_id}/query"
    answer = client.send("POST", url, {"query": "SigninLogs | count"})
    assert (answer.status, answer.content) == (204, b"")
    incidents = client.send("GET", f"{ARM}{second.sentinel_id}/incidents?api-version=2025-09-01")
    assert (incidents.status, incidents.json()["error"]["code"]) == (400, "BadRequest")
    assert "not onboarded" in incidents.json()["error"]["message"]
    tables = client.send("GET", f"{ARM}{second.resource_id}/tables?api-version=2025-07-01")
    assert tables.json()["error"]["code"] == "EmulatorUnsupportedOperation"
    body = {"query": "SigninLogs | count", "workspaces": [second.workspace_name]}
    both = client.send("POST", f"{LOGS}/v1/workspaces/{emulator.workspace.workspace_id}/query", body)
    assert both.json() == client.query("SigninLogs | count").json()


def test_a_workspace_is_found_in_its_own_group_only(client: Client, emulator: Emulator) -> None:
    path = emulator.workspace.resource_id.replace("rg-contoso-soc", "rg-contoso-lab")
    answer = client.send("GET", f"{ARM}{path}?api-version=2025-07-01")
    assert (answer.status, answer.json()["error"]["code"]) == (404, "ResourceNotFound")


def test_tables_carry_the_columns_and_types_of_the_built_in_schema(client: Client) -> None:
    kinds = {"dateTime": "datetime", "boolean": "bool"}
    known = Schema.sentinel().tables
    tables = client.arm("GET", "/tables").json()["value"]
    assert len(tables) > 45
    for table in tables:
        schema = table["properties"]["schema"]
        columns = {
            column["name"]: kinds.get(column["type"], column["type"])
            for column in (*schema.get("columns", ()), *schema["standardColumns"])
        }
        assert columns == dict(CUSTOM.get(table["name"]) or known[table["name"]])


def test_a_table_has_the_members_of_the_published_example(client: Client) -> None:
    if not PAYLOADS.is_dir():
        pytest.skip("the recorded payloads (../shared/payloads) are not here")
    example = json.loads((PAYLOADS / "operationalinsights" / "TablesList.json").read_text())
    expected = example["responses"]["200"]["body"]["value"][0]
    table = client.arm("GET", "/tables/signinlogs").json()
    assert table["name"] == "SigninLogs"
    assert set(table) == set(expected)
    assert set(table["properties"]) == set(expected["properties"])
    assert set(table["properties"]["schema"]) <= set(expected["properties"]["schema"])


def test_a_table_that_does_not_exist_is_named_in_curly_quotes(client: Client) -> None:
    answer = client.arm("GET", "/tables/Nope")
    assert answer.status == 404
    assert (
        answer.json()["error"]["message"]
        == "The specified table: \N{LEFT SINGLE QUOTATION MARK}Nope\N{RIGHT SINGLE QUOTATION MARK} does not exist."
    )


def test_connectors_have_the_recorded_members(client: Client) -> None:
    path = PAYLOADS / "recordings" / "arm_dataconnectors_list_200.json"
    if not path.is_file():
        pytest.skip("the recorded payloads (../shared/payloads) are not here")
    expected = json.loads(path.read_text())["response"]["body"]["value"][0]
    connectors = client.sentinel("GET", "dataConnectors").json()["value"]
    found = next(item for item in connectors if item["kind"] == expected["kind"])
    assert list(found) == list(expected)
    assert list(found["properties"]) == list(expected["properties"])
    assert client.sentinel("GET", f"dataConnectors/{found['name']}").json() == found
