"""What works with these settings and this identity, capability by capability. Nothing is ever written to find out."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from sentinel_azure_clients import coverage, incidents, logs, permissions, tables, workspace
from sentinel_azure_clients._call import guarded
from sentinel_azure_clients._operation import PLAYBOOK_OPERATOR, PROVIDER, READER, operation
from sentinel_azure_clients.errors import NotAllowed, NotConfigured, NotSignedIn, SentinelError

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from sentinel_azure_clients.context import AzureServicesContext

Outcome = Literal["works", "denied", "not tried", "failed"]

_TOKEN = operation(
    "connection", "token", "getting a token", way="the credential's get_token", api="-", role="none: any identity"
)

# What the permissions that writes take are called here.
_WRITES = {
    f"{PROVIDER}/incidents/write": "incident write",
    f"{PROVIDER}/incidents/delete": "incident delete",
    f"{PROVIDER}/incidents/comments/write": "incident comment write",
    f"{PROVIDER}/incidents/comments/delete": "incident comment delete",
    f"{PROVIDER}/incidents/relations/write": "incident relation write",
    f"{PROVIDER}/incidents/relations/delete": "incident relation delete",
    f"{PROVIDER}/incidents/tasks/write": "incident task write",
    f"{PROVIDER}/incidents/tasks/delete": "incident task delete",
    f"{PROVIDER}/incidents/runPlaybook/action": "playbook run on an incident",
    f"{PROVIDER}/entities/runPlaybook/action": "playbook run on an entity",
    f"{PROVIDER}/alertRules/write": "alert rule write",
    f"{PROVIDER}/alertRules/delete": "alert rule delete",
    f"{PROVIDER}/automationRules/write": "automation rule write",
    f"{PROVIDER}/automationRules/delete": "automation rule delete",
    f"{PROVIDER}/watchlists/write": "watchlist write",
    f"{PROVIDER}/watchlists/delete": "watchlist delete",
    f"{PROVIDER}/bookmarks/write": "bookmark write",
    f"{PROVIDER}/bookmarks/delete": "bookmark delete",
    "Microsoft.OperationalInsights/workspaces/savedSearches/write": "saved search write",
    "Microsoft.OperationalInsights/workspaces/savedSearches/delete": "saved search delete",
    f"{PROVIDER}/threatIntelligence/createIndicator/action": "threat intelligence write",
    f"{PROVIDER}/threatIntelligence/indicators/appendTags/action": "threat intelligence tagging",
    f"{PROVIDER}/threatIntelligence/indicators/delete": "threat intelligence delete",
}
_JUDGED = "Judged from the effective permissions; nothing was written."
_PLAYBOOKS = f"{_JUDGED} The playbook's own resource group has to grant {PLAYBOOK_OPERATOR} too."


@dataclass(frozen=True, slots=True)
class Capability:
    """One thing that can be done here, or not.

    `role` is the built-in role that is enough, `scope` the resource it is needed on, both None when they do not help.
    `latency_ms` is the time the attempt took, None when it was not tried. `writes` marks what would change something.
    """

    name: str
    outcome: Outcome
    detail: str | None = None
    role: str | None = None
    scope: str | None = None
    latency_ms: float | None = None
    writes: bool = False


@dataclass(frozen=True, slots=True)
class ConnectionReport:
    """The capabilities, in the order in which they depend on each other."""

    capabilities: tuple[Capability, ...]

    @property
    def works(self) -> bool:
        """Whether reading works in every way that was tried."""
        return all(c.outcome == "works" for c in self.capabilities if not c.writes)


async def test_connection(context: AzureServicesContext) -> ConnectionReport:
    """Try to sign in and to read; judge each write from the effective permissions, and never try one.

    Gives a report whatever happens; only a programming error is raised.
    """
    found: list[Capability] = []
    for name, scope in (
        ("sign-in for queries", context.config.endpoints.logs_scope),
        ("sign-in for Azure Resource Manager", context.config.endpoints.arm_scope),
    ):
        found.append(await _try(name, None, lambda scope=scope: _token(context, scope)))
    if all(capability.outcome != "works" for capability in found):
        why = "Sign-in comes first."
        found += [Capability(name, "not tried", why) for name in ("workspace", "query", "tables", "incidents")]
        return ConnectionReport((*found, *_untried(why)))
    found.append(await _try("workspace", READER, lambda: workspace.get_workspace(context)))
    found.append(
        await _try("query", READER, lambda: logs.run_query(context, logs.QueryRequest("print connected=true")))
    )
    found.append(await _try("tables", READER, lambda: tables.list_tables(context)))
    found.append(await _try("incidents", READER, lambda: incidents.list_page(context, top=1)))
    found += await _writes(context)
    return ConnectionReport(tuple(found))


async def _token(context: AzureServicesContext, scope: str) -> None:
    async with guarded(context, _TOKEN, limiter=context.calls, deadline=context.config.deadline):
        await context.credential.get_token(scope)


async def _try(name: str, role: str | None, attempt: Callable[[], Awaitable[Any]]) -> Capability:
    started = time.perf_counter()
    outcome: Outcome = "works"
    detail: str | None = None
    needed: str | None = None
    scope: str | None = None
    try:
        await attempt()
    except NotConfigured as error:
        return Capability(name, "not tried", str(error))
    except NotAllowed as error:
        outcome, detail, needed, scope = "denied", str(error), role or error.role, error.scope
    except NotSignedIn as error:
        outcome, detail = "denied", str(error)
    except SentinelError as error:
        outcome, detail = "failed", str(error)
    return Capability(name, outcome, detail, needed, scope, (time.perf_counter() - started) * 1000)


async def _writes(context: AzureServicesContext) -> list[Capability]:
    try:
        granted = await permissions.get_permissions(context)
    except SentinelError as error:
        return _untried(f"The effective permissions could not be read: {error}")
    roles = {call.permission: call.role for call in coverage.operations()}
    judged: list[Capability] = []
    for action, name in _WRITES.items():
        if granted.allows(action):
            detail = _PLAYBOOKS if action.endswith("/runPlaybook/action") else _JUDGED
            judged.append(Capability(name, "works", detail, writes=True))
        else:
            detail = f"No role of this identity grants {action}."
            judged.append(Capability(name, "denied", detail, roles[action], granted.scope, writes=True))
    return judged


def _untried(why: str) -> list[Capability]:
    return [Capability(name, "not tried", why, writes=True) for name in _WRITES.values()]
