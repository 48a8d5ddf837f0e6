"""How every write goes: a plan first, then, with its token, the plan applied once, and a receipt.

The plan shows the object as it was read and each field that would change. Applying uses the etag that was read, so a
change by somebody else in between is a conflict and nothing is written.
"""

from collections.abc import Awaitable, Callable
from typing import Annotated, Any

from pydantic import Field

from sentinel_azure_clients import SentinelError
from sentinel_mcp_server._define import Answer
from sentinel_mcp_server.audit import record
from sentinel_mcp_server.context import Services
from sentinel_mcp_server.errors import Refused
from sentinel_mcp_server.plans import Change, Plan
from sentinel_mcp_server.trust import inline

ConfirmationToken = Annotated[
    str | None, Field(max_length=100, description="From the plan, once a person agreed to it; left out: make a plan")
]


class WriteAnswer(Answer):
    """A plan, or the receipt of an applied one."""

    applied: bool = Field(description="False: nothing was written; the same call with confirmation_token applies it")
    object: str = Field(description="What is changed")
    changes: list[Change]
    confirmation_token: str | None = Field(description="Applies this plan once, within ten minutes")
    undo: str = Field(description="How to take it back")
    etag: str | None = Field(description="After applying: the object's new etag")

    def summary(self) -> str:
        """Whether anything was written, and what to do next."""
        if self.applied:
            return "applied"
        return (
            "plan only, nothing was written. Show it to the person you work for; only if they agree, repeat the call "
            f"with confirmation_token {self.confirmation_token}"
        )

    def body(self) -> str:
        """The object, each change, and how to take it back."""
        lines = [inline(self.object)]
        lines += [f"{c.field}: {inline(str(c.before))} -> {inline(str(c.after))}" for c in self.changes]
        return "\n".join([*lines, f"undo: {inline(self.undo)}"])


async def plan_or_apply(
    services: Services,
    tool: str,
    arguments: dict[str, Any],
    token: str | None,
    make_plan: Callable[[], Awaitable[Plan]],
) -> WriteAnswer:
    """Without a token make a plan and hold it; with one apply the plan that it stands for.

    Raises:
        Refused: the plan would change nothing, or the token is not for this call.
        SentinelError: reading failed, or the service refused the write; a conflict means that nothing was written.
    """
    if token is None:
        plan = await make_plan()
        if not plan.changes:
            raise Refused(f"{plan.object} is like that already: there is nothing to change.")
        held = services.plans.hold(services.owner, tool, arguments, plan)
        return WriteAnswer(
            applied=False,
            object=plan.object,
            changes=list(plan.changes),
            confirmation_token=held,
            undo=plan.undo,
            etag=None,
        )
    plan = services.plans.take(services.owner, tool, arguments, token)
    _record(services, tool, plan, "begun")
    try:
        etag = await plan.apply()
    except SentinelError as error:
        _record(services, tool, plan, type(error).__name__)
        raise
    _record(services, tool, plan, "applied")
    return WriteAnswer(
        applied=True,
        object=plan.object,
        changes=list(plan.changes),
        confirmation_token=None,
        undo=plan.undo,
        etag=etag,
    )


def _record(services: Services, tool: str, plan: Plan, outcome: str) -> None:
    try:
        record(
            services.settings.audit_log,
            at=services.now(),
            owner=services.owner,
            tool=tool,
            object_=plan.object,
            fields=[change.field for change in plan.changes],
            outcome=outcome,
        )
    except OSError as error:
        made = "" if outcome == "begun" else " The write itself was sent."
        raise Refused(f"The audit log cannot be written ({error.strerror}).{made}") from None
