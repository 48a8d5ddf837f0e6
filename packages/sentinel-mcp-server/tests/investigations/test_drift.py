from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sentinel_mcp_server.investigations.drift import FIELDS, age, changed_fields

NUMBERS = st.lists(st.integers(0, 99), min_size=1, max_size=4)


@pytest.mark.parametrize(
    ("installed", "available", "expected"),
    [
        ("1.0.0", "1.0.1", "newer available"),
        ("1.9.0", "1.10.0", "newer available"),
        ("1.0", "1.0.0", "current"),
        ("2.0.0", "1.0.0", "current"),
        (None, "1.0.0", "not told"),
        ("1.0.0", None, "not told"),
        ("1.0.0-beta", "1.0.0", "not told"),
    ],
)
def test_versions_are_compared_as_numbers(installed: str | None, available: str | None, expected: str) -> None:
    assert age(installed, available) == expected


@given(NUMBERS, NUMBERS)
def test_no_two_versions_are_each_newer_than_the_other(one: list[int], other: list[int]) -> None:
    first, second = ".".join(map(str, one)), ".".join(map(str, other))
    assert [age(first, second), age(second, first)].count("newer available") <= 1
    assert age(first, first) == "current"


@pytest.mark.parametrize(
    ("rule", "template", "expected"),
    [
        ({"query": "T\n| take 1  \n"}, {"query": "T\n| take 1"}, []),
        ({"query": "T | take 2"}, {"query": "T | take 1"}, ["query"]),
        ({"queryPeriod": "PT24H"}, {"queryPeriod": "P1D"}, []),
        ({"queryPeriod": "PT1H"}, {"queryPeriod": "P1D"}, ["queryPeriod"]),
        ({"tactics": ["B", "A"]}, {"tactics": ["A", "B"]}, []),
        ({"tactics": []}, {"tactics": ["A"]}, ["tactics"]),
        ({"severity": "Low"}, {}, []),
        ({"displayName": "x"}, {"displayName": "y"}, []),
        ({}, {"triggerThreshold": 0}, ["triggerThreshold"]),
    ],
)
def test_what_changes_what_a_rule_finds_is_a_change(
    rule: dict[str, Any], template: dict[str, Any], expected: list[str]
) -> None:
    assert changed_fields(rule, template) == expected


@given(st.dictionaries(st.sampled_from(FIELDS), st.text()))
def test_a_rule_is_like_itself(rule: dict[str, Any]) -> None:
    assert changed_fields(rule, rule) == []
