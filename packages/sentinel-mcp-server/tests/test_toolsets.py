import pytest
from mcp.shared.exceptions import MCPError

from sentinel_mcp_server import Settings, SettingsError
from sentinel_mcp_server.testing import Session, connected
from sentinel_mcp_server.tools import TOOLS
from sentinel_mcp_server.toolsets import DEFAULT, known_toolsets, offered

WRITING = {spec.name for spec in TOOLS if spec.writes}


def names(settings: Settings) -> set[str]:
    return {spec.name for spec in offered(settings)}


def test_tools_that_write_are_off_by_default() -> None:
    assert WRITING
    assert not names(Settings()) & WRITING
    assert not names(Settings(toolsets=frozenset({"all"}))) & WRITING


def test_allow_writes_turns_them_on_and_read_only_beats_it() -> None:
    everything = frozenset({"all"})
    assert names(Settings(toolsets=everything, allow_writes=True)) == {spec.name for spec in TOOLS}
    assert not names(Settings(toolsets=everything, allow_writes=True, read_only=True)) & WRITING


def test_a_toolset_offers_its_own_tools_only() -> None:
    assert names(Settings(toolsets=frozenset({"docs"}))) == {"docs_search"}


def test_default_can_be_widened_by_name() -> None:
    default = names(Settings())
    widened = names(Settings(toolsets=frozenset({"default", "watchlist"})))
    assert widened - default == {"watchlist_get", "watchlist_list", "watchlist_item_list"}
    assert {spec.toolset for spec in TOOLS if spec.name in default} <= DEFAULT


def test_an_unknown_toolset_is_named_with_the_choices() -> None:
    with pytest.raises(SettingsError, match="there is no 'incidents'; choose from default, all, access"):
        offered(Settings(toolsets=frozenset({"incidents"})))
    assert "incident" in known_toolsets()


def test_a_tool_that_is_not_offered_says_why(offline: Session) -> None:
    with pytest.raises(MCPError, match="started without --allow-writes"):
        offline.call("incident_update", incident="1", status="Active")
    with (
        connected(Settings(offline=True, toolsets=frozenset({"docs"}))) as session,
        pytest.raises(MCPError, match="belongs to the toolset 'query'"),
    ):
        session.call("query_run", query="print 1")
    with (
        connected(Settings(offline=True, allow_writes=True, read_only=True)) as session,
        pytest.raises(MCPError, match="--read-only is set"),
    ):
        session.call("incident_update", incident="1", status="Active")
