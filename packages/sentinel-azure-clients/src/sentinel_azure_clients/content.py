"""Content: what came from solutions of the content hub, what is installed, and what could be."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sentinel_azure_clients import resource
from sentinel_azure_clients._area import Area
from sentinel_azure_clients._call import arm
from sentinel_azure_clients._paging import Listing, collect

if TYPE_CHECKING:
    from sentinel_azure_clients.context import AzureServicesContext
    from sentinel_azure_clients.resource import Resource

_METADATA_AREA = Area("content", "metadata of the content", "metadata", things="metadata of the content")
_METADATA = _METADATA_AREA.listing("list metadata")
_PACKAGES = Area("content", "installed package", "contentPackages").listing("list packages")
_PRODUCTS = Area("content", "package", "contentProductPackages").listing("list product packages")
_TEMPLATE_AREA = Area("content", "content template", "contentTemplates")
_TEMPLATES = _TEMPLATE_AREA.listing("list templates")
_TEMPLATE = _TEMPLATE_AREA.reading("get template")


async def list_metadata(context: AzureServicesContext) -> Listing[Resource]:
    """Where each piece of content came from: solution, version, author."""
    return await collect(context, _METADATA, context.sentinel_path("metadata"), resource.from_wire)


async def list_packages(context: AzureServicesContext) -> Listing[Resource]:
    """The packages (solutions) that are installed in the workspace."""
    return await collect(context, _PACKAGES, context.sentinel_path("contentPackages"), resource.from_wire)


async def list_product_packages(
    context: AzureServicesContext, *, search: str | None = None, most: int | None = None
) -> Listing[Resource]:
    """The packages that the content hub offers, at most `most`, those with the words of `search` when it is given."""
    query = {"$search": search} if search else None
    path = context.sentinel_path("contentProductPackages")
    return await collect(context, _PRODUCTS, path, resource.from_wire, query=query, most=most)


async def list_templates(context: AzureServicesContext, *, most: int | None = None) -> Listing[Resource]:
    """The templates that came with installed packages, at most `most`, without their ARM templates."""
    path = context.sentinel_path("contentTemplates")
    return await collect(context, _TEMPLATES, path, resource.from_wire, most=most)


async def get_template(context: AzureServicesContext, name: str) -> Resource:
    """One template with its ARM template (`properties["mainTemplate"]`). Raises `NotFound`."""
    return resource.from_wire(await arm(context, _TEMPLATE, "GET", context.sentinel_path("contentTemplates", name)))
