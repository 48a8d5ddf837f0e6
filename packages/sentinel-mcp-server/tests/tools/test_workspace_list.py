from typing import Any

import pytest

from sentinel_azure_clients import WorkspaceAddress
from sentinel_mcp_server import Settings
from sentinel_mcp_server.testing import Session, connected, text


def test_the_default_comes_first_and_the_other_of_the_settings_by_its_name(offline: Session) -> None:
    first, second = offline.answer("workspace_list")["workspaces"]
    here = offline.answer("workspace_get")
    assert (first["default"], first["configured"], first["visible"], first["name"]) == (True, True, True, None)
    assert (first["workspace_name"], first["workspace_id"], first["location"]) == (
        here["name"],
        here["workspace_id"],
        here["location"],
    )
    assert (second["default"], second["configured"], second["visible"]) == (False, True, True)
    assert second["name"] == second["workspace_name"] != first["workspace_name"]


def test_one_that_no_setting_names_is_listed_as_such(inside: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    object.__setattr__(inside.services.azure.config, "workspaces", ())
    other = inside.session.answer("workspace_list")["workspaces"][1]
    assert (other["name"], other["configured"], other["visible"]) == (None, False, True)
    assert "1 configured, 1 others visible" in text(inside.session.call("workspace_list"))


def test_one_of_the_settings_that_cannot_be_seen_is_said_so(inside: Any) -> None:
    absent = WorkspaceAddress(name="west", workspace_name="law-west")
    object.__setattr__(inside.services.azure.config, "workspaces", (absent,))
    lines = inside.session.answer("workspace_list")["workspaces"]
    (west,) = [line for line in lines if line["name"] == "west"]
    assert (west["configured"], west["visible"], west["workspace_id"]) == (True, False, None)


def test_where_listing_fails_the_settings_are_told_and_the_rest_is_not_known(inside: Any) -> None:
    inside.emulator.faults.add("throttled", retry_after=3600, path="/workspaces")
    answer = inside.session.answer("workspace_list")
    assert [line["visible"] for line in answer["workspaces"]] == [None, None]
    assert answer["note"].startswith("Which workspaces this identity can see is not known: ")


def test_without_any_setting_nothing_is_listed_and_the_reason_is_told(unconfigured: Session) -> None:
    answer = unconfigured.answer("workspace_list")
    assert answer["workspaces"] == []
    assert "AZURE_SUBSCRIPTION_ID" in answer["note"]


def test_the_setting_reaches_the_clients() -> None:
    settings = Settings.load({"SENTINEL_MCP_WORKSPACES": "west=s/g/law-west/guid"}, {"credential": "environment"})
    with connected(settings) as session:
        (line,) = session.answer("workspace_list")["workspaces"]
    assert (line["name"], line["workspace_name"], line["workspace_id"], line["default"]) == (
        "west",
        "law-west",
        "guid",
        False,
    )
