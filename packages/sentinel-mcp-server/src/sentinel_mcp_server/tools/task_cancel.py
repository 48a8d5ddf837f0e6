"""Stop a task."""

from typing import Annotated

from pydantic import Field

from sentinel_mcp_server._define import Answer, tool
from sentinel_mcp_server.context import Services


class TaskCancelled(Answer):
    """How the task ended."""

    id: str
    name: str
    outcome: str


@tool(title="Cancel a task", toolset="task", untrusted=False, of_workspace=False)
async def task_cancel(
    services: Services,
    task_id: Annotated[str, Field(min_length=1, max_length=100, description="Id of a running task")],
) -> TaskCancelled:
    """Stop a running task; its request to Azure is closed. One that has ended stays: task_get has its result."""
    info = await services.tasks.cancel(services.owner, task_id)
    return TaskCancelled(id=info.id, name=info.name, outcome=info.error or "It was complete already.")
