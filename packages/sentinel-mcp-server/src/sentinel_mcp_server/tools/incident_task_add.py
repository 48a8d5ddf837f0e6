"""Add a task to an incident."""

from typing import Annotated, Any
from uuid import uuid4

from pydantic import Field

from sentinel_azure_clients import incidents
from sentinel_mcp_server._define import write_tool
from sentinel_mcp_server.context import Services
from sentinel_mcp_server.plans import Plan, made
from sentinel_mcp_server.writing import ConfirmationToken, DespiteSuspicions, WriteAnswer, plan_or_apply


@write_tool(title="Add a task to an incident", toolset="incident")
async def incident_task_add(
    services: Services,
    incident: Annotated[str, Field(min_length=1, max_length=100, description="Incident number or GUID name")],
    title: Annotated[str, Field(min_length=1, max_length=150, description="What is to be done")],
    description: Annotated[str | None, Field(max_length=3000, description="How, and when it is done")] = None,
    confirmation_token: ConfirmationToken = None,
    despite_suspicions: DespiteSuspicions = False,
) -> WriteAnswer:
    """Add a task that somebody has to do for an incident: first a plan, then the same call with its token.

    For what was found rather than what is to be done use incident_comment_add.
    """

    async def make_plan() -> Plan:
        found = await incidents.get(services.azure, incident)
        # The task's id is part of the plan: applying it twice cannot make two tasks.
        name = str(uuid4())

        async def apply() -> str | None:
            task = await incidents.add_task(services.azure, found.name, title=title, description=description, name=name)
            return task.etag

        undo = f"delete the task {name} in the portal"
        return Plan(f"incident #{found.number} {found.title}", made(task=title, description=description), undo, apply)

    arguments: dict[str, Any] = {"incident": incident, "title": title, "description": description}
    return await plan_or_apply(
        services, "incident_task_add", arguments, (confirmation_token, despite_suspicions), make_plan
    )
