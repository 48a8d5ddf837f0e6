"""SKV108: a window so short that late rows fall through it."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from .rule import Finding, Rule, Scene

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sentinel_kql_validator.result import Facts

_SHORTEST = timedelta(minutes=5)


def _concerns(facts: Facts) -> bool:
    return bool(facts.time_filters) and "ingestion_time" not in facts.functions


def _check(scene: Scene) -> Iterator[Finding]:
    for node in scene.nodes("FunctionCallExpression"):
        name, arguments = node.child("Name"), node.child("ArgumentList")
        if name is None or arguments is None or scene.source(name) != "ago" or not _bounds_time(scene, node.start):
            continue
        span = next((n.constant for n in arguments.walk() if isinstance(n.constant, timedelta)), None)
        if span is not None and timedelta(0) < span <= _SHORTEST:
            yield Finding.at(
                node,
                "Rows often arrive minutes after the time that they carry, and a window this short misses them; "
                "widen it and bound ingestion_time() instead.",
            )


def _bounds_time(scene: Scene, place: int) -> bool:
    return any(f.position <= place < f.position + len(f.text) for f in scene.facts.time_filters)


RULE = Rule(
    "SKV108",
    "ingestion-delay",
    "A window on TimeGenerated of five minutes or less, without regard to ingestion_time().",
    "suggestion",
    "Correctness",
    "SigninLogs | where TimeGenerated > ago(5m)",
    "SigninLogs | where TimeGenerated > ago(1h) and ingestion_time() > ago(5m)",
    _check,
    _concerns,
)
