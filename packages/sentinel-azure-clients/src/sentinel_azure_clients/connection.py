"""What works with these settings and this identity, capability by capability. Nothing is ever written to find out."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from sentinel_azure_clients import incidents, logs, permissions, tables, workspace
from sentinel_azure_clients._call import guarded
from sentinel_azure_clients._operation import CONTRIBUTOR, LOGS_READER, READER, RESPONDER, operation
from sentinel_azure_clients.errors import NotAllowed, NotConfigured, NotSignedIn, SentinelError

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from sentinel_azure_clients.context import AzureServicesContext

Outcome = Literal["works", "denied", "not tried", "failed"]

_TOKEN = operation(
    "connection", "token", "getting a token", way="the credential's get_token", api="-", role="none: any identity"
)

# What can be written -> the permission it takes and the built-in role that has it.
_WRITES = {
    "incident write": ("Microsoft.SecurityInsights/incidents/write", RESPONDER),
    "incident delete": ("Microsoft.SecurityInsights/incidents/delete", CONTRIBUTOR),
    "alert rule write": ("Microsoft.SecurityInsights/alertRules/write", CONTRIBUTOR),
    "automation rule write": ("Microsoft.SecurityInsights/automationRules/write", RESPONDER),
    "watchlist write": ("Microsoft.SecurityInsights/watchlists/write", CONTRIBUTOR),
    "bookmark write": ("Microsoft.SecurityInsights/bookmarks/write", CONTRIBUTOR),
    "saved search write": ("Microsoft.OperationalInsights/workspaces/savedSearches/write", CONTRIBUTOR),
    "threat intelligence write": ("Microsoft.SecurityInsights/threatIntelligence/indicators/write", CONTRIBUTOR),
}


@dataclass(frozen=True, slots=True)
class Capability:
    """One thing that can be done here, or not.

    `role` is the built-in role that is enough, `scope` the resource it is needed on, both None when they do not help.
    `latency_ms` is the time the attempt took, None when it was not tried.
    """

    name: str
    outcome: Outcome
    detail: str | None = None
    role: str | None = None
    scope: str | None = None
    latency_ms: float | None = None


@dataclass(frozen=True, slots=True)
class ConnectionReport:
    """The capabilities, in the order in which they depend on each other."""

    capabilities: tuple[Capability, ...]

    @property
    def works(self) -> bool:
        """Whether reading works in every way that was tried."""
        return all(c.outcome == "works" for c in self.capabilities if not c.name.endswith((" write", " delete")))


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
        rest = ("workspace", "query", "tables", "incidents", *_WRITES)
        found += [Capability(name, "not tried", "Sign-in comes first.") for name in rest]
        return ConnectionReport(tuple(found))
    found.append(await _try("workspace", READER, lambda: workspace.get_workspace(context)))
    found.append(
        await _try("query", LOGS_READER, lambda: logs.run_query(context, logs.QueryRequest("print connected=true")))
    )
    found.append(await _try("tables", LOGS_READER, lambda: tables.list_tables(context)))
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
        why = f"The effective permissions could not be read: {error}"
        return [Capability(name, "not tried", why) for name in _WRITES]
    judged: list[Capability] = []
    for name, (action, role) in _WRITES.items():
        if granted.allows(action):
            judged.append(Capability(name, "works", "Judged from the effective permissions; nothing was written."))
        else:
            detail = f"No role of this identity grants {action}."
            judged.append(Capability(name, "denied", detail, role, granted.scope))
    return judged
