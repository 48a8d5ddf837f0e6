from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sentinel_kql_validator._surface import read_surface


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("T | where a == 'b'", []),
        ("T | where a == 'b", ["BASIC1"]),
        ("T | where (a == 'b'", ["BASIC3"]),
        ("T | where a == 'b')", ["BASIC2"]),
        ("T | where a == '(' // (", []),
        ('T | where a == @"c:\\" and (b)', []),
        ("T | where a == h'secret(' ", []),
        ("print ```\n(\n```", []),
        ("print ```\n(", ["BASIC1"]),
        ("print [(1]", ["BASIC2"]),
    ],
)
def test_faults_of_brackets_and_strings(text: str, codes: list[str]) -> None:
    assert [fault.code for fault in read_surface(text).faults] == codes


@pytest.mark.parametrize(
    ("text", "statements"),
    [
        ("T", 1),
        ("let a = 1; T", 1),
        ("A; B", 2),
        ("A;", 1),
        ("", 0),
        ("// only", 0),
        ("let f = () { A; B }; f()", 1),
        ("';'", 1),
    ],
)
def test_statements_that_answer_are_counted(text: str, statements: int) -> None:
    assert read_surface(text).statements == statements


@pytest.mark.parametrize(
    ("text", "command", "verbs"),
    [
        (".show tables", True, ["show"]),
        ("// a\n  .drop table T", True, ["drop"]),
        ("T | take 1\n.drop table T", False, ["drop"]),
        ("T | extend a = b\n.c", False, []),
        ("print '\\n.drop table T'", False, []),
    ],
)
def test_commands_are_seen_wherever_they_hide(text: str, command: bool, verbs: list[str]) -> None:
    surface = read_surface(text)
    assert (surface.command, surface.verbs) == (command, verbs)


@given(st.text(alphabet=st.sampled_from("ab'\"@h()[]{};.\\/`~| \n\r\t"), max_size=200))
def test_any_text_is_read(text: str) -> None:
    surface = read_surface(text)
    assert all(0 <= fault.start <= len(text) for fault in surface.faults)
    assert surface.depth <= len(text)


def test_a_valid_query_has_no_fault(corpus: list[dict[str, Any]]) -> None:
    wrong = [case["path"] for case in corpus if not case["errors"] and read_surface(case["query"]).faults]
    assert wrong == []
