"""Texts that nobody writes by accident: each answered within its time, and the next query answered right."""

from __future__ import annotations

from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sentinel_kql_validator import CannotAnswer, KqlValidator, Limits, Schema

if TYPE_CHECKING:
    from collections.abc import Callable

SCHEMA = Schema({"T": {"Name": "string", "Count": "long", "TimeGenerated": "datetime", "Bag": "dynamic"}})
TEXTS = {
    "nested parentheses, closed": "print " + "(" * 10_000 + "1" + ")" * 10_000,
    "nested parentheses, open": "print " + "(" * 10_000,
    "a long string": "print '" + "a" * 1_000_000 + "'",
    "many columns": "print " + ", ".join(f"c{i} = 1" for i in range(70_000)),
    "many or": "T | where " + " or ".join(["Count == 1"] * 10_000),
    "many pipes": "T" + " | take 1" * 5_000,
    "many statements": "print 1;" * 1_500,
    "NULs": "T | where Name == '\0'\0\0",
    "lone surrogates": "T | where Name == '\ud800\udfff\udc00'",
    "unterminated string": "T | where Name == '",
    "unterminated verbatim string": 'T | where Name == @"',
    "unterminated block": "print ```",
    "unterminated bracket": "T | where (Name[",
    "unterminated comment": "T //",
    "only operators": "| | | ; ; ; == == ((",
    "only quotes": "'\"" * 3_000,
    "a path without end": "print a" + ".b" * 20_000,
    "one word": "a" * 200_000,
    "blanks": " " * 1_000_000,
    "line breaks": "\r\n" * 200_000 + "T",
    "astral characters": "print '" + "😀" * 50_000 + "', Nope",
    "a byte order mark": "\ufeffT",
    "blank lines within the limit": "\n" * 250_000 + "T",
    "unions": "union " * 4_000,
    "brackets and quotes": "['" * 100_000,
    "calls of table": "table(" * 150 + "'" * 100_000,
    "unknown names": "print " + ", ".join(f"c{i} = Unknwn{i}" for i in range(4_000)),
}
# The limits as they are, and none: what a caller may set, no text may turn against the process.
WIDE = Limits(characters=2_000_000, depth=100_000, seconds=0.7)
HARDEST = ("nested parentheses, open", "many columns", "line breaks", "lone surrogates")


def _answered_and_the_next(validator: KqlValidator, name: str) -> None:
    result = validator.validate(TEXTS[name])
    assert result.verdict in {"valid", "invalid", "unknown"}
    assert (result.verdict == "unknown") == (result.reason is not None)
    assert validator.validate("T | where Count == 1").verdict in {"valid", "unknown"}
    assert validator.validate("T | where Nope == 1").verdict in {"invalid", "unknown"}


@pytest.mark.parametrize("name", TEXTS)
def test_a_pathological_text_is_answered_and_so_is_the_next(make: Callable[..., KqlValidator], name: str) -> None:
    _answered_and_the_next(make(SCHEMA, advice=False), name)


@pytest.mark.parametrize("name", HARDEST)
def test_without_limits_but_time_it_is_answered_too(make: Callable[..., KqlValidator], name: str) -> None:
    _answered_and_the_next(make(SCHEMA, advice=False, limits=WIDE), name)


@pytest.mark.parametrize(
    ("name", "verdict"),
    [
        ("a long string", "unknown"),
        ("many or", "unknown"),
        ("NULs", "invalid"),
        ("lone surrogates", "unknown"),
        ("blanks", "unknown"),
    ],
)
def test_verdicts_under_the_ordinary_limits(make: Callable[..., KqlValidator], name: str, verdict: str) -> None:
    assert make(SCHEMA).validate(TEXTS[name]).verdict == verdict


