"""The common shape of what Sentinel keeps, for areas in which a type of its own would only repeat the properties."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from sentinel_azure_clients import _wire

if TYPE_CHECKING:
    from sentinel_azure_clients._wire import Json


@dataclass(frozen=True, slots=True)
class Resource:
    """An object of the workspace: what names it, and its properties as the service sent them.

    `display_name` is empty when the service gives none; `raw` is the whole object.
    """

    name: str
    id: str
    etag: str | None
    kind: str
    display_name: str
    properties: Json = field(repr=False)
    raw: Json = field(repr=False)


def from_wire(source: Json) -> Resource:
    """Make a `Resource` of the object that the service sends."""
    properties = _wire.section(source, "properties")
    return Resource(
        name=_wire.text(source, "name") or "",
        id=_wire.text(source, "id") or "",
        etag=_wire.text(source, "etag"),
        kind=_wire.text(source, "kind") or "",
        display_name=_wire.text(properties, "displayName") or "",
        properties=properties,
        raw=source,
    )
