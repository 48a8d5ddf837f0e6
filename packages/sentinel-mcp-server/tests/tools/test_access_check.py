from sentinel_mcp_server.testing import Session, text
from sentinel_mcp_server.tools import TOOLS


def test_the_owner_of_the_embedded_workspace_may_use_every_tool(offline: Session) -> None:
    answer = offline.answer("access_check")
    assert {entry["tool"] for entry in answer["tools"]} == {spec.name for spec in TOOLS}
    assert {entry["outcome"] for entry in answer["tools"]} == {"works"}
    assert answer["ask_for"] == []
    assert "law-contoso-soc" in answer["scope"]


def test_without_a_workspace_it_says_what_is_missing(unconfigured: Session) -> None:
    assert "AZURE_SUBSCRIPTION_ID" in unconfigured.refusal("access_check")


def test_the_text_names_the_tools(offline: Session) -> None:
    assert text(offline.call("access_check")).startswith("works: query_run, ")
