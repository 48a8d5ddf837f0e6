"""What the signed-in identity may do in the workspace, groups and inherited roles included."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sentinel_azure_clients import _wire
from sentinel_azure_clients._operation import operation
from sentinel_azure_clients._paging import collect
from sentinel_azure_clients.errors import MalformedAnswer

if TYPE_CHECKING:
    from sentinel_azure_clients._wire import Json
    from sentinel_azure_clients.context import AzureServicesContext

_LIST = operation(
    "permissions",
    "effective",
    "reading the effective permissions",
    way="LogAnalyticsManagementClient.send_request GET Microsoft.Authorization/permissions",
    api="2022-04-01",
)


@dataclass(frozen=True, slots=True)
class Grant:
    """What one role assignment grants: patterns of actions, less the patterns of `not_actions`."""

    actions: tuple[str, ...]
    not_actions: tuple[str, ...]

    def allows(self, action: str) -> bool:
        """Whether this grant alone allows the action. Actions are compared without regard to case.

        A star between slashes stands for nothing too: `incidents/*/delete` covers `incidents/delete`. That is how the
        built-in roles have to be read, since Microsoft says that a Responder cannot delete incidents and that a Reader
        can see the workspace, and such patterns are all that says so in their roles.
        """
        return _matches(self.actions, action) and not _matches(self.not_actions, action)


@dataclass(frozen=True, slots=True)
class Permissions:
    """Everything the identity is granted at `scope`."""

    scope: str
    grants: tuple[Grant, ...]

    def allows(self, action: str) -> bool:
        """Whether any grant allows the action, such as Microsoft.SecurityInsights/incidents/write."""
        return any(grant.allows(action) for grant in self.grants)


async def get_permissions(context: AzureServicesContext) -> Permissions:
    """The effective permissions of the signed-in identity at the workspace.

    Raises `MalformedAnswer` when not all of them could be read, because what is missing would look like a denial.
    """
    path = context.workspace_path("providers", "Microsoft.Authorization", "permissions")
    found = await collect(context, _LIST, path, _grant)
    if not found.complete:
        raise MalformedAnswer(f"Not all of the effective permissions could be read. {found.note}")
    return Permissions(scope=context.workspace_path(), grants=found.items)


def _grant(source: Json) -> Grant:
    return Grant(actions=_wire.strings(source, "actions"), not_actions=_wire.strings(source, "notActions"))


def _matches(patterns: tuple[str, ...], action: str) -> bool:
    return any(re.fullmatch(_expression(pattern), action, re.IGNORECASE) is not None for pattern in patterns)


def _expression(pattern: str) -> str:
    return re.escape(pattern).replace(r"/\*/", "/(?:.*/)?").replace(r"\*", ".*")
