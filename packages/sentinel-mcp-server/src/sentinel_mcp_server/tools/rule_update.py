"""Change an analytic rule."""

from typing import Annotated, Any

from pydantic import Field

from sentinel_azure_clients import AlertRule, alert_rules
from sentinel_mcp_server._define import write_tool
from sentinel_mcp_server.context import Services
from sentinel_mcp_server.errors import Refused
from sentinel_mcp_server.plans import Change, Plan
from sentinel_mcp_server.rule_check import check_whole_rule, refuse_faulty
from sentinel_mcp_server.rule_fields import (
    SCHEDULE,
    Description,
    Entities,
    Frequency,
    Operator,
    Period,
    Query,
    Severity,
    Tactics,
    Techniques,
    Threshold,
    Title,
    argument_of,
    as_argument,
    on_the_wire,
)
from sentinel_mcp_server.writing import ConfirmationToken, DespiteSuspicions, WriteAnswer, plan_or_apply

_OF_EVERY_KIND = {"enabled"}


@write_tool(title="Change an analytic rule", toolset="rule")
async def rule_update(
    services: Services,
    name: Annotated[str, Field(min_length=1, max_length=200, description="Name from rule_list")],
    enabled: Annotated[bool | None, Field(description="Switch it on or off")] = None,
    title: Title = None,
    query: Query = None,
    severity: Severity = None,
    frequency: Frequency = None,
    period: Period = None,
    operator: Operator = None,
    threshold: Threshold = None,
    description: Description = None,
    tactics: Tactics = None,
    techniques: Techniques = None,
    entities: Entities = None,
    confirmation_token: ConfirmationToken = None,
    despite_suspicions: DespiteSuspicions = False,
) -> WriteAnswer:
    """Switch a rule on or off or change its query, schedule, threshold or titles: a checked plan, then its token.

    Not for the incidents that it made: use incident_update or incident_close.
    """
    given: dict[str, Any] = {
        "enabled": enabled,
        "title": title,
        "query": query,
        "severity": severity,
        "frequency": frequency,
        "period": period,
        "operator": operator,
        "threshold": threshold,
        "description": description,
        "tactics": tactics,
        "techniques": techniques,
        "entities": entities,
    }
    wanted = on_the_wire(given)
    if not wanted:
        raise Refused("Nothing to change was given: name enabled, query, severity, threshold or another field.")

    async def make_plan() -> Plan:
        return await _plan(services, await alert_rules.get_rule(services.azure, name), wanted)

    return await plan_or_apply(
        services, "rule_update", {"name": name, **given}, (confirmation_token, despite_suspicions), make_plan
    )


async def _plan(services: Services, rule: AlertRule, wanted: dict[str, Any]) -> Plan:
    _refuse_of_other_kinds(rule, wanted)
    changed = {key: value for key, value in wanted.items() if (rule.properties.get(key) or None) != (value or None)}
    if rule.properties.get("enabled") != wanted.get("enabled", rule.properties.get("enabled")):
        changed["enabled"] = wanted["enabled"]
    notes: list[str] = []
    if rule.query and changed:
        checked = await check_whole_rule(services, rule.kind, {**rule.properties, **changed})
        # A rule that is only switched off may be as broken as it likes; any other change is one to a rule that works.
        if changed != {"enabled": False}:
            refuse_faulty(checked)
        notes = [*checked.faults, *checked.findings]
        if "query" in changed and rule.template_name:
            notes.append(f"The rule was made from the template {rule.template_name} and will differ from it.")

    async def apply() -> str | None:
        return (await alert_rules.update_rule(services.azure, rule.name, changed, etag=rule.etag)).etag

    before = {key: as_argument(key, rule.properties.get(key)) for key in changed}
    changes = [
        Change(field=argument_of(key), before=before[key], after=as_argument(key, value))
        for key, value in changed.items()
    ]
    undo = ", ".join(f"{argument_of(key)}={value!r}" for key, value in before.items())
    return Plan(
        f"rule {rule.display_name!r} ({rule.name})",
        tuple(changes),
        f"rule_update with name={rule.name!r}, {undo}",
        apply,
        tuple(notes),
    )


def _refuse_of_other_kinds(rule: AlertRule, wanted: dict[str, Any]) -> None:
    told = f"The rule {rule.display_name!r} is of the kind {rule.kind}"
    if rule.query is None and (named := [argument_of(key) for key in wanted if key not in _OF_EVERY_KIND]):
        raise Refused(f"{told}, which can only be switched on or off, so {', '.join(named)} cannot be changed.")
    if rule.kind == "NRT" and (named := [argument_of(key) for key in SCHEDULE if key in wanted]):
        raise Refused(f"{told}, which runs every minute on what is new and takes no {', '.join(named)}.")
