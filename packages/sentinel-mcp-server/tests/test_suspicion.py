import pytest

from sentinel_mcp_server.suspicion import suspicious
from sentinel_mcp_server.tools import TOOLS


@pytest.mark.parametrize("name", [spec.name for spec in TOOLS])
def test_a_text_that_names_a_tool_is_reported(name: str) -> None:
    assert suspicious(f"then comes {name} for this one") == "names a tool of this server"


@pytest.mark.parametrize("word", ["rule_engine", "task_force", "list_of_alerts", "alert_level", "table_top"])
def test_a_word_that_only_looks_alike_is_not(word: str) -> None:
    assert suspicious(f"then comes {word} for this one") is None
