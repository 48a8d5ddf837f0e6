from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from sentinel_kql_validator import KqlValidator

NOW = datetime(2026, 3, 31, 12, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("query", "start", "end"),
    [
        ("SigninLogs | where TimeGenerated > datetime(2026-01-01)", "2026-01-01", None),
        (
            "SigninLogs | where TimeGenerated > datetime(2026-01-01 10:11:12.1234567)",
            "2026-01-01T10:11:12.123456",
            None,
        ),
        ("SigninLogs | where TimeGenerated > ago(1d)", "2026-03-30T12:30", None),
        ("SigninLogs | where ago(1d) < TimeGenerated", "2026-03-30T12:30", None),
        (
            "SigninLogs | where TimeGenerated > now(-2h) and TimeGenerated <= now()",
            "2026-03-31T10:30",
            "2026-03-31T12:30",
        ),
        ("SigninLogs | where TimeGenerated between (ago(2d) .. 1d)", "2026-03-29T12:30", "2026-03-30T12:30"),
        (
            "let s = ago(3d); let e = s + 2 * 1d; SigninLogs | where TimeGenerated between (s .. e)",
            "2026-03-28T12:30",
            "2026-03-30T12:30",
        ),
        ("SigninLogs | where TimeGenerated >= startofday(ago(7d))", "2026-03-24", None),
        ("SigninLogs | where TimeGenerated >= startofweek(now())", "2026-03-29", None),
        ("SigninLogs | where TimeGenerated >= startofmonth(now(), -1)", "2026-02-01", None),
        ("SigninLogs | where TimeGenerated >= datetime_add('month', -1, now())", "2026-02-28T12:30", None),
        ("SigninLogs | where TimeGenerated < endofday(ago(1d))", None, "2026-03-30T23:59:59.999999"),
        ("SigninLogs | where TimeGenerated >= bin(ago(30m), 1h)", "2026-03-31T12:00", None),
        ("SigninLogs | where TimeGenerated > todatetime('2026-01-01T00:00:00Z')", "2026-01-01", None),
        # Every source of rows counts: the window holds what any of them may give.
        (
            "union (SigninLogs | where TimeGenerated > ago(1d)), (AuditLogs | where TimeGenerated > ago(4d))",
            "2026-03-27T12:30",
            None,
        ),
        ("SigninLogs | where TimeGenerated > ago(1d) | join kind=inner AuditLogs on CorrelationId", None, None),
        (
            "let X = SigninLogs | where TimeGenerated > ago(5d); X | where TimeGenerated > ago(1d)",
            "2026-03-30T12:30",
            None,
        ),
        ("let X = () { SigninLogs | where TimeGenerated > ago(1h) }; X()", "2026-03-31T11:30", None),
        ("imDns | where TimeGenerated > ago(1h)", "2026-03-31T11:30", None),
        ("search 'x' | where TimeGenerated > ago(1h)", "2026-03-31T11:30", None),
        # What bounds nothing, or what only running tells.
        ("SigninLogs | where TimeGenerated > ago(1d) or ResultType == '0'", None, None),
        ("SigninLogs | where not(TimeGenerated > ago(1d))", None, None),
        (
            "SigninLogs | summarize TimeGenerated = max(TimeGenerated) by UserId | where TimeGenerated > ago(1d)",
            None,
            None,
        ),
        (
            "let t = toscalar(AuditLogs | summarize max(TimeGenerated)); SigninLogs | where TimeGenerated > t",
            None,
            None,
        ),
        ("let f = (d: timespan) { SigninLogs | where TimeGenerated > ago(d) }; f(1d)", None, None),
        ("SigninLogs", None, None),
    ],
)
def test_the_window_is_what_the_filters_leave(
    validator: KqlValidator, query: str, start: str | None, end: str | None
) -> None:
    result = validator.validate(query, now=NOW)
    assert result.verdict == "valid"
    window = result.facts.time_range
    assert window.start == (datetime.fromisoformat(start).replace(tzinfo=UTC) if start else None)
    assert window.end == (datetime.fromisoformat(end).replace(tzinfo=UTC) if end else None)


def test_filters_are_told_with_their_place(validator: KqlValidator) -> None:
    query = "let p = '😀'; SigninLogs | where TimeGenerated > ago(1d) or UserId == p"
    (found,) = validator.validate(query, now=NOW).facts.time_filters
    assert (found.column, found.operator, found.text) == ("TimeGenerated", ">", "TimeGenerated > ago(1d)")
    assert query[found.position :].startswith("TimeGenerated > ago(1d)")
    assert found.start == datetime(2026, 3, 30, 12, 30, tzinfo=UTC)


@pytest.mark.parametrize("literal", ["datetime(null)", "datetime(nonsense)", "ago(99999999d)", "now() - 'x'", "1d / 0"])
def test_a_bound_that_makes_no_sense_is_no_bound(validator: KqlValidator, literal: str) -> None:
    facts = validator.validate(f"SigninLogs | where TimeGenerated > {literal}", now=NOW).facts
    assert facts.time_range.start is None
