from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sentinel_kql_validator._suggest import closest, distance

if TYPE_CHECKING:
    from sentinel_kql_validator import KqlValidator


@given(st.text("abc", max_size=8), st.text("abc", max_size=8))
def test_distance_is_symmetric_and_zero_only_for_the_same(left: str, right: str) -> None:
    assert distance(left, right, 8) == distance(right, left, 8)
    assert (distance(left, right, 8) == 0) == (left == right)


@pytest.mark.parametrize(
    ("left", "right", "edits"), [("ab", "ba", 1), ("abc", "abd", 1), ("abc", "ab", 1), ("kitten", "sitting", 3)]
)
def test_known_distances(left: str, right: str, edits: int) -> None:
    assert distance(left, right, 5) == edits


def test_the_likelier_group_comes_first_among_equals() -> None:
    assert closest("Nam", [["Name"], ["Nama"]]) == ("Name", "Nama")


def test_nothing_plausible_gives_nothing() -> None:
    assert closest("Zebra", [["UserPrincipalName", "TimeGenerated"]]) == ()


@pytest.mark.parametrize(
    ("query", "code", "first"),
    [
        ('SigninLogs | where UserPrincipalNam == "x"', "KS142", "UserPrincipalName"),
        ("SigninLog | take 1", "KS204", "SigninLogs"),
        ("signinlogs | take 1", "KS204", "SigninLogs"),
        ("table('SigninLog') | take 1", "KS204", "SigninLogs"),
        ("SigninLogs | extend a = tostrng(DeviceDetail)", "KS211", "tostring"),
        ("SigninLogs | evaluate bag_unpak(DeviceDetail)", "KS124", "bag_unpack"),
        ("SigninLogs | whre ResultType == '0'", "KS176", "where"),
        ("SigninLogs | join kind=iner (SigninLogs) on UserId", "KS005", "inner"),
        ("let cutoff = 5; SigninLogs | where DurationMs > cutof", "KS142", "cutoff"),
        ("SigninLogs | extend Risk = 1 | where Rsk == 1", "KS142", "Risk"),
        ("imDns(startime=ago(1d))", "KS196", "starttime"),
        ("let f = (x: strng) { x }; f('a')", "KS160", "string"),
        ("_GetWatchlst('a')", "KS211", "_GetWatchlist"),
    ],
)
def test_the_name_that_was_meant_comes_first(validator: KqlValidator, query: str, code: str, first: str) -> None:
    diagnostic = next(d for d in validator.validate(query).diagnostics if d.code == code)
    suggestion = diagnostic.suggestions[0]
    assert suggestion.text == first
    fixed = query[: suggestion.start] + suggestion.text + query[suggestion.start + suggestion.length :]
    assert code not in {d.code for d in validator.validate(fixed).errors}
