"""One task and, once it has ended, its result."""

from datetime import datetime
from typing import Annotated, Any

from pydantic import Field

from sentinel_mcp_server._define import Answer, tool
from sentinel_mcp_server.context import Services


class TaskDetails(Answer):
    """A task; exactly one of result and error is set once it is complete."""

    own_words = frozenset({"name", "error", "status_reason", "warnings", "zero_rows"})

    id: str
    name: str
    start_time: datetime
    is_complete: bool
    result: dict[str, Any] | None = Field(description="What the tool would have answered")
    error: str | None

    def summary(self) -> str:
        """How far it is."""
        if not self.is_complete:
            return f"{self.name} is running; ask again in a few seconds"
        return f"{self.name} failed: {self.error}" if self.error else f"{self.name} is complete"

    def body(self) -> str:
        """The result."""
        return "" if self.result is None else self.model_dump_json(include={"result"}, exclude_none=True)


@tool(title="Get a task", toolset="task", of_workspace=False)
async def task_get(
    services: Services,
    task_id: Annotated[str, Field(min_length=1, max_length=100, description="task_id of query_run with background")],
) -> TaskDetails:
    """Get a task's state and, once it is complete, its result or why it failed. Tasks are kept for 30 minutes.

    For further rows of a result use query_page.
    """
    info = services.tasks.get(services.owner, task_id)
    return TaskDetails(
        id=info.id,
        name=info.name,
        start_time=info.start_time,
        is_complete=info.is_complete,
        result=info.result,
        error=info.error,
    )
