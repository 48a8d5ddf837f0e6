"""888 real queries against the verdicts that Microsoft's analyser gave them elsewhere."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from sentinel_kql_validator import KqlValidator, Result, Schema

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


def _units(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2


def _errors(query: str, result: Result) -> list[tuple[str, str, int, int]]:
    return [
        (d.code, d.message, _units(query[: d.start]), _units(query[d.start : d.start + d.length]))
        for d in result.errors
    ]


def _facts(folder: Path) -> Schema:
    tables = json.loads((folder / "tables.json").read_text(encoding="utf-8"))["tables"]
    return Schema(tables, json.loads((folder / "functions.json").read_text(encoding="utf-8")))


@pytest.mark.thorough
def test_every_query_of_the_corpus_gets_the_same_errors_at_the_same_places(
    corpus: list[dict[str, Any]], facts_folder: Path, make: Callable[..., KqlValidator]
) -> None:
    validator = make(_facts(facts_folder), advice=False)
    different: list[str] = []
    for case in corpus:
        result = validator.validate(case["query"])
        expected = [(e["code"], e["message"], e["start"], e["length"]) for e in case["errors"]]
        verdict = "invalid" if expected else "valid"
        if _errors(case["query"], result) != expected or result.verdict != verdict:
            different.append(case["path"])
    assert len(corpus) == 888
    assert different == []


def test_the_built_in_schema_is_the_facts_but_for_what_a_watchlist_holds(facts_folder: Path) -> None:
    watchlist = Schema.sentinel().functions["_GetWatchlist"]
    assert watchlist.open_columns
    assert Schema.sentinel() == _facts(facts_folder).with_functions([watchlist])
    assert len(Schema.sentinel().tables) == 884


def test_a_watchlists_own_columns_pass(make: Callable[..., KqlValidator]) -> None:
    result = make().validate("_GetWatchlist('Admins') | where SearchKey == 'a' | project UPN, Department")
    assert result.verdict == "valid"
