"""Close an incident with a classification."""

from typing import Annotated, Any, Literal

from pydantic import Field

from sentinel_azure_clients import Incident, incidents
from sentinel_mcp_server._define import write_tool
from sentinel_mcp_server.context import Services
from sentinel_mcp_server.plans import Change, Plan
from sentinel_mcp_server.writing import ConfirmationToken, DespiteSuspicions, WriteAnswer, plan_or_apply


@write_tool(title="Close an incident", toolset="incident")
async def incident_close(
    services: Services,
    incident: Annotated[str, Field(min_length=1, max_length=100, description="Incident number or GUID name")],
    classification: Annotated[
        Literal["TruePositive", "BenignPositive", "FalsePositive", "Undetermined"], Field(description="What it was")
    ],
    reason: Annotated[
        Literal["SuspiciousActivity", "SuspiciousButExpected", "IncorrectAlertLogic", "InaccurateData"] | None,
        Field(description="Needed for FalsePositive: IncorrectAlertLogic or InaccurateData; otherwise left out"),
    ] = None,
    comment: Annotated[str | None, Field(max_length=3000, description="Why, for the next reader")] = None,
    confirmation_token: ConfirmationToken = None,
    despite_suspicions: DespiteSuspicions = False,
) -> WriteAnswer:
    """Close an incident, saying what it was: first a plan, then the same call with its token.

    A change that somebody else makes in between is a conflict, and nothing is written. Not for other changes: use
    incident_update.
    """

    async def make_plan() -> Plan:
        return _plan(services, await incidents.get(services.azure, incident), classification, reason, comment)

    arguments: dict[str, Any] = {
        "incident": incident,
        "classification": classification,
        "reason": reason,
        "comment": comment,
    }
    return await plan_or_apply(
        services, "incident_close", arguments, (confirmation_token, despite_suspicions), make_plan
    )


def _plan(services: Services, found: Incident, classification: str, reason: str | None, comment: str | None) -> Plan:
    fields = (
        ("status", found.status, "Closed"),
        ("classification", found.classification, classification),
        ("reason", found.classification_reason, reason),
        ("comment", found.classification_comment, comment),
    )
    changes = tuple(
        Change(field=field, before=before, after=after)
        for field, before, after in fields
        if after is not None and before != after
    )

    async def apply() -> str | None:
        closed = await incidents.close(
            services.azure, found.name, classification=classification, reason=reason, comment=comment, etag=found.etag
        )
        return closed.etag

    undo = f"incident_update with status={found.status!r}" if found.status != "Closed" else "incident_close as it was"
    return Plan(f"incident #{found.number} {found.title}", changes, undo, apply)
