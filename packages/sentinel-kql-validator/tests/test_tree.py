from __future__ import annotations

import asyncio
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from sentinel_kql_validator import KqlValidator, Node, Symbol, TableType

if TYPE_CHECKING:
    from sentinel_kql_validator import Bound

QUERIES: list[str] = json.loads((Path(__file__).parent / "golden" / "queries.json").read_text(encoding="utf-8"))


def _root(bound: Bound) -> Node:
    assert bound.root is not None
    return bound.root


def _first(bound: Bound, kind: str) -> Node:
    return next(node for node in _root(bound).walk() if node.kind == kind)


def test_nodes_have_kinds_roles_and_the_text_they_stand_for(small: KqlValidator) -> None:
    bound = small.bind("T // 😀\n| where Name == '😀' | take 5")
    assert bound.result.verdict == "valid"
    where = _first(bound, "FilterOperator")
    condition = where.child("Condition")
    assert condition is not None
    assert bound.source(where) == "where Name == '😀'"
    assert (condition.kind, bound.source(condition), condition.type) == ("EqualExpression", "Name == '😀'", "bool")
    assert where.role == "Operator"
    assert where.child("Nonsense") is None


def test_names_are_bound_and_rows_are_typed(small: KqlValidator) -> None:
    bound = small.bind("T | project Name, Twice = Count * 2")
    table, name = [n for n in _root(bound).walk() if n.kind == "NameReference"][:2]
    assert table.symbol == Symbol("Table", "T")
    assert table.type == TableType((("Name", "string"), ("Count", "long"), ("TimeGenerated", "datetime")), table="T")
    assert name.symbol == Symbol("Column", "Name", "T")
    assert _first(bound, "PipeExpression").type == TableType((("Name", "string"), ("Twice", "long")))


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("'a\\tb'", "a\tb"),
        ("5", 5),
        ("9007199254740993", 9007199254740993),
        ("2.5", 2.5),
        ("true", True),
        ("1.5h", timedelta(minutes=90)),
        ("datetime(2026-01-02T03:04:05.123Z)", datetime(2026, 1, 2, 3, 4, 5, 123000, UTC)),
    ],
)
def test_constants_come_as_values(small: KqlValidator, text: str, value: Any) -> None:
    bound = small.bind(f"print a = {text}")
    literal = next(n for n in _root(bound).walk() if n.is_constant)
    assert literal.constant == value
    assert type(literal.constant) is type(value)


def test_a_query_that_cannot_be_read_has_no_tree(small: KqlValidator) -> None:
    bound = small.bind("print " + "(" * 300 + "1" + ")" * 300)
    assert (bound.root, bound.result.verdict) == (None, "unknown")


def test_an_invalid_query_has_its_tree(small: KqlValidator) -> None:
    assert _first(small.bind("T | where Nope == 1"), "FilterOperator").length == 15


def test_binding_does_not_block_the_loop(small: KqlValidator) -> None:
    assert _root(asyncio.run(small.abind("T"))).kind == "QueryBlock"


@pytest.mark.usefixtures("dotnet")
def test_both_engines_give_the_same_tree_and_it_lies_within_the_text() -> None:
    def plain(node: Node) -> tuple[Any, ...]:
        return (node.kind, node.role, node.start, node.length, node.type, node.symbol, node.constant, node.text)

    left, right = KqlValidator(engine="v8"), KqlValidator(engine="dotnet")
    for query in QUERIES[::4]:
        one, other = left.bind(query).root, right.bind(query).root
        assert (one is None) == (other is None)
        if one and other:
            assert [plain(n) for n in one.walk()] == [plain(n) for n in other.walk()], query
            for node in one.walk():
                assert 0 <= node.start <= node.end <= len(query)
