"""Make an incident by hand."""

from typing import Annotated, Any, Literal
from uuid import uuid4

from pydantic import Field

from sentinel_azure_clients import Owner, incidents
from sentinel_mcp_server._define import write_tool
from sentinel_mcp_server.context import Services
from sentinel_mcp_server.investigations.account_names import account_of
from sentinel_mcp_server.plans import Plan, made
from sentinel_mcp_server.writing import ConfirmationToken, DespiteSuspicions, WriteAnswer, plan_or_apply


@write_tool(title="Create an incident", toolset="incident")
async def incident_create(
    services: Services,
    title: Annotated[str, Field(min_length=1, max_length=500, description="What happened, in a line")],
    severity: Annotated[Literal["High", "Medium", "Low", "Informational"], Field(description="How bad it is")],
    description: Annotated[str | None, Field(max_length=5000, description="What is known, with evidence")] = None,
    owner: Annotated[
        str | None, Field(min_length=1, max_length=200, description="User principal name or display name")
    ] = None,
    labels: Annotated[list[str] | None, Field(max_length=20, description="Tags")] = None,
    confirmation_token: ConfirmationToken = None,
    despite_suspicions: DespiteSuspicions = False,
) -> WriteAnswer:
    """Create an incident by hand: first a plan, then the same call with its token.

    Not for what a rule raised already: look with incident_list, and add to that one with incident_comment_add.
    """

    async def make_plan() -> Plan:
        # The incident's id is part of the plan: applying it twice cannot make two incidents.
        name = str(uuid4())
        account = None if owner is None else await account_of(services.azure, owner)

        async def apply() -> str | None:
            created = await incidents.create(
                services.azure,
                title=title,
                severity=severity,
                description=description,
                owner=None if account is None else Owner(user_principal_name=account),
                labels=labels or (),
                name=name,
            )
            return created.etag

        changes = made(
            title=title, severity=severity, status="New", description=description, owner=account, labels=labels
        )
        undo = f"incident_close with incident={name!r}, classification='Undetermined'; only the portal can delete it"
        return Plan(f"new incident {name}", changes, undo, apply)

    arguments: dict[str, Any] = {
        "title": title,
        "severity": severity,
        "description": description,
        "owner": owner,
        "labels": labels,
    }
    return await plan_or_apply(
        services, "incident_create", arguments, (confirmation_token, despite_suspicions), make_plan
    )
