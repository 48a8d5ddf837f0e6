"""Templates of analytic rules."""

from pydantic import BaseModel, ConfigDict, Field

from sentinel_azure_clients import alert_rules
from sentinel_mcp_server._define import tool
from sentinel_mcp_server.context import Services
from sentinel_mcp_server.listing import Limit, ListAnswer, NameContains, narrow


class TemplateSummary(BaseModel):
    """A template in one line."""

    model_config = ConfigDict(frozen=True)

    name: str = Field(description="Name to give to rule_template_get")
    display_name: str
    kind: str
    severity: str | None
    tactics: list[str]
    rules_made: int | None = Field(description="Rules of the workspace that were made from it")


class RuleTemplateList(ListAnswer):
    """Templates, by their display names."""

    templates: list[TemplateSummary]

    def body(self) -> str:
        """One template a line."""
        return "\n".join(
            f"{t.kind}\t{t.severity or ''}\t{t.display_name}\t{', '.join(t.tactics)}\t{t.name}" for t in self.templates
        )


@tool(title="List rule templates", toolset="rule")
async def rule_template_list(
    services: Services, name_contains: NameContains = None, limit: Limit = 50
) -> RuleTemplateList:
    """List the templates that analytic rules can be made from. For the query use rule_template_get."""
    listing = await alert_rules.list_templates(services.azure)
    found = narrow(listing, lambda template: template.display_name, name_contains, limit)
    return RuleTemplateList(
        templates=[
            TemplateSummary(
                name=template.name,
                display_name=template.display_name,
                kind=template.kind,
                severity=template.severity,
                tactics=list(template.tactics),
                rules_made=template.rules_made,
            )
            for template in found.items
        ],
        matched=found.matched,
        shown=len(found.items),
        note=found.note,
    )
