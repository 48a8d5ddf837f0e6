from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sentinel_kql_validator._fixes import edit

if TYPE_CHECKING:
    from sentinel_kql_validator import KqlValidator


@pytest.mark.parametrize(
    ("query", "code", "safety", "after"),
    [
        ("T | where Name contains 'administrator'", "KS500", "changes meaning", "T | where Name has 'administrator'"),
        ("T | where isnull(Name)", "KS501", "changes meaning", "T | where isempty(Name)"),
        ("T | where isnotnull(Name)", "KS502", "changes meaning", "T | where isnotempty(Name)"),
        ("T | extend a = parsejson(Name)", "KS507", "safe", "T | extend a = parse_json(Name)"),
        ("T | summarize makeset(Name)", "KS507", "changes meaning", "T | summarize make_set(Name)"),
        ("T | summarize argmax(Count, Name)", "KS507", "changes meaning", "T | summarize arg_max(Count, Name)"),
        ("T | where Name has '10.0.0.1'", "KS514", "changes meaning", "T | where has_ipv4(Name, '10.0.0.1')"),
        ("T | where Nam == '😀'", "KS142", "changes meaning", "T | where Name == '😀'"),
        ("print '😀' | extend b = parsejson('1')", "KS507", "safe", "print '😀' | extend b = parse_json('1')"),
    ],
)
def test_a_fix_is_told_with_its_safety_and_checked(
    small: KqlValidator, query: str, code: str, safety: str, after: str
) -> None:
    fix = next(f for f in small.fixes(query) if f.code == code)
    assert (fix.text, fix.safety, fix.verdict) == (after, safety, "valid")
    assert query[: fix.start] + fix.replacement + query[fix.start + fix.length :] == after


def test_each_of_several_places_has_its_fix(small: KqlValidator) -> None:
    query = "T\n| extend a = parsejson(Name), b = parsejson('1')\n"
    assert [f.text for f in small.fixes(query)] == [
        "T\n| extend a = parse_json(Name), b = parsejson('1')\n",
        "T\n| extend a = parsejson(Name), b = parse_json('1')\n",
    ]


def test_a_query_without_findings_has_no_fixes(small: KqlValidator) -> None:
    assert small.fixes("T | take 1") == ()


def test_a_suggestion_that_leaves_as_many_errors_is_no_fix(small: KqlValidator) -> None:
    assert [f.text for f in small.fixes("T | where Nam > ago(1d)")] == []


@given(st.text("ab_ .", max_size=12), st.text("ab_ .", max_size=12))
def test_an_edit_turns_one_text_into_the_other(before: str, after: str) -> None:
    start, length, replacement = edit(before, after)
    assert before[:start] + replacement + before[start + length :] == after
