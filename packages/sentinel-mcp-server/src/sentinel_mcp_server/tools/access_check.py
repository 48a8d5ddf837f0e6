"""Which tools will work for this identity, and what to ask for where one will not."""

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from sentinel_azure_clients import permissions
from sentinel_mcp_server._define import Answer, tool
from sentinel_mcp_server.context import Services
from sentinel_mcp_server.investigations.access import assignment, judge


class ToolAccess(BaseModel):
    """A tool and whether the identity may do what it does."""

    model_config = ConfigDict(frozen=True)

    tool: str
    outcome: Literal["works", "denied"]
    missing_actions: list[str]
    roles: list[str] = Field(description="Built-in roles to ask for")


class AccessCheck(Answer):
    """Every tool, and the assignments to ask for."""

    scope: str = Field(description="Resource that the permissions were read at")
    tools: list[ToolAccess]
    ask_for: list[str] = Field(description="One command for each missing role; fill in who it is for")
    note: str

    def body(self) -> str:
        """Denied tools one a line, the rest in one line, then what to ask for."""
        denied = [tool for tool in self.tools if tool.outcome == "denied"]
        lines = [f"works: {', '.join(tool.tool for tool in self.tools if tool.outcome == 'works')}"]
        lines += [f"denied: {t.tool}: needs {', '.join(t.roles)} ({', '.join(t.missing_actions)})" for t in denied]
        return "\n".join([*lines, *self.ask_for, self.note])


@tool(title="Check access", toolset="access", untrusted=False)
async def access_check(services: Services) -> AccessCheck:
    """See which tools this identity may use, the missing role, and the exact role assignment to ask for.

    Nothing is tried: to see whether calls get through use connection_test.
    """
    granted = await permissions.get_permissions(services.azure)
    verdicts = judge(granted)
    roles = sorted({need.role for verdict in verdicts for need in verdict.missing})
    return AccessCheck(
        scope=granted.scope,
        tools=[
            ToolAccess(
                tool=verdict.tool,
                outcome=verdict.outcome,
                missing_actions=[need.action for need in verdict.missing],
                roles=sorted({need.role for need in verdict.missing}),
            )
            for verdict in verdicts
        ],
        ask_for=[assignment(role, granted.scope) for role in roles],
        note=(
            "Judged from the effective permissions at the workspace. They do not show access to single tables, "
            "network rules or locks; tools that write also need --allow-writes."
        ),
    )
