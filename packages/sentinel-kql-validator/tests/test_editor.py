from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from sentinel_kql_validator import CannotAnswer, KqlValidator

if TYPE_CHECKING:
    from collections.abc import Callable


def test_columns_are_offered_where_a_column_belongs(small: KqlValidator) -> None:
    query = "T | where '😀' == '' and Na"
    offered = small.complete(query, len(query))
    assert (offered[0].name, offered[0].kind) == ("Name", "Column")
    assert query[: offered[0].start] + offered[0].text.strip() == "T | where '😀' == '' and Name"


def test_every_table_of_the_schema_is_offered(validator: KqlValidator) -> None:
    names = [c.name for c in validator.complete("Signin", 6)]
    assert names[0] == "SigninLogs"
    assert "AADManagedIdentitySignInLogs" in names
    assert "AuditLogs" not in names


def test_operators_are_offered_after_a_pipe(small: KqlValidator) -> None:
    assert "where" in [c.name for c in small.complete("T | ", 4)]


def test_what_stands_under_the_cursor_is_told(small: KqlValidator) -> None:
    assert small.hover("T | where Name == strcat('a', 'b')", 11) == "Name: string"
    assert "strcat(" in small.hover("T | where Name == strcat('a', 'b')", 20)
    assert small.hover("T | where Name == ''", 2) == ""


def test_a_query_is_put_into_good_form_and_means_the_same(small: KqlValidator) -> None:
    assert small.format("T|where Name=='a'|take 5") == "T\n| where Name == 'a'\n| take 5"


@pytest.mark.parametrize("query", ["print " + "(" * 300, "print '\ud800'", "a" * 300_000])
def test_what_cannot_be_worked_with_is_named(small: KqlValidator, query: str) -> None:
    for ask in (lambda: small.format(query), lambda: small.complete(query, 1), lambda: small.hover(query, 1)):
        with pytest.raises(CannotAnswer):
            ask()


def test_a_place_outside_the_text_is_refused(small: KqlValidator) -> None:
    with pytest.raises(CannotAnswer, match="There is no place 9 in a text of 1 characters"):
        small.complete("T", 9)


def test_the_basic_engine_says_that_it_cannot() -> None:
    with pytest.raises(CannotAnswer, match="brackets and strings only"):
        KqlValidator(engine="basic").format("T")


@pytest.mark.usefixtures("dotnet")
def test_both_engines_give_the_same_help(make: Callable[..., KqlValidator]) -> None:
    query = "let a = 1; SigninLogs | where UserPrincipalName has 'x' | summarize n = count() by bin(TimeGenerated, 1h)"
    left, right = KqlValidator(engine="v8"), KqlValidator(engine="dotnet")
    assert left.format(query) == right.format(query)
    for place in range(0, len(query), 7):
        assert left.complete(query, place) == right.complete(query, place)
        assert left.hover(query, place) == right.hover(query, place)
