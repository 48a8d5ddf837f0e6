from datetime import UTC, datetime
from typing import Any

import pytest

from sentinel_azure_clients import InvalidInput, MalformedAnswer, NotFound, alerts
from sentinel_azure_clients.testing import FakeAzure, fake_context

ROW: dict[str, Any] = {
    "SystemAlertId": "a1",
    "DisplayName": "Spray",
    "AlertSeverity": "High",
    "Tactics": "CredentialAccess, InitialAccess",
    "Techniques": '["T1110"]',
    "StartTime": "2026-01-01T00:00:00.1234567Z",
    "TimeGenerated": "2026-01-01T00:10:00Z",
    "Entities": '[{"$id": "1", "Type": "ip", "Address": "192.0.2.1"}, 7]',
}


def table(*rows: dict[str, Any]) -> dict[str, Any]:
    columns = [{"name": name, "type": "string"} for name in ROW]
    return {"tables": [{"name": "PrimaryResult", "columns": columns, "rows": [list(row.values()) for row in rows]}]}


async def test_alerts_are_listed_with_their_conditions_quoted() -> None:
    azure = FakeAzure()
    azure.answer("POST", "/query", json=table(ROW))
    async with fake_context(azure) as context:
        found = await alerts.list_alerts(
            context, timespan="P7D", severities=["high", "Low"], title_contains='x" | take 1', product="P", most=10
        )
    (alert,) = found.items
    assert found.complete
    assert (alert.system_alert_id, alert.title, alert.severity) == ("a1", "Spray", "High")
    assert (alert.tactics, alert.techniques) == (("CredentialAccess", "InitialAccess"), ("T1110",))
    assert alert.start == datetime(2026, 1, 1, 0, 0, 0, 123456, tzinfo=UTC)
    assert alert.entities == ({"$id": "1", "Type": "ip", "Address": "192.0.2.1"},)
    assert alert.row == ROW
    assert azure.requests[0].body == {
        "query": (
            "SecurityAlert\n| summarize arg_max(TimeGenerated, *) by SystemAlertId\n"
            '| where AlertSeverity in ("High", "Low")\n'
            '| where DisplayName contains "x\\" | take 1"\n'
            '| where ProductName =~ "P"\n'
            "| top 11 by TimeGenerated desc"
        ),
        "timespan": "P7D",
    }


async def test_a_cut_or_partial_list_is_not_complete() -> None:
    azure = FakeAzure()
    azure.answer("POST", "/query", json=table(ROW, ROW))
    async with fake_context(azure) as context:
        cut = await alerts.list_alerts(context, most=1)
        azure.answer("POST", "/query", json={**table(ROW), "error": {"code": "PartialError"}})
        partial = await alerts.list_alerts(context)
        azure.answer("POST", "/query", status=204)
        nothing = await alerts.list_alerts(context)
    assert (len(cut.items), cut.complete) == (1, False)
    assert (len(partial.items), partial.complete) == (1, False)
    assert (nothing.items, nothing.complete) == ((), True)


async def test_one_alert_is_found_or_not() -> None:
    azure = FakeAzure()
    azure.answer("POST", "/query", json=table(ROW))
    async with fake_context(azure) as context:
        assert (await alerts.get_alert(context, " a1 ")).title == "Spray"
        azure.answer("POST", "/query", json=table())
        with pytest.raises(NotFound, match="no alert 'a2'"):
            await alerts.get_alert(context, "a2")
        azure.answer(
            "POST", "/query", json={"tables": [{**table()["tables"][0], "columns": [{"name": "x", "type": "int"}]}]}
        )
        with pytest.raises(MalformedAnswer, match="SystemAlertId"):
            await alerts.get_alert(context, "a2")
    assert '=~ "a1"' in azure.requests[0].body["query"]


@pytest.mark.parametrize(
    "wrong", [{"most": 0}, {"severities": ["Huge"]}, {"title_contains": "\x00"}, {"timespan": "x"}]
)
async def test_a_condition_that_cannot_be_is_refused_unsent(wrong: dict[str, Any]) -> None:
    azure = FakeAzure()
    async with fake_context(azure) as context:
        with pytest.raises(InvalidInput):
            await alerts.list_alerts(context, **wrong)
        with pytest.raises(InvalidInput):
            await alerts.get_alert(context, " ")
    assert azure.requests == []


@pytest.mark.parametrize("text", ["", "not json", "{}", "[[", "[" * 100_000, "null", "[1]"])
def test_entities_that_are_no_list_of_objects_stay_in_the_row(text: str) -> None:
    found = alerts.from_row({**ROW, "Entities": text, "Techniques": text})
    assert found.entities == ()
    assert found.row["Entities"] == text
