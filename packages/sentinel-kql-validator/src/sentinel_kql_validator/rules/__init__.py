"""Rules of our own, one a file. Codes begin with SKV; findings never change a verdict.

What the analyser itself advises is not repeated here: `contains` where `has` would do (KS500), a join without kind
(KS508), outdated functions (KS507).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sentinel_kql_validator.result import Diagnostic

from . import (
    azure_monitor,
    case_insensitive,
    deprecated_table,
    fixed_date,
    hard_coded_tenant,
    high_cardinality,
    ingestion_delay,
    join_order,
    no_time_filter,
    search_everything,
    sort_without_limit,
)
from .rule import Finding, Rule, Scene

if TYPE_CHECKING:
    from collections.abc import Collection

    from sentinel_kql_validator._text import Positions
    from sentinel_kql_validator.result import Facts
    from sentinel_kql_validator.tree import Node

__all__ = ["RULES", "Finding", "Rule", "Scene", "concerned", "lint"]

RULES: tuple[Rule, ...] = (
    azure_monitor.RULE,
    no_time_filter.RULE,
    search_everything.RULE,
    case_insensitive.RULE,
    join_order.RULE,
    high_cardinality.RULE,
    sort_without_limit.RULE,
    deprecated_table.RULE,
    ingestion_delay.RULE,
    fixed_date.RULE,
    hard_coded_tenant.RULE,
)


def concerned(facts: Facts, codes: Collection[str]) -> bool:
    """Tell whether any of these rules could complain, judged by the facts alone."""
    return any(rule.code in codes and rule.concerns(facts) for rule in RULES)


def lint(text: str, root: Node, facts: Facts, codes: Collection[str], positions: Positions) -> tuple[Diagnostic, ...]:
    """Give what these rules find, in the order of the text."""
    scene = Scene(text, root, facts)
    found = [
        Diagnostic(
            rule.code,
            rule.severity,
            finding.message,
            rule.category,
            finding.start,
            finding.length,
            *positions.line_and_column(finding.start),
        )
        for rule in RULES
        if rule.code in codes and rule.concerns(facts)
        for finding in rule.check(scene)
    ]
    return tuple(sorted(found, key=lambda d: (d.start, d.code)))
