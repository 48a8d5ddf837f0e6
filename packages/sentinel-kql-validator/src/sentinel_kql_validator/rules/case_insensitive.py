"""SKV103: comparisons without regard to case over long texts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .rule import Finding, Rule, Scene

if TYPE_CHECKING:
    from collections.abc import Iterator

# Columns of the known tables that hold whole messages, command lines or documents.
_LONG = frozenset(
    {
        "AdditionalExtensions",
        "AdditionalFields",
        "CommandLine",
        "EventData",
        "ExtendedProperties",
        "InitiatingProcessCommandLine",
        "Message",
        "ProcessCommandLine",
        "Properties",
        "RawData",
        "RawEventData",
        "RenderedDescription",
        "SyslogMessage",
    }
)
_KINDS = {
    "EqualTildeExpression": "=~",
    "BangTildeExpression": "!~",
    "NotContainsExpression": "!contains",
    "EndsWithExpression": "endswith",
    "NotEndsWithExpression": "!endswith",
}


def _check(scene: Scene) -> Iterator[Finding]:
    for node in scene.nodes(*_KINDS):
        left = node.child("Left")
        if left and left.symbol and left.symbol.kind == "Column" and left.symbol.name in _LONG:
            yield Finding.at(
                node,
                f"`{_KINDS[node.kind]}` reads the whole of {left.symbol.name} in every row without regard to case; use "
                "`has`, which uses the index, or a case-sensitive operator.",
            )


RULE = Rule(
    "SKV103",
    "case-insensitive-long-text",
    "An operator that ignores case and cannot use the index, over a column of long texts.",
    "suggestion",
    "Performance",
    "SecurityEvent | where TimeGenerated > ago(1h) | where CommandLine endswith '.ps1'",
    "SecurityEvent | where TimeGenerated > ago(1h) | where CommandLine has 'ps1'",
    _check,
)
