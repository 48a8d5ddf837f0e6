"""SKV106: a whole result put in order."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .rule import Finding, Rule, Scene, operators_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sentinel_kql_validator.result import Facts

_FEW = {"TakeOperator", "TopOperator", "SummarizeOperator", "CountOperator", "DistinctOperator", "SampleOperator"}
_NEEDS_ORDER = {"SerializeOperator", "ScanOperator", "ExtendOperator", "MakeSeriesOperator", "RenderOperator"}


def _concerns(facts: Facts) -> bool:
    return "sort" in facts.operators


def _check(scene: Scene) -> Iterator[Finding]:
    for statement in scene.nodes("ExpressionStatement"):
        rows = statement.child("Expression")
        operators = operators_of(rows) if rows else []
        for index, operator in enumerate(operators):
            later = {o.kind for o in operators[index + 1 :]}
            before = {o.kind for o in operators[:index]}
            if operator.kind == "SortOperator" and not later & (_FEW | _NEEDS_ORDER) and not before & _FEW:
                length = len("order") if scene.source(operator).startswith("order") else len("sort")
                message = "The whole result is put in order and nothing limits it; use `top N by ...`."
                yield Finding(operator.start, length, message)


RULE = Rule(
    "SKV106",
    "sort-without-limit",
    "`sort` or `order` over all rows, with nothing before or after that keeps only some.",
    "suggestion",
    "Performance",
    "SigninLogs | where TimeGenerated > ago(1d) | order by TimeGenerated desc",
    "SigninLogs | where TimeGenerated > ago(1d) | top 100 by TimeGenerated desc",
    _check,
    _concerns,
)
