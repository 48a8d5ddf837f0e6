"""What is installed and has moved on, or was changed here."""

from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field

from sentinel_azure_clients import AlertRule, Resource, RuleTemplate, alert_rules, content
from sentinel_mcp_server._define import Answer, tool
from sentinel_mcp_server._together import together
from sentinel_mcp_server.context import Services
from sentinel_mcp_server.investigations.drift import Age, age, changed_fields


class PackageDrift(BaseModel):
    """An installed package and the version that the content hub offers."""

    model_config = ConfigDict(frozen=True)

    display_name: str
    installed: str | None
    available: str | None = Field(description="Null where the content hub does not offer it")
    age: Age


class RuleDrift(BaseModel):
    """A rule beside the template that it was made from."""

    model_config = ConfigDict(frozen=True)

    name: str
    display_name: str
    template: str
    template_found: bool
    made_from: str | None = Field(description="Version of the template that the rule was made from, if it says")
    available: str | None = Field(description="Version of the template now")
    age: Age
    changed: list[str] = Field(description="Fields in which it differs from the template as it is now")


class ContentDrift(Answer):
    """Packages and rules that are not as the content hub has them."""

    own_words = frozenset({"meaning", "notes"})

    packages: list[PackageDrift]
    rules: list[RuleDrift]
    packages_looked_at: int
    rules_looked_at: int = Field(description="Rules that were made from a template")
    rules_of_your_own: int = Field(description="Rules that name no template")
    meaning: str
    notes: list[str] = Field(description="Why a list may not be all there is")

    def summary(self) -> str:
        """Counts, and what the lists may lack."""
        newer = sum(package.age == "newer available" for package in self.packages)
        drifted = sum(rule.age == "newer available" or bool(rule.changed) for rule in self.rules)
        packages = f"{newer} of {self.packages_looked_at} packages have a newer version"
        rules = f"{drifted} of {self.rules_looked_at} rules from templates differ"
        return "\n".join([f"{packages}; {rules}", self.meaning, *self.notes])

    def body(self) -> str:
        """One package or rule a line."""
        lines = [f"package\t{p.display_name}\t{p.installed} -> {p.available}\t{p.age}" for p in self.packages]
        lines += [
            f"rule\t{r.display_name}\t{r.made_from} -> {r.available if r.template_found else 'template gone'}\t{r.age}"
            f"\tchanged: {', '.join(r.changed) or 'nothing'}\t{r.name}"
            for r in self.rules
        ]
        return "\n".join(lines or ["nothing of what was looked at has drifted"])


@tool(title="Find content that has drifted", toolset="content", timeout=120.0)
async def content_drift(
    services: Services,
    all_of_it: Annotated[bool, Field(description="Also what is as the content hub has it")] = False,
) -> ContentDrift:
    """Compare installed packages with the content hub, and rules with their templates: what is older, what was changed.

    For what is installed or offered use content_list; for one rule's faults rule_lint.
    """
    installed, offered, rules, templates, pieces = await together(
        content.list_packages(services.azure),
        content.list_product_packages(services.azure),
        alert_rules.list_rules(services.azure),
        alert_rules.list_templates(services.azure),
        content.list_templates(services.azure),
    )
    versions = {_id(package): _text(package, "version") for package in offered}
    packages = [_package(package, versions) for package in installed]
    known = {template.name.casefold(): template for template in templates}
    shipped = {_id(piece): _text(piece, "version") for piece in pieces}
    made = [rule for rule in rules if rule.template_name]
    drifts = [_rule(rule, known.get((rule.template_name or "").casefold()), shipped) for rule in made]
    lists = {
        "installed packages": installed,
        "offered packages": offered,
        "rules": rules,
        "rule templates": templates,
        "content templates": pieces,
    }
    return ContentDrift(
        packages=[p for p in packages if all_of_it or p.age == "newer available"],
        rules=[r for r in drifts if all_of_it or r.changed or r.age == "newer available" or not r.template_found],
        packages_looked_at=len(packages),
        rules_looked_at=len(made),
        rules_of_your_own=len(rules) - len(made),
        meaning=(
            "A field counts as changed against the template as it is now: where a newer one is available, the "
            "difference may be the template's."
        ),
        notes=[
            *(f"{name}: {listing.note}" for name, listing in lists.items() if not listing.complete),
            *_unversioned(drifts),
        ],
    )


def _package(package: Resource, offered: dict[str, str | None]) -> PackageDrift:
    version, available = _text(package, "version"), offered.get(_id(package))
    return PackageDrift(
        display_name=package.display_name, installed=version, available=available, age=age(version, available)
    )


def _rule(rule: AlertRule, template: RuleTemplate | None, shipped: dict[str, str | None]) -> RuleDrift:
    made_from: Any = rule.properties.get("templateVersion")
    name = rule.template_name or ""
    available = template.version if template else shipped.get(name.casefold())
    version = made_from if isinstance(made_from, str) else None
    return RuleDrift(
        name=rule.name,
        display_name=rule.display_name,
        template=name,
        template_found=template is not None or name.casefold() in shipped,
        made_from=version,
        available=available,
        age=age(version, available),
        changed=changed_fields(rule.properties, template.properties) if template else [],
    )


def _unversioned(drifts: list[RuleDrift]) -> list[str]:
    count = sum(drift.made_from is None for drift in drifts)
    return [f"{count} rules do not say which version of their template they were made from."] if count else []


def _id(package: Resource) -> str:
    return (_text(package, "contentId") or package.name).casefold()


def _text(package: Resource, name: str) -> str | None:
    value = package.properties.get(name)
    return value if isinstance(value, str) else None
