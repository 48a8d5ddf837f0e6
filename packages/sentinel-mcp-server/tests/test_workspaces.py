"""Several workspaces: each tool can be sent to another one of the settings, and what belongs to one stays there."""

from collections.abc import Iterator
from typing import Any

import pytest

from sentinel_azure_clients import WorkspaceAddress
from sentinel_emulator import Emulator
from sentinel_mcp_server import Settings
from sentinel_mcp_server.testing import Session, connected

LAB = "law-contoso-lab"


@pytest.fixture(scope="module")
def both() -> Iterator[Session]:
    """The embedded workspace and the empty one beside it."""
    place = Emulator().workspaces[1]
    address = WorkspaceAddress(
        name=LAB,
        subscription_id=place.subscription_id,
        resource_group=place.resource_group,
        workspace_name=place.workspace_name,
        workspace_id=place.workspace_id,
    )
    settings = Settings(offline=True, toolsets=frozenset({"all"}), allow_writes=True, workspaces=(address,))
    with connected(settings) as session:
        yield session


def test_each_tool_that_asks_a_workspace_takes_its_name(both: Session, offline: Session) -> None:
    schemas = {tool.name: tool.input_schema for tool in both.portal.call(both.client.list_tools).tools}
    without = {name for name, schema in schemas.items() if "workspace" not in schema["properties"]}
    assert without == {"docs_search", "task_list", "task_get", "task_cancel", "query_page", "workspace_list"}
    argument = schemas["incident_list"]["properties"]["workspace"]
    assert argument["const" if "const" in argument else "enum"] in (LAB, [LAB])
    alone = {tool.name: tool.input_schema for tool in offline.portal.call(offline.client.list_tools).tools}
    assert all("workspace" not in schema.get("properties", {}) for schema in alone.values())


def test_a_call_goes_to_the_workspace_that_it_names_and_the_answer_says_so(both: Session) -> None:
    assert both.answer("workspace_get", workspace=LAB)["name"] == LAB
    assert both.answer("workspace_get")["name"] != LAB
    assert both.answer("incident_list")["incidents"]
    assert f"Workspace '{LAB}' is not onboarded to Microsoft Sentinel" in both.refusal("incident_list", workspace=LAB)


def test_a_workspace_that_never_got_data_answers_without_rows_and_says_that_its_tables_are_empty(both: Session) -> None:
    answer = both.answer("query_run", query="SigninLogs | take 5", timespan="1d", workspace=LAB)
    assert (answer["workspace"], answer["row_count"], answer["tables"]) == (LAB, 0, [])
    assert answer["zero_rows"]["reason"] == "table empty in the window"
    assert both.answer("entity_pivot", kind="ip", value="203.0.113.77", workspace=LAB)["timeline"] == []
    assert both.answer("alert_list", workspace=LAB)["alerts"] == []
    assert both.answer("workspace_usage", workspace=LAB)["total_mb"] == 0
    assert "never got any data" in both.refusal("table_profile", name="SigninLogs", workspace=LAB)


def test_a_query_searches_several_workspaces_together_and_says_which(both: Session) -> None:
    query = {"query": "SigninLogs | count", "timespan": "1d"}
    alone = both.answer("query_run", **query)
    together = both.answer("query_run", **query, together_with=[LAB])
    assert together["workspace"] == f"{alone['workspace']}, {LAB}"
    assert together["tables"][0]["rows"][0][0] >= alone["tables"][0]["rows"][0][0] > 0
    refusal = both.refusal("query_run", **query, together_with=["elsewhere"])
    assert f"There is no workspace 'elsewhere' to search together with: configured are {LAB}." in refusal


def test_an_unknown_workspace_is_refused_by_name(both: Session) -> None:
    refusal = both.refusal("incident_list", workspace="elsewhere")
    assert "workspace: input should be" in refusal
    assert LAB in refusal


def test_a_plan_for_one_workspace_is_none_for_another(both: Session) -> None:
    call: dict[str, Any] = {"incident": "3", "severity": "Low"}
    token = both.answer("incident_update", **call)["confirmation_token"]
    refusal = both.refusal("incident_update", **call, confirmation_token=token, workspace=LAB)
    assert "The arguments are not those of the plan" in refusal
    assert both.answer("incident_get", incident="3")["incident"]["severity"] != "Low"
    assert both.answer("incident_update", **call, confirmation_token=token)["applied"]