WORDS = st.sampled_from(
    [
        "T",
        "Name",
        "Count",
        "TimeGenerated",
        "Bag",
        "Nope",
        "where",
        "extend",
        "project",
        "summarize",
        "join",
        "union",
        "let",
        "print",
        "search",
        "find",
        "parse",
        "mv-expand",
        "make-series",
        "take",
        "top",
        "by",
        "on",
        "kind",
        "=",
        "==",
        "!=",
        "<",
        ">",
        "+",
        "-",
        "*",
        "/",
        "(",
        ")",
        "[",
        "]",
        "{",
        "}",
        "|",
        ";",
        ",",
        ".",
        "..",
        ":",
        "'a'",
        '"b"',
        "@'c'",
        "```",
        "~~~",
        "1",
        "1d",
        "2.5",
        "true",
        "ago(",
        "now()",
        "count()",
        "bin(",
        "datetime(",
        "dynamic(",
        "//",
        "/*",
        "\\",
        "'",
        '"',
        "\n",
        "\r\n",
        "\t",
        "\x00",
        "😀",
        "é",
        ".drop",
        ".show",
        "table",
        "database(",
        "cluster(",
        "workspace(",
        "materialize(",
        "toscalar(",
        "invoke",
        "evaluate",
        "bag_unpack(",
        "pivot(",
        "and",
        "or",
        "not(",
        "in",
        "has",
        "contains",
        "between",
        "typeof(",
        "asc",
        "desc",
        "nulls",
        "first",
        "$left",
        "$right",
        "*",
        "_",
        "render",
        "declare",
        "query_parameters",
        "set",
        "notruncation",
        "restrict",
        "alias",
    ]
)
QUERIES = st.one_of(
    st.lists(WORDS, max_size=40).map(" ".join),
    st.lists(WORDS, max_size=60).map("".join),
    st.text(max_size=200),
    st.lists(WORDS, max_size=20).map(lambda words: "T | " + " ".join(words)),
)
SUPPRESSED = [HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.data_too_large]


def _answered(validator: KqlValidator, query: str) -> None:
    result = validator.validate(query)
    for d in result.diagnostics:
        assert 0 <= d.start <= d.start + d.length <= len(query)
        assert d.line >= 1
        assert d.column >= 1
        for s in d.suggestions:
            assert 0 <= s.start <= s.start + s.length <= len(query)
    assert (result.verdict == "invalid") == (bool(result.errors) and result.reason is None)


@given(QUERIES)
@settings(max_examples=200, deadline=None, suppress_health_check=SUPPRESSED)
def test_no_query_brings_an_exception_out_of_the_package(small: KqlValidator, query: str) -> None:
    _answered(small, query)


@pytest.mark.soak
@pytest.mark.timeout(3600)
@given(QUERIES)
@settings(max_examples=20_000, deadline=None, suppress_health_check=SUPPRESSED)
def test_twenty_thousand_queries_bring_no_exception_out_of_the_package(small: KqlValidator, query: str) -> None:
    _answered(small, query)


@pytest.mark.thorough
@given(QUERIES)
@settings(max_examples=40, deadline=None, suppress_health_check=SUPPRESSED)
def test_whatever_is_asked_about_a_query_is_answered(small: KqlValidator, query: str) -> None:
    bound = small.bind(query)
    assert (bound.root is None) == (bound.result.verdict == "unknown")
    small.fixes(query)
    for ask in (small.format, partial(small.complete, position=len(query)), partial(small.hover, position=0)):
        with suppress(CannotAnswer):
            ask(query)


@pytest.mark.usefixtures("dotnet")
@given(QUERIES)
@settings(max_examples=60, deadline=None, suppress_health_check=SUPPRESSED)
def test_both_engines_agree_on_any_query(query: str) -> None:
    left, right = KqlValidator(SCHEMA, "v8"), KqlValidator(SCHEMA, "dotnet")
    one, other = left.validate(query), right.validate(query)
    assert (one.verdict, one.reason, one.diagnostics) == (other.verdict, other.reason, other.diagnostics)
    assert (one.facts.commands, one.facts.tables, one.facts.operators, one.facts.output_columns) == (
        other.facts.commands,
        other.facts.tables,
        other.facts.operators,
        other.facts.output_columns,
    )
