"""SKV107: tables that Microsoft has replaced."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .rule import Finding, Rule, Scene

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sentinel_kql_validator.result import Facts

# Old to new, from Microsoft's table reference and Sentinel's "what's new" pages (2025).
_REPLACED = {
    "ContainerLog": "ContainerLogV2",
    "ThreatIntelligenceIndicator": "ThreatIntelIndicators",
}


def _concerns(facts: Facts) -> bool:
    return bool(_REPLACED.keys() & facts.tables.keys())


def _check(scene: Scene) -> Iterator[Finding]:
    for node in scene.nodes("NameReference"):
        if node.symbol and node.symbol.kind == "Table" and node.symbol.name in _REPLACED:
            old = node.symbol.name
            yield Finding.at(node, f"{old} has been replaced by {_REPLACED[old]}, whose columns differ: move to it.")


RULE = Rule(
    "SKV107",
    "deprecated-table",
    "A table that Microsoft has replaced by another.",
    "warning",
    "Correctness",
    "ThreatIntelligenceIndicator | where TimeGenerated > ago(1d)",
    "ThreatIntelIndicators | where TimeGenerated > ago(1d)",
    _check,
    _concerns,
)
