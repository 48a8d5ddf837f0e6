from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from anyio import run
from hypothesis import given
from hypothesis import strategies as st

from sentinel_azure_clients.testing import Answer, FakeAzure, Request, fake_context
from sentinel_kql_validator import KqlValidator
from sentinel_mcp_server.errors import Refused
from sentinel_mcp_server.investigations.shared_alerts import MOST_VALUES, SharedAlerts, alerts_sharing

VALIDATOR = KqlValidator()
END = datetime(2026, 1, 10, tzinfo=UTC)
WINDOW = (END - timedelta(days=7), END)
COLUMNS = {"AlertName": "string", "ProductName": "string", "Entities": "string", "Own": "bool"}
RULE = "00000000-0000-4000-8000-000000000000"


def found(
    values: list[str], *rows: list[Any], error: dict[str, Any] | None = None
) -> tuple[list[SharedAlerts], int, str | None, str]:
    """What is found in these rows, and the query that asked for them."""
    queries: list[str] = []

    def answer(request: Request) -> Answer:
        queries.append(request.body["query"])
        columns = [{"name": name, "type": kind} for name, kind in COLUMNS.items()]
        body: dict[str, Any] = {"tables": [{"name": "PrimaryResult", "columns": columns, "rows": list(rows)}]}
        return Answer(json=body | ({"error": error} if error else {}))

    azure = FakeAzure()
    azure.answer("POST", "/query", answer)

    async def ask() -> tuple[list[SharedAlerts], int, str | None]:
        async with fake_context(azure) as context:
            return await alerts_sharing(context, values, WINDOW, RULE, 30)

    return (*run(ask), queries[0])


def test_alerts_are_grouped_by_name_and_own_ones_are_counted_apart() -> None:
    groups, own, note, _ = found(
        ["192.0.2.1", "Dana@contoso.com"],
        ["B", "Defender", '[{"Address": "192.0.2.1"}]', False],
        ["A", None, '[{"Name": "dana", "UPNSuffix": "contoso.com"}]', False],
        ["B", "Defender", '[{"Host": {"IP": ["192.0.2.1"]}}]', False],
        ["Mine", None, '[{"Address": "192.0.2.1"}]', True],
    )
    assert [(g.alert, g.product, g.alerts, g.shared) for g in groups] == [
        ("B", "Defender", 2, ["192.0.2.1"]),
        ("A", None, 1, ["Dana@contoso.com"]),
    ]
    assert (own, note) == (1, None)


def test_a_value_that_is_only_a_part_of_another_is_not_shared() -> None:
    groups, _, _, _ = found(["192.0.2.1"], ["A", None, '[{"Address": "192.0.2.10"}, {"Url": "x/192.0.2.1"}]', False])
    assert groups == []


def test_entities_that_cannot_be_read_share_nothing() -> None:
    assert found(["192.0.2.1"], ["A", None, '[{"Address": "192.0.2.1"', False])[0] == []


def test_short_values_are_left_out_and_too_many_are_told() -> None:
    *_, query = found(["ab", "long enough"])
    assert "'ab'" not in query
    values = [f"value {number}" for number in range(MOST_VALUES + 1)]
    *_, note, query = found(values)
    assert note == f"Overlap was looked for by the first {MOST_VALUES} of {MOST_VALUES + 1} values."
    assert f"'value {MOST_VALUES}'" not in query


def test_without_values_only_the_alerts_of_the_rule_are_looked_for() -> None:
    groups, own, _, query = found([], ["Mine", None, "[]", True])
    assert (groups, own) == ([], 1)
    assert "has_any" not in query


def test_part_of_an_answer_is_never_taken_for_all() -> None:
    with pytest.raises(Refused, match="what overlaps is not known"):
        found(["192.0.2.1"], error={"code": "PartialError", "message": "Some."})


@given(st.lists(st.text(min_size=4), min_size=1, max_size=4))
def test_no_value_changes_the_meaning_of_the_query(values: list[str]) -> None:
    *_, query = found(values)
    plain = VALIDATOR.validate(found(["plainword"])[-1])
    result = VALIDATOR.validate(query)
    assert result.verdict == plain.verdict == "valid"
    assert (result.facts.operators, result.facts.tables.keys()) == (plain.facts.operators, plain.facts.tables.keys())
