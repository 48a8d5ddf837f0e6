from typing import Any

import pytest
from anyio import run

from sentinel_azure_clients import DataConnector, NotAllowed
from sentinel_azure_clients.testing import FakeAzure, fake_context
from sentinel_mcp_server.investigations.health import Finding, look
from sentinel_mcp_server.investigations.ingestion_health import cap, filled_by

FINDING = Finding(severity="problem", area="a", what="w", finding="f", since=None)


def test_a_look_keeps_what_was_found() -> None:
    async def check() -> list[Finding]:
        return [FINDING]

    assert run(look, "a", check).findings == (FINDING,)


def test_a_refusal_is_unknown_and_a_defect_is_raised() -> None:
    async def refused() -> list[Finding]:
        raise NotAllowed("No.", role="Reader")

    async def broken() -> list[Finding]:
        raise RuntimeError

    found = run(look, "area", refused)
    assert (found.findings, found.unknown) == ((), "area: No.")
    with pytest.raises(RuntimeError):
        run(look, "area", broken)


def test_only_data_types_that_are_on_and_bring_logs_fill_tables() -> None:
    def connector(kind: str, **states: str) -> DataConnector:
        return DataConnector("n", "/n", None, kind, states, {}, {})

    fills = filled_by([
        connector("Office365", exchange="enabled", teams="disabled"),
        connector("MicrosoftDefenderAdvancedThreatProtection", alerts="enabled"),
        connector("Unheard", x="enabled"),
    ])  # fmt: skip
    assert [(data_type, table) for _, data_type, table in fills] == [("exchange", "OfficeActivity")]


@pytest.mark.parametrize(
    ("status", "current", "expected"),
    [
        ("RespectQuota", 10.0, []),
        ("RespectQuota", 80.0, ["warning"]),
        ("RespectQuota", 100.0, ["problem"]),
        ("OverQuota", 100.0, ["problem", "problem"]),
    ],
)
def test_the_cap_is_told_near_and_when_it_is_reached(status: str, current: float, expected: list[str]) -> None:
    workspace: dict[str, Any] = {
        "id": "/subscriptions/s/resourceGroups/g/providers/Microsoft.OperationalInsights/workspaces/law-soc",
        "name": "law-soc",
        "properties": {
            "customerId": "22222222-2222-2222-2222-222222222222",
            "workspaceCapping": {"dailyQuotaGb": 1, "dataIngestionStatus": status, "quotaNextResetTime": "later"},
        },
    }
    usage = {"name": {"value": "DataAnalyzed"}, "unit": "Bytes", "currentValue": current, "limit": 100.0}
    azure = FakeAzure()
    azure.answer("GET", "/workspaces/law-soc", json=workspace)
    azure.answer("GET", "/usages", json={"value": [usage, {**usage, "limit": -1.0}]})

    async def ask() -> list[str]:
        async with fake_context(azure) as context:
            return [finding.severity for finding in await cap(context)]

    assert run(ask) == expected
