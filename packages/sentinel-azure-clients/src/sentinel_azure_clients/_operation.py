"""Every call this package can make, declared once: what it does, which API answers it, and which role it needs.

The coverage table in the documentation is printed from these declarations, and a declaration is the only way to
reach the network, so the table cannot leave a call out.

Roles and permissions are those of Microsoft's lists of built-in roles and of the operations of Sentinel's provider, as
they were in November 2026. What these say and one may not expect: deleting an incident, a comment, a relation or a
task takes the Contributor, because the Responder's role takes `incidents/*/delete` back; so do the timeline and the
insights of an entity and every query of STIX objects, because they are actions, and neither Reader nor Responder has
them.
Not in those lists, and so not confirmed: the permissions of the POST calls that list the alerts, bookmarks and entities
of an incident (taken for `incidents/read`), and of the enrichment calls below a workspace (taken for the Contributor's;
the older calls below a resource group are reads, but are not used here).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

Effect = Literal["read", "query", "write"]

READER = "Microsoft Sentinel Reader"
RESPONDER = "Microsoft Sentinel Responder"
CONTRIBUTOR = "Microsoft Sentinel Contributor"
PLAYBOOK_OPERATOR = "Microsoft Sentinel Playbook Operator"
LOGS_READER = "Log Analytics Reader"

# What all permissions of Sentinel begin with.
PROVIDER = "Microsoft.SecurityInsights"

# The API versions that requests are pinned to.
SENTINEL = "2025-09-01"
LOG_ANALYTICS = "2025-07-01"
QUERY = "v1"

# The name under which a request tells the retry policy what it does.
EFFECT_OPTION = "sentinel_effect"

OPERATIONS: list[Operation] = []


@dataclass(frozen=True, slots=True)
class Operation:
    """One call: `effect` decides what may be repeated, `api` is the pinned version, `preview` marks unstable ones.

    `way` says how the call travels: the SDK operation by name, or the method and path that the SDK's pipeline sends.
    `permission` is the action of Azure Resource Manager that a write takes; empty for the rest.
    """

    area: str
    name: str
    doing: str
    effect: Effect
    way: str
    api: str
    role: str
    permission: str = ""

    def options(self, **more: object) -> dict[str, Any]:
        """What a request of this call says to the pipeline; the retry policy takes its own part out again."""
        return {EFFECT_OPTION: self.effect, **more}

    @property
    def preview(self) -> bool:
        """Whether the API version may change without notice."""
        return "preview" in self.api


def operation(
    area: str,
    name: str,
    doing: str,
    *,
    way: str,
    effect: Effect = "read",
    api: str = SENTINEL,
    role: str = READER,
    permission: str = "",
) -> Operation:
    """Declare a call. `doing` finishes the sentence "... failed while <doing>"."""
    declared = Operation(area, name, doing, effect, way, api, role, permission)
    OPERATIONS.append(declared)
    return declared
