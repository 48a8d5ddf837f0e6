"""SKV101: a table read without a bound on its time."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .rule import Finding, Rule, Scene

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sentinel_kql_validator.result import Facts


def _concerns(facts: Facts) -> bool:
    return bool(facts.tables) and facts.time_range.start is None


def _check(scene: Scene) -> Iterator[Finding]:
    for node in scene.root.walk():
        if node.kind == "SearchOperator" or (node.symbol and node.symbol.kind in {"Table", "Group"}):
            yield Finding.at(
                node,
                "Not every source of this query has a lower bound on TimeGenerated, so it reads whatever window it is "
                "run with; filter each by `where TimeGenerated > ago(...)` first.",
            )
            return


RULE = Rule(
    "SKV101",
    "no-time-filter",
    "A table is read without a lower bound on TimeGenerated that can be told beforehand.",
    "suggestion",
    "Performance",
    "SigninLogs | where ResultType != '0'",
    "SigninLogs | where TimeGenerated > ago(1d) | where ResultType != '0'",
    _check,
    _concerns,
)
