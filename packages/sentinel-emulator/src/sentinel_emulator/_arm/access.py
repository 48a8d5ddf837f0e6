"""Who may do what: the built-in roles, what a token's roles allow, and the API that tells a client its permissions.

Actions of the roles are those of Microsoft's documentation as far as it was at hand: the lists of the Reader and of the
Responder are complete for Sentinel; the Contributor's write actions are given as a whole.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from .faults import ArmFault
from .routing import Call, Operation, Reply, operation

if TYPE_CHECKING:
    from sentinel_emulator._identity.tokens import Claims
    from sentinel_emulator.workspace import Workspace

QUERY = "Microsoft.OperationalInsights/workspaces/query/read"


@dataclass(frozen=True, slots=True)
class Role:
    """A built-in role: what it allows, and what it takes back."""

    id: str
    actions: tuple[str, ...]
    not_actions: tuple[str, ...] = ()


_READ_LOGS = (
    "Microsoft.OperationalInsights/workspaces/read",
    "Microsoft.OperationalInsights/workspaces/*/read",
    "Microsoft.OperationalInsights/workspaces/query/*/read",
    "Microsoft.Authorization/*/read",
)
_READER = (
    "Microsoft.SecurityInsights/*/read",
    "Microsoft.SecurityInsights/dataConnectorsCheckRequirements/action",
    "Microsoft.SecurityInsights/threatIntelligence/indicators/query/action",
    "Microsoft.SecurityInsights/threatIntelligence/queryIndicators/action",
    *_READ_LOGS,
)
_RESPONDER = (
    *_READER,
    "Microsoft.SecurityInsights/automationRules/*",
    "Microsoft.SecurityInsights/cases/*",
    "Microsoft.SecurityInsights/incidents/*",
    "Microsoft.SecurityInsights/entities/runPlaybook/action",
    "Microsoft.SecurityInsights/threatIntelligence/indicators/appendTags/action",
    "Microsoft.SecurityInsights/threatIntelligence/indicators/replaceTags/action",
    "Microsoft.SecurityInsights/threatIntelligence/bulkTag/action",
)

#: The roles a token may name.
ROLES = {
    "Microsoft Sentinel Reader": Role("8d289c81-5878-46d4-8554-54e1e3d8b5cb", _READER),
    "Microsoft Sentinel Responder": Role(
        "3e150937-b8fe-4cfb-8069-0eaf05ecd056",
        _RESPONDER,
        (
            "Microsoft.SecurityInsights/cases/*/Delete",
            "Microsoft.SecurityInsights/incidents/*/Delete",
            "Microsoft.SecurityInsights/ConfidentialWatchlists/*",
        ),
    ),
    "Microsoft Sentinel Contributor": Role(
        "ab8e14d6-4a74-4a29-9ba8-549422addade",
        ("Microsoft.SecurityInsights/*", *_READ_LOGS, "Microsoft.OperationalInsights/workspaces/savedSearches/*"),
    ),
    "Log Analytics Reader": Role(
        "73c42c96-874c-492b-b04d-ab87d138a893",
        ("*/read",),
        ("Microsoft.OperationalInsights/workspaces/sharedKeys/read",),
    ),
    "Monitoring Reader": Role(
        "43d0d8ad-25c7-4714-9337-8ba259a9fe05", ("*/read", "Microsoft.OperationalInsights/workspaces/search/action")
    ),
    "Owner": Role("8e3af657-a8ff-443c-a75c-2fe8c4bcb635", ("*",)),
}

#: What a token without roles may do: everything.
_EVERYTHING = ("Owner",)


def allows(claims: Claims, action: str) -> bool:
    """Report whether the roles of a token allow an action; without roles everything is allowed."""
    roles = [ROLES[name] for name in claims.roles or _EVERYTHING if name in ROLES]
    return any(
        any(_pattern(allowed).fullmatch(action) for allowed in role.actions)
        and not any(_pattern(taken).fullmatch(action) for taken in role.not_actions)
        for role in roles
    )


def forbidden(claims: Claims, action: str, workspace: Workspace) -> ArmFault:
    """Return ARM's 403 for an action that no role of the token allows."""
    return ArmFault(
        403,
        "AuthorizationFailed",
        f"The client '{claims.name}' with object id '{claims.object_id}' does not have authorization to perform action "
        f"'{action}' over scope '{workspace.sentinel_id}' or the scope is invalid. If access was recently granted, "
        "please refresh your credentials.",
    )


@cache
def _pattern(allowed: str) -> re.Pattern[str]:
    """Match what an action's pattern covers: `a/*/b` covers `a/b` too, as the published roles need it."""
    return re.compile(re.escape(allowed).replace(r"/\*/", "/(?:.*/)?").replace(r"\*", ".*"), re.IGNORECASE)


def operations() -> list[Operation]:
    """Return the operations of Microsoft.Authorization at the workspace; anybody may ask for their own permissions."""
    return [
        operation("GET", "providers/Microsoft.Authorization/permissions", "", _permissions),
        operation(
            "GET",
            "providers/Microsoft.Authorization/roleAssignments",
            "Microsoft.Authorization/roleAssignments/read",
            _assignments,
        ),
    ]


def _permissions(call: Call) -> Reply:
    held = [ROLES[name] for name in call.claims.roles or _EVERYTHING if name in ROLES]
    return Reply(
        {
            "value": [
                {
                    "actions": list(role.actions),
                    "notActions": list(role.not_actions),
                    "dataActions": [],
                    "notDataActions": [],
                }
                for role in held
            ]
        }
    )


def _assignments(call: Call) -> Reply:
    workspace = call.emulator.workspace
    definitions = f"/subscriptions/{workspace.subscription_id}/providers/Microsoft.Authorization/roleDefinitions"
    value = [
        {
            "properties": {
                "roleDefinitionId": f"{definitions}/{ROLES[name].id}",
                "principalId": call.claims.object_id,
                "principalType": "ServicePrincipal",
                "scope": workspace.resource_id,
            },
            "id": f"{workspace.resource_id}/providers/Microsoft.Authorization/roleAssignments/{ROLES[name].id}",
            "type": "Microsoft.Authorization/roleAssignments",
            "name": ROLES[name].id,
        }
        for name in call.claims.roles or _EVERYTHING
        if name in ROLES
    ]
    return Reply({"value": value})
