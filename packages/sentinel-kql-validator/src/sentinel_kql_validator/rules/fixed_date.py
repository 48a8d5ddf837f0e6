"""SKV109: a date written into a query that is to run again and again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .rule import Finding, Rule, Scene

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sentinel_kql_validator.result import Facts


def _concerns(facts: Facts) -> bool:
    return bool(facts.time_filters)


def _check(scene: Scene) -> Iterator[Finding]:
    for node in scene.nodes("DateTimeLiteralExpression"):
        if node.constant is not None and any(
            f.position <= node.start < f.position + len(f.text) for f in scene.facts.time_filters
        ):
            yield Finding.at(
                node, "This date is fixed: a rule that runs on a schedule soon looks at the past only; use ago()."
            )


RULE = Rule(
    "SKV109",
    "fixed-date",
    "TimeGenerated compared with a literal date, which a scheduled rule leaves behind.",
    "suggestion",
    "Correctness",
    "SigninLogs | where TimeGenerated > datetime(2026-01-01)",
    "SigninLogs | where TimeGenerated > ago(1d)",
    _check,
    _concerns,
)
