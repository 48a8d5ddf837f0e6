from datetime import UTC, datetime, timedelta

import pytest

from sentinel_kql_validator import KqlValidator
from sentinel_mcp_server.investigations.past_runs import (
    MOST_ALERTS_OF_A_RUN,
    alert_per_row,
    alerts_of_run,
    as_of,
    would_alert,
)

VALIDATOR = KqlValidator()
THEN = datetime(2026, 1, 10, tzinfo=UTC)
LITERAL = "datetime(2026-01-10T00:00:00+00:00)"


def shifted(query: str) -> str:
    text = as_of(VALIDATOR.bind(query), THEN)
    assert VALIDATOR.validate(text).verdict == "valid"
    return text


def test_ago_and_now_count_from_the_moment() -> None:
    assert shifted("SigninLogs | where TimeGenerated > ago(1d)").endswith(f"> ({LITERAL} - (1d))")
    assert shifted("print now()") == f"print {LITERAL}"
    assert shifted("print now(-2h)") == f"print ({LITERAL} + (-2h))"


def test_several_calls_are_each_replaced() -> None:
    text = shifted("let a = ago(14d); SigninLogs | where TimeGenerated between (a .. ago(1d)) | extend T = now()")
    assert text.count(LITERAL) == 3
    assert "ago(" not in text


def test_the_resolved_range_is_that_of_the_moment() -> None:
    facts = VALIDATOR.validate(shifted("SigninLogs | where TimeGenerated between (ago(3d) .. ago(1d))")).facts
    assert (facts.time_range.start, facts.time_range.end) == (THEN - timedelta(days=3), THEN - timedelta(days=1))


def test_texts_and_comments_stay_as_they_are() -> None:
    query = "print 'ago(1d)', \"now()\" // ago(1d)"
    assert shifted(query) == query


@pytest.mark.parametrize(
    ("rows", "operator", "threshold", "expected"),
    [
        (5, "GreaterThan", 5, False),
        (6, "GreaterThan", 5, True),
        (0, "LessThan", 1, True),
        (1, "LessThan", 1, False),
        (3, "Equal", 3, True),
        (3, "NotEqual", 3, False),
        (1, None, None, True),
        (0, None, None, False),
    ],
)
def test_the_threshold_decides(rows: int, operator: str | None, threshold: int | None, expected: bool) -> None:
    assert would_alert(rows, operator, threshold) is expected


def test_a_run_raises_one_alert_or_one_a_row_up_to_the_cap() -> None:
    assert alerts_of_run(3, "GreaterThan", 0, per_row=False) == 1
    assert alerts_of_run(3, "GreaterThan", 0, per_row=True) == 3
    assert alerts_of_run(3, "GreaterThan", 3, per_row=True) == 0
    assert alerts_of_run(0, "LessThan", 1, per_row=True) == 1
    assert alerts_of_run(10_000, "GreaterThan", 0, per_row=True) == MOST_ALERTS_OF_A_RUN


def test_only_the_setting_for_each_result_makes_an_alert_a_row() -> None:
    assert alert_per_row({"eventGroupingSettings": {"aggregationKind": "AlertPerResult"}})
    assert not alert_per_row({"eventGroupingSettings": {"aggregationKind": "SingleAlert"}})
    assert not alert_per_row({"eventGroupingSettings": None})
    assert not alert_per_row({})
