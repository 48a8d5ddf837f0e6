"""Which playbook is meant, whether it can run on an incident, and what it may do."""

from collections.abc import Sequence
from typing import Any, cast

from sentinel_azure_clients import Playbook
from sentinel_mcp_server.errors import Refused
from sentinel_mcp_server.trust import inline

_MOST_NAMED = 20
_INCIDENT_TRIGGER = "incident"


def choose(playbooks: Sequence[Playbook], wanted: str) -> Playbook:
    """The playbook with this name or resource id, in any case.

    Raises:
        Refused: there is none, it is switched off, or it does not begin with an incident; says which can run.
    """
    asked = wanted.casefold()
    found = next((p for p in playbooks if asked in (p.name.casefold(), p.id.casefold())), None)
    why = None if found is None else _cannot_run(found)
    if found is not None and why is None:
        return found
    can = sorted(p.name for p in playbooks if _cannot_run(p) is None)
    named = ", ".join(inline(name, 80) for name in can[:_MOST_NAMED]) or "none"
    more = f" and {len(can) - _MOST_NAMED} more" if len(can) > _MOST_NAMED else ""
    what = f"There is no playbook {wanted[:80]!r}" if found is None else f"The playbook {found.name} {why}"
    raise Refused(f"{what}. Those of the resource group that can run: {named}{more}.")


def effects(playbook: Playbook) -> list[str]:
    """What running it may change beside the incident, a sentence each."""
    actions = sorted(_steps(playbook, "actions"))
    if not actions:
        told = "The API does not tell its steps: it may change anything that its own identity and connections reach."
    else:
        more = f" and {len(actions) - _MOST_NAMED} more" if len(actions) > _MOST_NAMED else ""
        told = f"Its steps: {', '.join(actions[:_MOST_NAMED])}{more}; each acts with the playbook's own connections."
    return [told, "It is started and not waited for; its outcome stands in its run history in the portal."]


def _cannot_run(playbook: Playbook) -> str | None:
    if (playbook.state or "").casefold() != "enabled":
        return f"is not switched on (its state is {playbook.state or 'not told'})"
    triggers = _steps(playbook, "triggers")
    if triggers and not any(_INCIDENT_TRIGGER in str((name, trigger)).casefold() for name, trigger in triggers.items()):
        return "does not begin with an incident"
    return None


def _steps(playbook: Playbook, kind: str) -> dict[str, Any]:
    """The named steps of the definition, which the API gives only sometimes."""
    definition: Any = playbook.properties.get("definition")
    steps: Any = cast("dict[str, Any]", definition).get(kind) if isinstance(definition, dict) else None
    return cast("dict[str, Any]", steps) if isinstance(steps, dict) else {}
