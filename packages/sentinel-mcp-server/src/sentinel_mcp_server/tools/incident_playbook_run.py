"""Run a playbook on an incident."""

from typing import Annotated, Any

from pydantic import Field

from sentinel_azure_clients import Conflict, incidents, playbooks
from sentinel_mcp_server._define import write_tool
from sentinel_mcp_server.context import Services
from sentinel_mcp_server.investigations.playbook_choice import choose, effects
from sentinel_mcp_server.investigations.tenant import signed_in_tenant
from sentinel_mcp_server.plans import Plan, made
from sentinel_mcp_server.writing import ConfirmationToken, DespiteSuspicions, WriteAnswer, plan_or_apply


@write_tool(title="Run a playbook on an incident", toolset="incident")
async def incident_playbook_run(
    services: Services,
    incident: Annotated[str, Field(min_length=1, max_length=100, description="Incident number or GUID name")],
    playbook: Annotated[
        str, Field(min_length=1, max_length=500, description="Name or resource id of the Logic App; playbook_list")
    ],
    confirmation_token: ConfirmationToken = None,
    despite_suspicions: DespiteSuspicions = False,
) -> WriteAnswer:
    """Run a playbook on an incident: first a plan that says what else may change, then the same call with its token.

    Not for a change that incident_update or incident_close can make: what a playbook does cannot be taken back here.
    """

    async def make_plan() -> Plan:
        found = await incidents.get(services.azure, incident)
        listing = await playbooks.list_playbooks(services.azure)
        chosen = choose(listing.items, playbook)
        tenant = await signed_in_tenant(services.azure)

        async def apply() -> str | None:
            now = await incidents.get(services.azure, found.name)
            if now.etag != found.etag:
                raise Conflict("The incident changed after the plan was made, so the playbook was not run")
            await playbooks.run_on_incident(services.azure, found.name, chosen.id, tenant_id=tenant)
            return None

        undo = "nothing here takes it back; whoever wrote the playbook knows how"
        return Plan(
            f"incident #{found.number} {found.title}",
            made(playbook_run=chosen.name),
            undo,
            apply,
            tuple(effects(chosen)),
        )

    arguments: dict[str, Any] = {"incident": incident, "playbook": playbook}
    return await plan_or_apply(
        services, "incident_playbook_run", arguments, (confirmation_token, despite_suspicions), make_plan
    )
