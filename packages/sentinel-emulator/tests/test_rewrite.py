"""Queries that the engine cannot run as they stand, and that mean the same once they are said differently."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sentinel_emulator._query.literals import literal_of, needs_rewriting, value_of
from sentinel_emulator._query.rewrite import Columns, rewrite
from sentinel_emulator._query.text import operator_at, tokens
from sentinel_emulator._schema import FILLED, PLANS

if TYPE_CHECKING:
    from sentinel_emulator.testing import Client


def nothing(_: str) -> Columns:
    return None


def answered(client: Client, kql: str) -> tuple[list[str], list[list[object]]]:
    answer = client.query(kql)
    assert answer.status == 200, answer.json()
    table = answer.json()["tables"][0]
    return [column["name"] for column in table["columns"]], table["rows"]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("T | summarize makeset(x)", "T | summarize make_set(x)"),
        ("T | where makeset == 1", "T | where makeset == 1"),
        ('table("T") | take 1', "T | take 1"),
        ("T | extend a = b.[0]", "T | extend a = b[0]"),
        ("(T | where x) | take 1", " T | where x  | take 1"),
        ("let a = (T | take 1) | count; a", "let a =  T | take 1  | count; a"),
        ("T | serialize | take 1", "T   | take 1"),
        ("T | serialize n = row_number()", "T | serialize n = row_number()"),
        (
            "T | summarize percentiles(x, 5, 50)",
            "T | summarize percentile_x_5=percentile(x, 5), percentile_x_50=percentile(x, 50)",
        ),
        (
            "T | join (U | summarize n=count(), make_set(x, limit) by y) on y",
            "T | join (U | summarize n=count(), set_x = array_slice(make_set(x), 0, (limit) - 1) by y) on y",
        ),
        ("T | summarize f(y, make_set(x, 3))", "T | summarize f(y, array_slice(make_set(x), 0, 2))"),
        ('print "// no comment", "a | serialize | b"', 'print "// no comment", "a | serialize | b"'),
    ],
)
def test_a_query_is_said_differently_only_where_it_must_be(query: str, expected: str) -> None:
    assert rewrite(query, nothing) == expected


def test_project_reorder_keeps_every_column_in_the_order_the_service_gives(client: Client) -> None:
    plain, _ = answered(client, "AuditLogs | take 0")
    names, _ = answered(client, "AuditLogs | project-reorder OperationName, Result | take 0")
    assert names[:2] == ["OperationName", "Result"]
    assert sorted(names) == sorted(plain)


def test_project_keep_and_away_understand_wildcards(client: Client) -> None:
    names, _ = answered(client, "SigninLogs | project-keep User* | take 0")
    assert names == ["UserAgent", "UserDisplayName", "UserId", "UserPrincipalName", "UserType"]
    left, _ = answered(client, "SigninLogs | project-away User*, *Id | take 0")
    assert not [name for name in left if name.startswith("User") or name.endswith("Id")]


def test_what_mv_expand_makes_is_named_as_the_service_names_it(client: Client) -> None:
    names, rows = answered(client, 'print d = dynamic({"a":[1,2]}) | mv-expand d.a')
    assert names == ["d", "d_a"]
    assert [row[1] for row in rows] == ["1", "2"]


def test_parse_reads_from_the_beginning_of_the_text(client: Client) -> None:
    _, rows = answered(client, 'print s = "dana@contoso.com" | parse s with name "@" domain | project name, domain')
    assert rows == [["dana", "contoso.com"]]
    _, rows = answered(client, 'print s = "no sign" | parse s with name "@" domain | project name, domain')
    assert rows == [["", ""]]


def test_a_column_that_may_exist_is_decided_by_the_columns_before_it(client: Client) -> None:
    _, rows = answered(client, 'print a = 1 | extend b = column_ifexists("a", 5), c = column_ifexists("z", 6)')
    assert rows == [[1, 1, 6]]


def test_private_addresses_are_told_apart_and_what_is_no_address_stays_null(client: Client) -> None:
    addresses = ", ".join(
        f'"{text}"' for text in ("10.1.2.3", "172.16.0.1", "172.32.0.1", "192.168.1.1", "8.8.8.8", "x")
    )
    _, rows = answered(client, f"datatable(a:string)[{addresses}] | project p = ipv4_is_private(a)")
    assert [row[0] for row in rows] == [True, True, False, True, False, None]


def test_a_set_or_list_has_no_more_than_was_asked_for_and_keeps_its_name(client: Client) -> None:
    limited = "SigninLogs | summarize make_set(IPAddress, 2), one = make_list(ResultType, 1), count()"
    assert client.rows(f"{limited} | project array_length(set_IPAddress), array_length(one)") == [[2, 1]]
    assert client.rows("SigninLogs | summarize s = make_set(IPAddress) | project array_length(s) > 2") == [[True]]


def test_moments_are_binned_around_a_moment(client: Client) -> None:
    _, rows = answered(client, "print bin_at(datetime(2026-01-01 10:10), 1h, datetime(2026-01-01 00:30))")
    assert rows == [["2026-01-01T09:30:00Z"]]


def test_unix_times_become_moments(client: Client) -> None:
    _, rows = answered(
        client, "print unixtime_seconds_todatetime(1700000000), unixtime_milliseconds_todatetime(1700000000123)"
    )
    assert rows == [["2023-11-14T22:13:20Z", "2023-11-14T22:13:20.123Z"]]


def test_every_spelling_of_a_string_means_its_text(client: Client) -> None:
    _, rows = answered(client, r'''print "\u0041b", h'x', ```a b```, "\x41", 'a"b', @"c:\x", "tab\tq", h@"d\e"''')
    assert rows == [["Ab", "x", "a b", "A", 'a"b', "c:\\x", "tab\tq", "d\\e"]]


def test_columns_that_differ_only_in_case_are_no_obstacle_unless_they_are_named(client: Client) -> None:
    names, rows = answered(client, "union * | summarize count() by Type")
    assert names == ["Type", "count_"]
    assert len(rows) == len(FILLED) - len(PLANS)
    refused = client.query("print A=1, a=2").json()["error"]["innererror"]
    assert refused["code"] == "EmulatorUnsupportedError"


def test_a_query_that_answers_every_column_is_never_narrowed(client: Client) -> None:
    answer = client.query('SigninLogs | extend type="x" | take 1')
    assert answer.status == 400
    assert answer.json()["error"]["innererror"]["code"] == "EmulatorUnsupportedError"


def test_a_type_the_engine_gets_wrong_is_refused_rather_than_answered(client: Client) -> None:
    inner = client.query("print bin(now() - datetime(2026-03-11), 1h)").json()["error"]["innererror"]["innererror"]
    assert inner["message"].endswith("the type datetime, and the service would give it timespan.")


@given(st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=40))
def test_a_written_literal_is_read_back(text: str) -> None:
    literal = literal_of(text)
    assert value_of(literal) == text
    assert not needs_rewriting(literal)


@given(st.text(max_size=80))
def test_any_text_can_be_taken_apart_and_rewritten(text: str) -> None:
    held = list(tokens(text))
    assert all(text[token.start : token.end] == token.text for token in held)
    rewrite(text, nothing)
    operator_at(text, len(text) // 2)


@pytest.mark.parametrize(
    ("query", "name", "operator"),
    [
        ("T | where X == 1", "X", "where"),
        ("X | summarize count()", "X", "summarize"),
        ("T | where a in (1, 2) | extend y = strcat(X, 1)", "X", "extend"),
        ("T | join kind=inner (Y | where X == 1) on a", "X", "where"),
        ("let v = T | take 1; v | project X", "X", "project"),
        ("X", "X", ""),
    ],
)
def test_the_operator_a_fault_stands_in_is_found(query: str, name: str, operator: str) -> None:
    assert operator_at(query, query.index(name)) == operator
