"""Make an analytic rule."""

from typing import Annotated, Any, Literal
from uuid import uuid4

from pydantic import Field

from sentinel_azure_clients import RuleTemplate, alert_rules
from sentinel_mcp_server._define import write_tool
from sentinel_mcp_server.context import Services
from sentinel_mcp_server.errors import Refused
from sentinel_mcp_server.plans import Plan, made
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
    on_the_wire,
)
from sentinel_mcp_server.writing import ConfirmationToken, DespiteSuspicions, WriteAnswer, plan_or_apply

_OF_TEMPLATES = (
    "displayName",
    "description",
    "severity",
    "query",
    *SCHEDULE,
    "tactics",
    "techniques",
    "subTechniques",
    "entityMappings",
    "customDetails",
    "alertDetailsOverride",
    "eventGroupingSettings",
)
# What the API wants of every rule that has a query, as the portal sets it where nobody says otherwise.
_DEFAULTS: dict[str, Any] = {"suppressionEnabled": False, "suppressionDuration": "PT5H", "tactics": []}


@write_tool(title="Create an analytic rule", toolset="rule")
async def rule_create(
    services: Services,
    template: Annotated[
        str | None,
        Field(min_length=1, max_length=200, description="Start from this template: its name in rule_template_list"),
    ] = None,
    kind: Annotated[
        Literal["Scheduled", "NRT"] | None, Field(description="NRT runs every minute and has no schedule or threshold")
    ] = None,
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
    enabled: Annotated[bool, Field(description="Run it from the start")] = False,
    confirmation_token: ConfirmationToken = None,
    despite_suspicions: DespiteSuspicions = False,
) -> WriteAnswer:
    """Create an analytic rule, off unless enabled is given: first a checked plan, then the same call with its token.

    Not for trying a query: use query_run and rule_test first. To change a rule that is there use rule_update.
    """
    given: dict[str, Any] = {
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
        "enabled": enabled,
    }
    wanted = on_the_wire(given)

    async def make_plan() -> Plan:
        start = None if template is None else await alert_rules.get_template(services.azure, template)
        chosen = kind or (start.kind if start else "Scheduled")
        properties = _properties(chosen, start, wanted)
        checked = await check_whole_rule(services, chosen, properties)
        refuse_faulty(checked)
        # The rule's id is part of the plan: applying it twice cannot make two rules.
        name = str(uuid4())

        async def apply() -> str | None:
            return (await alert_rules.create_rule(services.azure, chosen, properties, name=name)).etag

        told = {argument_of(key): value for key, value in properties.items() if key in _TOLD}
        changes = made(kind=chosen, template=template, **told)
        off = f"rule_update with name={name!r}, enabled=False" if enabled else "it is off"
        return Plan(
            f"new rule {name}", changes, f"{off}; only the portal can delete it", apply, tuple(checked.findings)
        )

    return await plan_or_apply(
        services,
        "rule_create",
        {"template": template, "kind": kind, **given},
        (confirmation_token, despite_suspicions),
        make_plan,
    )


_TOLD = {
    "displayName",
    "enabled",
    *(set(_OF_TEMPLATES) - {"subTechniques", "customDetails", "alertDetailsOverride", "eventGroupingSettings"}),
}


def _properties(kind: str, template: RuleTemplate | None, wanted: dict[str, Any]) -> dict[str, Any]:
    if kind not in ("Scheduled", "NRT"):
        raise Refused(f"A rule of the kind {kind} has no query; only Scheduled and NRT rules can be made here.")
    start: dict[str, Any] = {}
    if template is not None:
        start = {key: template.properties[key] for key in _OF_TEMPLATES if template.properties.get(key) is not None}
        start |= {"alertRuleTemplateName": template.name, "templateVersion": template.version}
    scheduled = {"triggerOperator": "GreaterThan", "triggerThreshold": 0} if kind == "Scheduled" else {}
    properties = {**_DEFAULTS, **scheduled, **start, **wanted}
    if kind == "NRT":
        if named := [argument_of(key) for key in SCHEDULE if key in wanted]:
            raise Refused(f"An NRT rule runs every minute on what is new and takes no {', '.join(named)}.")
        properties = {key: value for key, value in properties.items() if key not in SCHEDULE}
    if missing := [argument_of(key) for key in ("displayName", "query") if not properties.get(key)]:
        raise Refused(f"The rule needs {' and '.join(missing)}, or a template that has it.")
    return properties
