import pytest
from hypothesis import given
from hypothesis import strategies as st

from sentinel_azure_clients import WorkspaceAddress
from sentinel_mcp_server import Settings, SettingsError
from sentinel_mcp_server.workspace_addresses import read_addresses

NAMES = st.text(st.characters(codec="ascii", categories=("L", "N"), include_characters="-_"), min_size=1)


def test_each_is_a_name_and_a_place() -> None:
    assert read_addresses("west = s1/g1/law-west, east=s2/g2/law-east/guid ,") == (
        WorkspaceAddress(name="west", subscription_id="s1", resource_group="g1", workspace_name="law-west"),
        WorkspaceAddress(
            name="east", subscription_id="s2", resource_group="g2", workspace_name="law-east", workspace_id="guid"
        ),
    )
    assert read_addresses("") == ()


@given(st.lists(st.tuples(NAMES, NAMES, NAMES, NAMES), unique_by=lambda parts: parts[0].casefold()))
def test_what_is_written_is_read(parts: list[tuple[str, str, str, str]]) -> None:
    text = ",".join(f"{name}={subscription}/{group}/{workspace}" for name, subscription, group, workspace in parts)
    read = read_addresses(text)
    assert [(a.name, a.subscription_id, a.resource_group, a.workspace_name) for a in read] == parts


@pytest.mark.parametrize(
    "text", ["west", "west=", "=s/g/w", "west=s/g", "west=s//w", "west=s/g/w/i/more", "west=s/g/w,WEST=s/g/w"]
)
def test_what_is_not_of_the_form_is_named(text: str) -> None:
    with pytest.raises(ValueError, match=r"is no workspace; write name=|two workspaces are called"):
        read_addresses(text)
    with pytest.raises(SettingsError, match="SENTINEL_MCP_WORKSPACES: "):
        Settings.load({"SENTINEL_MCP_WORKSPACES": text})


def test_the_flag_is_read_like_the_variable() -> None:
    assert Settings.load({}, {"workspaces": "a=s/g/w"}).workspaces == read_addresses("a=s/g/w")
