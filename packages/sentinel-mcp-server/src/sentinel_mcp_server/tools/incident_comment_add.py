"""Comment on an incident."""

from typing import Annotated, Any
from uuid import uuid4

from pydantic import Field

from sentinel_azure_clients import incidents
from sentinel_mcp_server._define import write_tool
from sentinel_mcp_server.context import Services
from sentinel_mcp_server.plans import Change, Plan
from sentinel_mcp_server.writing import ConfirmationToken, DespiteSuspicions, WriteAnswer, plan_or_apply


@write_tool(title="Comment on an incident", toolset="incident")
async def incident_comment_add(
    services: Services,
    incident: Annotated[str, Field(min_length=1, max_length=100, description="Incident number or GUID name")],
    message: Annotated[str, Field(min_length=1, max_length=30_000, description="The comment, with its evidence")],
    confirmation_token: ConfirmationToken = None,
    despite_suspicions: DespiteSuspicions = False,
) -> WriteAnswer:
    """Add a comment to an incident: first a plan, then the same call with its token.

    Not for what is still to be done: use incident_task_add.
    """

    async def make_plan() -> Plan:
        found = await incidents.get(services.azure, incident)
        # The comment's id is part of the plan: applying it twice cannot make two comments.
        name = str(uuid4())

        async def apply() -> str | None:
            return (await incidents.add_comment(services.azure, found.name, message, name=name)).etag

        change = Change(field="comment", before=None, after=message)
        undo = f"delete the comment {name} in the portal"
        return Plan(f"incident #{found.number} {found.title}", (change,), undo, apply)

    arguments: dict[str, Any] = {"incident": incident, "message": message}
    return await plan_or_apply(
        services, "incident_comment_add", arguments, (confirmation_token, despite_suspicions), make_plan
    )
