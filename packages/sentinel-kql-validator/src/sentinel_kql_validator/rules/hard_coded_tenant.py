"""SKV110: an identifier of one tenant in a query that others will use."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from .rule import Finding, Rule, Scene

if TYPE_CHECKING:
    from collections.abc import Iterator

_GUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
_TENANT = re.compile(r"(?:^|[a-z_])tenant_?id", re.IGNORECASE)
_COMPARISONS = ("EqualExpression", "NotEqualExpression", "EqualTildeExpression", "InExpression", "InCsExpression")


def _check(scene: Scene) -> Iterator[Finding]:
    for node in scene.nodes(*_COMPARISONS):
        left, right = node.child("Left"), node.child("Right")
        if left and right and left.symbol and _TENANT.search(left.symbol.name) and _GUID.search(scene.source(right)):
            yield Finding.at(
                right, "A tenant's identifier is written into the query; take it from a watchlist or a let."
            )


RULE = Rule(
    "SKV110",
    "hard-coded-tenant",
    "A tenant's identifier written into a comparison.",
    "suggestion",
    "Portability",
    "SigninLogs | where TimeGenerated > ago(1d) | where HomeTenantId == '72f988bf-86f1-41af-91ab-2d7cd011db47'",
    "let home = '72f988bf-86f1-41af-91ab-2d7cd011db47'; "
    "SigninLogs | where TimeGenerated > ago(1d) | where HomeTenantId == home",
    _check,
)
