"""SKV105: groups that hold about one row each."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .rule import Finding, Rule, Scene

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sentinel_kql_validator.result import Facts

# Columns that identify a row or a request, or move with every row.
_ALMOST_UNIQUE = frozenset(
    {"CorrelationId", "Id", "OriginalRequestId", "RequestId", "TimeGenerated", "UniqueTokenIdentifier", "_ItemId"}
)


def _concerns(facts: Facts) -> bool:
    return "summarize" in facts.operators


def _check(scene: Scene) -> Iterator[Finding]:
    for clause in scene.nodes("SummarizeByClause"):
        for node in clause.walk():
            symbol = node.symbol
            bare = node.role in {None, "Expression"} and node.kind == "NameReference"
            if bare and symbol and symbol.kind == "Column" and symbol.name in _ALMOST_UNIQUE:
                inside = next((n for n in scene.nodes("FunctionCallExpression") if n.start <= node.start < n.end), None)
                if inside is None or inside.start < clause.start:
                    hint = "wrap it in bin()" if symbol.name == "TimeGenerated" else "leave it out"
                    yield Finding.at(
                        node, f"{symbol.name} differs in almost every row, so this groups nothing; {hint}."
                    )


RULE = Rule(
    "SKV105",
    "high-cardinality",
    "`summarize ... by` a column that differs in almost every row.",
    "suggestion",
    "Performance",
    "SigninLogs | where TimeGenerated > ago(1d) | summarize count() by UserId, TimeGenerated",
    "SigninLogs | where TimeGenerated > ago(1d) | summarize count() by UserId, bin(TimeGenerated, 1h)",
    _check,
    _concerns,
)
