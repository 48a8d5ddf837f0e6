"""The generated rows: how many, how typed, how reproducible, and whether the truth told about them is true."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from sentinel_emulator import Emulator, Step
from sentinel_emulator._schema import CUSTOM, EMPTY, FILLED, PLANS
from sentinel_emulator.testing import Client

NOW = datetime(2026, 3, 11, 15, 30, 12, tzinfo=UTC)
TRUTH = Emulator(seed=7, now=NOW).ground_truth


def found(client: Client, kql: str) -> Any:
    """The first table of an answer, asked as the plan of the query's table wants it."""
    answer = client.search(kql) if kql.split(maxsplit=1)[0] in PLANS else client.query(kql)
    assert answer.status == 200, answer.content
    return answer.json()["tables"][0]


def test_there_are_at_least_twenty_thousand_rows_and_every_table_has_some(client: Client) -> None:
    counts = {table: found(client, f"{table} | count")["rows"][0][0] for table in FILLED}
    assert all(counts.values())
    assert sum(counts.values()) >= 20_000


def test_at_least_thirty_tables_have_rows_and_some_have_none(client: Client) -> None:
    assert len(FILLED) >= 30
    assert all(client.rows(f"{table} | count") == [[0]] for table in EMPTY)


@pytest.mark.parametrize("table", FILLED)
def test_every_row_lies_within_the_generated_days(client: Client, table: str) -> None:
    ((first, last),) = found(client, f"{table} | summarize min(TimeGenerated), max(TimeGenerated)")["rows"]
    assert first >= (NOW - timedelta(days=15)).isoformat()
    assert last <= NOW.isoformat().replace("+00:00", "Z")


def test_columns_and_types_are_those_of_the_built_in_schema(client: Client) -> None:
    from sentinel_kql_validator import Schema

    for table in FILLED:
        columns = {column["name"]: column["type"] for column in found(client, f"{table} | take 0")["columns"]}
        expected = dict(CUSTOM.get(table) or Schema.sentinel().tables[table]) | {"TenantId": "string"}
        assert columns == {name: kind for name, kind in expected.items() if name not in {"_IsBillable", "_BilledSize"}}


@pytest.mark.parametrize("step", TRUTH.steps, ids=lambda step: step.name)
def test_each_step_of_the_intrusion_left_exactly_the_rows_it_claims(client: Client, step: Step) -> None:
    ((count, first, last),) = client.rows(f"{step.query} | summarize count(), min(TimeGenerated), max(TimeGenerated)")
    assert count == step.rows > 0
    assert (datetime.fromisoformat(first), datetime.fromisoformat(last)) == (step.start, step.end)


def test_the_bytes_sent_out_are_those_of_the_truth(client: Client) -> None:
    address = TRUTH.attacker_addresses[1]
    assert client.rows(f'CommonSecurityLog | where DestinationIP == "{address}" | summarize sum(SentBytes)') == [
        [TRUTH.bytes_out]
    ]


def test_nobody_else_ever_signed_in_from_the_intruders_country(client: Client) -> None:
    rows = client.rows(
        f'SigninLogs | where Location == "{TRUTH.attacker_country}" and ResultType == "0" | distinct UserPrincipalName'
    )
    assert rows == [[TRUTH.victim]]


def test_the_threat_feed_names_the_address_the_files_went_to(client: Client) -> None:
    kql = (
        "ThreatIntelIndicators | where ObservableKey == 'ipv4-addr:value' "
        "| join kind=inner (CommonSecurityLog | summarize sum(SentBytes) by DestinationIP) "
        "on $left.ObservableValue == $right.DestinationIP | distinct ObservableValue"
    )
    assert client.rows(kql) == [[TRUTH.attacker_addresses[1]]]


def test_a_silent_machine_can_be_found(client: Client) -> None:
    kql = "Heartbeat | summarize seen=max(TimeGenerated) by Computer | where seen < ago(1h)"
    assert [row[0] for row in client.rows(kql)] == ["FS02.contoso.com"]


def test_the_same_seed_makes_the_same_rows_and_another_seed_does_not() -> None:
    kql = "SigninLogs | project Id | sort by Id asc | take 50"
    first, second, other = (Client(Emulator(seed=seed, now=NOW, days=1)).rows(kql) for seed in (7, 7, 8))
    assert first == second != other


def test_nobody_in_the_rows_has_an_address_outside_the_documentation_blocks(client: Client) -> None:
    kql = (
        "union (SigninLogs | project a=IPAddress), (CommonSecurityLog | project a=DestinationIP), "
        "(OfficeActivity | project a=ClientIP) "
        '| where not(a matches regex @"^(192\\.0\\.2|198\\.51\\.100|203\\.0\\.113)\\.") | count'
    )
    assert client.rows(kql) == [[0]]
