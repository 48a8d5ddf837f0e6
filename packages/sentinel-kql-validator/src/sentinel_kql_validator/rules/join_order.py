"""SKV104: a join whose left side is the larger one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .rule import Finding, Rule, Scene, operators_of, rows_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sentinel_kql_validator.result import Facts
    from sentinel_kql_validator.tree import Node

_FEWER = {"FilterOperator", "SummarizeOperator", "DistinctOperator", "TakeOperator", "TopOperator"}
# Kinds that keep a side whole, which cannot be swapped without another kind.
_SIDED = {"leftouter", "leftanti", "leftsemi", "anti", "leftantisemi", "rightouter", "rightanti", "rightsemi"}


def _concerns(facts: Facts) -> bool:
    return "join" in facts.operators


def _narrowed(node: Node) -> bool:
    return any(operator.kind in _FEWER for operator in operators_of(node))


def _is_table(node: Node) -> bool:
    source = rows_of(node)
    return source.symbol is not None and source.symbol.kind == "Table"


def _check(scene: Scene) -> Iterator[Finding]:
    for pipe in scene.nodes("PipeExpression"):
        join, left = pipe.child("Operator"), pipe.child("Expression")
        right = join.child("Expression") if join and join.kind == "JoinOperator" else None
        if join is None or left is None or right is None:
            continue
        parameters = join.child("Parameters")
        kind = scene.source(parameters) if parameters else ""
        whole = _is_table(left) and not _narrowed(left)
        if whole and _narrowed(right) and not any(word in kind for word in _SIDED):
            message = (
                "The left side of this join is a whole table and the right one is narrowed: put the smaller side left."
            )
            yield Finding(join.start, 4, message)


RULE = Rule(
    "SKV104",
    "join-order",
    "A whole table on the left of a join and a narrowed one on the right; the smaller side belongs left.",
    "suggestion",
    "Performance",
    "SigninLogs | join kind=inner (AuditLogs | where TimeGenerated > ago(1h)) on CorrelationId",
    "AuditLogs | where TimeGenerated > ago(1h) | join kind=inner (SigninLogs) on CorrelationId",
    _check,
    _concerns,
)
