"""SKV102: every table there is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .rule import Finding, Rule, Scene

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sentinel_kql_validator.result import Facts


def _concerns(facts: Facts) -> bool:
    return "search" in facts.operators or "find" in facts.operators or "union" in facts.operators


def _check(scene: Scene) -> Iterator[Finding]:
    for node in scene.nodes("SearchOperator", "FindOperator"):
        if node.child("InClause") is None and node.role != "Operator":
            verb = "search" if node.kind == "SearchOperator" else "find"
            yield Finding(node.start, len(verb), f"This {verb} reads every table; name tables with `{verb} in (...)`.")
    for node in scene.nodes("NameReference"):
        if node.symbol and node.symbol.kind == "Group" and scene.source(node) == "*":
            yield Finding.at(node, "This union reads every table; name those that can hold what is looked for.")


RULE = Rule(
    "SKV102",
    "search-everything",
    "`search`, `find` or `union *` over every table there is.",
    "warning",
    "Performance",
    "union * | where TimeGenerated > ago(1h) | take 10",
    "union Sign* | where TimeGenerated > ago(1h) | take 10",
    _check,
    _concerns,
)
