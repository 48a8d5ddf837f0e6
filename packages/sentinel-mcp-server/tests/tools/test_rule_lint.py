from typing import Any

import pytest
from mcp import Client

from sentinel_azure_clients import alert_rules
from sentinel_mcp_server import Settings, build_server
from sentinel_mcp_server._define import Answer, register, tool
from sentinel_mcp_server.context import Services
from sentinel_mcp_server.testing import Session

FLAWED: dict[str, Any] = {
    "displayName": "Flawed",
    "enabled": True,
    "severity": "Low",
    "query": "SigninLogs | where TimeGenerated > ago(7d) | where UserPrincipalName == 'x'",
    "queryFrequency": "PT1H",
    "queryPeriod": "P1D",
    "triggerOperator": "GreaterThan",
    "triggerThreshold": 0,
    "suppressionDuration": "PT1H",
    "suppressionEnabled": False,
    "tactics": ["InitialAccess"],
    "entityMappings": [
        {"entityType": "Account", "fieldMappings": [{"identifier": "FullName", "columnName": "NoSuchColumn"}]}
    ],
}


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


class Nothing(Answer):
    """Nothing."""


@pytest.mark.anyio
async def test_a_flawed_rule_gets_a_remark_for_each_flaw() -> None:
    names: list[str] = []

    @tool(title="Plant", toolset="test")
    async def connection_test(services: Services) -> Nothing:
        """Make a flawed rule."""
        names.append((await alert_rules.create_rule(services.azure, "Scheduled", FLAWED)).name)
        return Nothing()

    server = build_server(Settings(offline=True))
    server._tool_manager._tools["connection_test"] = register(connection_test)  # pyright: ignore[reportPrivateUsage]
    async with Client(server) as client:
        made = await client.call_tool("connection_test", {})
        assert not made.is_error, made.content
        result = await client.call_tool("rule_lint", {"name": names[0]})
    assert result.structured_content is not None
    answer: dict[str, Any] = result.structured_content
    assert answer["verdict"] == "valid"
    messages = " ".join(remark["message"] for remark in answer["rule"])
    assert "NoSuchColumn" in messages
    assert "looks back 7d and the rule lets it see P1D" in messages


def test_the_rules_of_the_embedded_workspace_are_clean(offline: Session) -> None:
    for rule in offline.answer("rule_list")["rules"]:
        if rule["kind"] in ("Scheduled", "NRT"):
            answer = offline.answer("rule_lint", name=rule["name"])
            assert answer["verdict"] == "valid"
            assert [remark for remark in answer["rule"] if remark["severity"] == "error"] == []


def test_a_rule_without_a_query_says_so(offline: Session) -> None:
    assert "has no query to check" in offline.refusal("rule_lint", name="BuiltInFusion")


def test_an_unknown_rule_is_named(offline: Session) -> None:
    assert "Nothing was found" in offline.refusal("rule_lint", name="00000000-0000-4000-8000-000000000000")
