"""Basic and Auxiliary tables: their own path, and its limits."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from sentinel_emulator.cli import main
from sentinel_emulator.testing import LOGS, Client

if TYPE_CHECKING:
    from sentinel_emulator import Emulator


def inner(answer: Any) -> Any:
    assert answer.status == 400, answer.content
    return answer.json()["error"]["innererror"]


def test_the_workspace_has_a_table_of_each_plan(client: Client) -> None:
    tables = client.arm("GET", "/tables", version="2025-07-01").json()["value"]
    plans = {table["name"]: table["properties"]["plan"] for table in tables}
    assert {name: plan for name, plan in plans.items() if plan != "Analytics"} == {
        "ContainerLogV2": "Basic",
        "FirewallFlows_CL": "Auxiliary",
    }


def test_a_custom_table_shows_its_own_columns_apart_from_those_that_every_table_has(client: Client) -> None:
    properties = client.arm("GET", "/tables/firewallflows_cl").json()["properties"]
    schema = properties["schema"]
    assert (schema["tableType"], schema["tableSubType"]) == ("CustomLog", "DataCollectionRuleBased")
    assert [column["name"] for column in schema["columns"]][:2] == ["TimeGenerated", "DeviceName"]
    assert {"TenantId": "guid", "Type": "string"}.items() <= {
        column["name"]: column["type"] for column in schema["standardColumns"]
    }.items()
    kept = ("retentionInDays", "totalRetentionInDays", "archiveRetentionInDays")
    assert [properties[name] for name in kept] == [30, 365, 335]


@pytest.mark.parametrize(("table", "plan"), [("ContainerLogV2", "Basic"), ("FirewallFlows_CL", "Auxiliary")])
@pytest.mark.parametrize("query", ["{0} | take 1", "let t = {0}; t | count", "union SigninLogs, {0} | count"])
def test_a_normal_query_of_one_is_refused_as_reported(client: Client, table: str, plan: str, query: str) -> None:
    assert inner(client.query(query.format(table), "P1D")) == {
        "code": "UnsupportedApiQueryValidationError",
        "message": f"Query of {plan} Logs table is not supported with the API "
        "'https://api.loganalytics.io/v1/workspaces/{workspaceId}/query'.\n"
        "You can use 'https://api.loganalytics.io/v1/workspaces/{workspaceId}/search' instead.\n"
        f"To learn more on queries on {plan} Logs table, read here: https://aka.ms/basicLogsQueryAPI.",
    }


def test_a_search_reads_them_and_other_tables_too(client: Client) -> None:
    ((rows,),) = client.search("ContainerLogV2 | where LogLevel == 'error' | count").json()["tables"][0]["rows"]
    assert rows > 0
    ((both,),) = client.search("union ContainerLogV2, FirewallFlows_CL, Syslog | count").json()["tables"][0]["rows"]
    parts = [client.search(f"{table} | count") for table in ("ContainerLogV2", "FirewallFlows_CL", "Syslog")]
    assert both == sum(part.json()["tables"][0]["rows"][0][0] for part in parts)


def test_a_search_takes_its_time_range_from_the_address_or_the_body(client: Client, emulator: Emulator) -> None:
    url = f"{LOGS}/v1/workspaces/{emulator.workspace.workspace_id}/search"
    kql = "FirewallFlows_CL | count"
    inside = client.send("POST", url, {"query": kql, "timespan": "P1D"})
    assert inside.json() == client.search(kql, "P1D").json()
    both = client.send("POST", f"{url}?timespan=P2D", {"query": kql, "timespan": "P1D"})
    assert both.json() == client.search(kql, "P2D").json() != inside.json()


def test_a_search_without_a_time_range_is_refused_whatever_the_query_says(client: Client) -> None:
    answer = client.search("FirewallFlows_CL | where TimeGenerated > ago(1h) | count", None)
    assert "timespan" in inner(answer)["message"]


def test_a_search_of_basic_tables_reaches_back_thirty_days(client: Client) -> None:
    assert "30 days" in inner(client.search("ContainerLogV2 | count", "P31D"))["message"]
    assert client.search("ContainerLogV2 | count", "P30D").status == 200
    assert client.search("FirewallFlows_CL | count", "P365D").status == 200
    assert client.search("union ContainerLogV2, FirewallFlows_CL | count", "P365D").status == 200


def test_a_wildcard_of_a_normal_query_shows_none_of_their_rows(client: Client) -> None:
    kinds = {row[0] for row in client.rows("union * | summarize count() by Type")}
    assert "SigninLogs" in kinds
    assert kinds.isdisjoint({"ContainerLogV2", "FirewallFlows_CL"})
    searched = client.search("union * | summarize count() by Type", "P14D").json()["tables"][0]["rows"]
    assert {row[0] for row in searched} == kinds | {"ContainerLogV2", "FirewallFlows_CL"}


def test_a_search_is_a_post_with_a_token(client: Client, emulator: Emulator) -> None:
    assert client.search("FirewallFlows_CL | count", token=None).status == 401
    url = f"{LOGS}/v1/workspaces/{emulator.workspace.workspace_id}/search?query=FirewallFlows_CL&timespan=P1D"
    assert client.send("GET", url).status == 404


def test_the_shell_searches_when_it_is_told_to(capsys: pytest.CaptureFixture[str]) -> None:
    arguments = ["query", "FirewallFlows_CL | count", "--days", "1", "--timespan", "P1D"]
    assert main(arguments) == 1
    assert "is not supported with the API" in capsys.readouterr().err
    assert main([*arguments, "--search"]) == 0
    assert "(1 row)" in capsys.readouterr().out
