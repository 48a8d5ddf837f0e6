"""One template of an analytic rule."""

from typing import Annotated, Any

from pydantic import Field

from sentinel_azure_clients import alert_rules
from sentinel_mcp_server._define import Answer, tool
from sentinel_mcp_server.context import Services


class RuleTemplateDetails(Answer):
    """A template with its query and what it needs."""

    name: str
    display_name: str
    kind: str
    severity: str | None
    version: str | None
    description: str | None
    query: str | None
    tactics: list[str]
    techniques: list[str]
    connectors: list[str] = Field(description="Connectors that bring its data")
    tables: list[str] = Field(description="Tables or data types that it needs")
    rules_made: int | None = Field(description="Rules of the workspace that were made from it")
    properties: dict[str, Any] = Field(description="All properties, as the API gives them")


@tool(title="Get a rule template", toolset="rule")
async def rule_template_get(
    services: Services,
    name: Annotated[str, Field(min_length=1, max_length=200, description="Name from rule_template_list")],
) -> RuleTemplateDetails:
    """Get one rule template: its query, the data it needs, tactics and techniques. For rules in use rule_get."""
    template = await alert_rules.get_template(services.azure, name)
    return RuleTemplateDetails(
        name=template.name,
        display_name=template.display_name,
        kind=template.kind,
        severity=template.severity,
        version=template.version,
        description=template.description,
        query=template.query,
        tactics=list(template.tactics),
        techniques=list(template.techniques),
        connectors=list(template.connectors),
        tables=list(template.tables),
        rules_made=template.rules_made,
        properties=dict(template.properties),
    )
