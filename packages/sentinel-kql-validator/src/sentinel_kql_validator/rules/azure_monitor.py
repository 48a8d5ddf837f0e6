"""SKV100: what KQL has and Azure Monitor does not."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from .rule import Finding, Rule, Scene

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sentinel_kql_validator.result import Facts


@cache
def missing() -> dict[str, dict[str, str]]:
    """Read the list: kind (`function`, `plugin`, `statement`) to name to source."""
    from importlib.resources import files

    text = (files("sentinel_kql_validator") / "_data" / "azure_monitor.txt").read_text(encoding="utf-8")
    found: dict[str, dict[str, str]] = {}
    for line in text.splitlines():
        if not line.startswith("#"):
            kind, name, source = line.split("\t")
            found.setdefault(kind, {})[name] = source
    return found


def _concerns(facts: Facts) -> bool:
    lists = missing()
    return bool(
        lists["function"].keys() & {*facts.functions}
        or lists["plugin"].keys() & {*facts.plugins}
        or facts.query_parameters
    )


def _check(scene: Scene) -> Iterator[Finding]:
    lists = missing()
    for node in scene.root.walk():
        if node.kind in lists["statement"]:
            yield Finding.at(node, "Azure Monitor does not have query parameters; use a let statement.")
        elif node.kind == "NameReference" and node.symbol and node.symbol.kind == "Function":
            plugin = node.symbol.name in lists["plugin"]
            if plugin or node.symbol.name in lists["function"]:
                kind = "plugin" if plugin else "function"
                yield Finding.at(node, f"Azure Monitor does not have the {kind} {node.symbol.name}().")


RULE = Rule(
    "SKV100",
    "azure-monitor",
    "A function, plugin or statement that Azure Monitor does not have.",
    "warning",
    "Portability",
    "SigninLogs | extend e = extent_id()",
    "SigninLogs | extend e = ingestion_time()",
    _check,
    _concerns,
)
