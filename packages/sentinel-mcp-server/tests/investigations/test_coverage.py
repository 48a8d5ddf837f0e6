from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from sentinel_kql_validator import KqlValidator
from sentinel_mcp_server.investigations.coverage import TACTICS, newest_query, standing

NOW = datetime(2026, 1, 10, tzinfo=UTC)
GOOD: dict[str, Any] = {
    "enabled": True,
    "verdict": "valid",
    "tables": ["A", "B"],
    "known": ["A", "B", "C"],
    "newest": {"A": NOW, "B": NOW},
    "fresh_since": NOW - timedelta(days=1),
}


@pytest.mark.parametrize(
    ("change", "expected", "why"),
    [
        ({}, "real", "every table"),
        ({"enabled": False}, "paper", "switched off"),
        ({"enabled": None}, "paper", "switched off"),
        ({"verdict": None}, "not judged", "no query"),
        ({"verdict": "invalid"}, "paper", "invalid"),
        ({"verdict": "unknown"}, "not judged", "could not be told"),
        ({"tables": ["*"]}, "not judged", "could not be told"),
        ({"tables": []}, "not judged", "could not be told"),
        ({"known": ["A"]}, "paper", "this workspace has no B"),
        ({"newest": {"A": NOW}}, "silent", "no recent record in B"),
        ({"newest": {"A": NOW, "B": NOW - timedelta(days=2)}}, "silent", "no recent record in B"),
    ],
)
def test_a_rule_stands_as_its_state_and_tables_allow(change: dict[str, Any], expected: str, why: str) -> None:
    worth, reason = standing(**(GOOD | change))
    assert worth == expected
    assert why in reason


def test_the_tactics_are_the_fourteen_of_the_matrix() -> None:
    assert len(set(TACTICS)) == len(TACTICS) == 14


def test_no_table_name_changes_the_meaning_of_the_query() -> None:
    hostile = "x'] | take 1 //"
    bound = KqlValidator().bind(newest_query([hostile, "SigninLogs"]))
    assert bound.result.facts.operators.count("take") == 0
    assert bound.result.facts.statements == 1
