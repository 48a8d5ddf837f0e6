"""Change an incident: status, severity, owner, title."""

from typing import Annotated, Any, Literal

from pydantic import Field

from sentinel_azure_clients import Incident, Owner, incidents
from sentinel_mcp_server._define import write_tool
from sentinel_mcp_server.context import Services
from sentinel_mcp_server.errors import Refused
from sentinel_mcp_server.investigations.account_names import account_of
from sentinel_mcp_server.plans import Change, Plan
from sentinel_mcp_server.writing import ConfirmationToken, DespiteSuspicions, WriteAnswer, plan_or_apply


@write_tool(title="Change an incident", toolset="incident")
async def incident_update(
    services: Services,
    incident: Annotated[str, Field(min_length=1, max_length=100, description="Incident number or GUID name")],
    status: Annotated[Literal["New", "Active"] | None, Field(description="To close use incident_close")] = None,
    severity: Annotated[
        Literal["High", "Medium", "Low", "Informational"] | None, Field(description="New severity")
    ] = None,
    owner: Annotated[
        str | None,
        Field(max_length=200, description="User principal name or display name of the new owner; empty: nobody"),
    ] = None,
    title: Annotated[str | None, Field(min_length=1, max_length=500, description="New title")] = None,
    confirmation_token: ConfirmationToken = None,
    despite_suspicions: DespiteSuspicions = False,
) -> WriteAnswer:
    """Change status, severity, owner or title of an incident: first a plan, then the same call with its token.

    A change that somebody else makes in between is a conflict, and nothing is written. Not for closing: use
    incident_close.
    """
    wanted = {"status": status, "severity": severity, "owner": owner, "title": title}
    wanted = {field: value for field, value in wanted.items() if value is not None}
    if not wanted:
        raise Refused("Nothing to change was given: name status, severity, owner or title.")

    async def make_plan() -> Plan:
        named = {**wanted, "owner": await account_of(services.azure, owner)} if owner else wanted
        return _plan(services, await incidents.get(services.azure, incident), named)

    arguments: dict[str, Any] = {"incident": incident, **wanted}
    return await plan_or_apply(
        services, "incident_update", arguments, (confirmation_token, despite_suspicions), make_plan
    )


def _plan(services: Services, found: Incident, wanted: dict[str, str]) -> Plan:
    before = {
        "status": found.status,
        "severity": found.severity,
        "owner": (found.owner.label if found.owner else None) or "",
        "title": found.title,
    }
    changes = tuple(
        Change(field=field, before=before[field], after=value)
        for field, value in wanted.items()
        if before[field] != value
    )

    async def apply() -> str | None:
        settings: dict[str, Any] = {change.field: change.after for change in changes}
        if "owner" in settings:
            settings["owner"] = Owner(user_principal_name=settings["owner"]) if settings["owner"] else None
        return (await incidents.update(services.azure, found.name, **settings, etag=found.etag)).etag

    undo = ", ".join(f"{change.field}={change.before!r}" for change in changes)
    return Plan(f"incident #{found.number} {found.title}", changes, f"incident_update with {undo}", apply)
