"""The tasks that this client started."""

from datetime import datetime

from pydantic import BaseModel, ConfigDict

from sentinel_mcp_server._define import Answer, tool
from sentinel_mcp_server.context import Services


class TaskSummary(BaseModel):
    """A task without its result."""

    model_config = ConfigDict(frozen=True)

    id: str
    name: str
    start_time: datetime
    is_complete: bool
    error: str | None

    @property
    def state(self) -> str:
        """In words."""
        if not self.is_complete:
            return "running"
        return f"failed: {self.error}" if self.error else "complete"


class TaskList(Answer):
    """Tasks, the newest first."""

    tasks: list[TaskSummary]

    def body(self) -> str:
        """One task a line."""
        states = (
            "running" if not t.is_complete else f"failed: {t.error}" if t.error else "complete" for t in self.tasks
        )
        return (
            "\n".join(f"{t.id}\t{t.name}\t{state}" for t, state in zip(self.tasks, states, strict=True)) or "no tasks"
        )


@tool(title="List tasks", toolset="task", untrusted=False, of_workspace=False)
async def task_list(services: Services) -> TaskList:
    """List the tasks that you started with background, running and ended. For a result use task_get."""
    return TaskList(
        tasks=[
            TaskSummary(
                id=info.id,
                name=info.name,
                start_time=info.start_time,
                is_complete=info.is_complete,
                error=info.error,
            )
            for info in services.tasks.list(services.owner)
        ]
    )
