"""Saved searches of the workspace: hunting queries, functions, and everything else that is kept there."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from sentinel_azure_clients import _wire, _writing
from sentinel_azure_clients._area import Area
from sentinel_azure_clients._call import arm
from sentinel_azure_clients._operation import LOG_ANALYTICS
from sentinel_azure_clients._paging import Listing, collect
from sentinel_azure_clients._writing import UNCHANGED, Object, Unchanged
from sentinel_azure_clients.errors import InvalidInput

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sentinel_azure_clients._wire import Json
    from sentinel_azure_clients.context import AzureServicesContext

HUNTING = "Hunting Queries"

_AREA = Area(
    "saved searches",
    "saved search",
    "savedSearches",
    api=LOG_ANALYTICS,
    permission="Microsoft.OperationalInsights/workspaces/savedSearches",
    things="saved searches",
)
_LIST = _AREA.listing()
_GET = _AREA.reading()
_CREATE = _AREA.creating()
_UPDATE = _AREA.changing()
_DELETE = _AREA.deleting()


@dataclass(frozen=True, slots=True)
class SavedSearch:
    """A saved search. A hunting query has the category "Hunting Queries"; a function has an alias.

    `tags` are name and value as the service has them: `tactics`, `techniques` and `description` for hunting queries.
    """

    name: str
    id: str
    etag: str | None
    category: str
    display_name: str
    query: str
    function_alias: str | None
    function_parameters: str | None
    tags: dict[str, str]
    version: int | None
    properties: Json = field(repr=False)
    raw: Json = field(repr=False)

    @property
    def is_hunting_query(self) -> bool:
        """Whether Sentinel shows it under hunting."""
        return self.category == HUNTING


async def list_searches(context: AzureServicesContext) -> Listing[SavedSearch]:
    """Every saved search of the workspace, the built-in ones included."""
    return await collect(context, _LIST, context.workspace_path("savedSearches"), from_wire)


async def list_hunting_queries(context: AzureServicesContext) -> Listing[SavedSearch]:
    """The saved searches that are hunting queries."""
    found = await list_searches(context)
    return replace(found, items=tuple(search for search in found if search.is_hunting_query))


async def get_search(context: AzureServicesContext, name: str) -> SavedSearch:
    """The saved search with this name. Raises `NotFound`."""
    return from_wire(await arm(context, _GET, "GET", context.workspace_path("savedSearches", name)))


async def create_search(
    context: AzureServicesContext,
    *,
    display_name: str,
    query: str,
    category: str = HUNTING,
    tags: Mapping[str, str] | None = None,
    function_alias: str | None = None,
    function_parameters: str | None = None,
    name: str | None = None,
) -> SavedSearch:
    """Keep a query in the workspace; by default as a hunting query."""
    if not display_name.strip() or not query.strip():
        raise InvalidInput("A saved search needs a display name and a query.")
    properties: dict[str, Any] = {"category": category, "displayName": display_name, "query": query, "version": 2}
    if tags:
        properties["tags"] = _tags(tags)
    if function_alias:
        properties["functionAlias"] = function_alias
    if function_parameters:
        properties["functionParameters"] = function_parameters
    target = Object(context.workspace_path("savedSearches", name or _writing.new_name()), _GET, _CREATE)
    return from_wire(await _writing.create(context, target, {"properties": properties}, given_name=name is not None))


async def update_search(
    context: AzureServicesContext,
    name: str,
    *,
    display_name: str | Unchanged = UNCHANGED,
    query: str | Unchanged = UNCHANGED,
    category: str | Unchanged = UNCHANGED,
    tags: Mapping[str, str] | Unchanged = UNCHANGED,
    etag: str | None = None,
) -> SavedSearch:
    """Change a saved search; everything else stays as it is."""
    changes = _writing.settings(
        ("properties",),
        display_name=display_name,
        query=query,
        category=category,
        tags=tags if isinstance(tags, Unchanged) else _tags(tags),
    )
    target = Object(context.workspace_path("savedSearches", name), _GET, _UPDATE)
    return from_wire(await _writing.change(context, target, changes, etag=etag))


async def delete_search(context: AzureServicesContext, name: str) -> None:
    """Delete a saved search."""
    await arm(context, _DELETE, "DELETE", context.workspace_path("savedSearches", name))


def from_wire(source: Json) -> SavedSearch:
    """Make a `SavedSearch` of the object that the service sends.

    The API's own examples write some names with a capital; the service does not, so both are read.
    """
    properties = _wire.section(source, "properties")
    lower = _wire.lower_first(properties)
    tags = map(_wire.lower_first, _wire.objects(lower, "tags"))
    return SavedSearch(
        name=_wire.name_of(source),
        id=_wire.needed(source, "id"),
        etag=_wire.text(source, "etag"),
        category=_wire.text(lower, "category") or "",
        display_name=_wire.text(lower, "displayName") or "",
        query=_wire.text(lower, "query") or "",
        function_alias=_wire.text(lower, "functionAlias"),
        function_parameters=_wire.text(lower, "functionParameters"),
        tags={_wire.needed(tag, "name"): _wire.text(tag, "value") or "" for tag in tags},
        version=_wire.whole(lower, "version"),
        properties=properties,
        raw=source,
    )


def _tags(tags: Mapping[str, str]) -> list[dict[str, str]]:
    return [{"name": name, "value": value} for name, value in tags.items()]
