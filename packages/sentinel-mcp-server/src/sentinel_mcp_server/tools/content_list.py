"""Content that is installed from the content hub."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from sentinel_azure_clients import Resource, content
from sentinel_mcp_server._define import tool
from sentinel_mcp_server.context import Services
from sentinel_mcp_server.listing import Limit, ListAnswer, NameContains, narrow


class PackageSummary(BaseModel):
    """A package in one line."""

    model_config = ConfigDict(frozen=True)

    name: str
    display_name: str
    kind: str | None
    version: str | None


class ContentList(ListAnswer):
    """Packages, by their display names."""

    packages: list[PackageSummary]

    def body(self) -> str:
        """One package a line."""
        return "\n".join(f"{p.display_name}\t{p.kind or ''}\t{p.version or ''}\t{p.name}" for p in self.packages)


@tool(title="List content packages", toolset="content")
async def content_list(
    services: Services,
    available: Annotated[bool, Field(description="What the content hub offers, instead of what is installed")] = False,
    name_contains: NameContains = None,
    limit: Limit = 100,
) -> ContentList:
    """List the solutions that are installed in the workspace, or those that the content hub offers.

    For the rules that came with them use rule_template_list.
    """
    list_them = content.list_product_packages if available else content.list_packages
    listing = await list_them(services.azure)
    found = narrow(listing, lambda package: package.display_name, name_contains, limit)
    return ContentList(
        packages=[
            PackageSummary(
                name=package.name,
                display_name=package.display_name,
                kind=_text(package, "contentKind"),
                version=_text(package, "version"),
            )
            for package in found.items
        ],
        matched=found.matched,
        shown=len(found.items),
        note=found.note,
    )


def _text(package: Resource, name: str) -> str | None:
    value = package.properties.get(name)
    return value if isinstance(value, str) else None
