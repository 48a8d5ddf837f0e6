"""What most resources of Sentinel have in common: list, get, put with an etag, and delete."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

from .etags import new_etag, require_current
from .faults import bad_request, sentinel_not_found
from .paging import paged
from .routing import Call, Operation, Reply, operation

if TYPE_CHECKING:
    from sentinel_emulator._json import Json, Resource

    from .state import Resources

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._()|-]{0,259}")

#: Makes the members `kind` and `properties` of a written resource from the request, given what was there before.
Shape = Callable[[Call, "Resource", "Resource | None"], "Resource"]


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of resource.

    `segment` is its name in paths, `wire` the casing that ids and types carry, `noun` its name in error texts,
    `created` the status of a new one (recorded: 201 for most, 200 for bookmarks and relations). With `guarded`, an
    existing one is written only with its current etag; without, an etag is compared when the client sends one. A
    `bodyless` one may be written without a body. A `parent` is the kind of resource it hangs on.
    """

    segment: str
    wire: str
    noun: str
    shape: Shape | None = None
    created: int = 201
    guarded: bool = False
    deletable: bool = True
    bodyless: bool = False
    parent: Kind | None = None

    @property
    def pattern(self) -> str:
        """The path of one resource, with its open places."""
        above = f"{self.parent.pattern}/" if self.parent else ""
        return f"{above}{self.segment}/{{{self.segment}}}"

    @property
    def type(self) -> str:
        """The resource type on the wire, below the provider."""
        return f"{self.parent.type}/{self.wire}" if self.parent else self.wire

    @property
    def permission(self) -> str:
        """The permission on it, up to its verb."""
        above = self.parent.permission.removesuffix("/") if self.parent else "Microsoft.SecurityInsights"
        return f"{above}/{self.segment}"

    def path(self, call: Call) -> tuple[str, ...]:
        """Return the path of the collection that a call is about."""
        above = (*self.parent.path(call), call.names[self.parent.segment]) if self.parent else ()
        return (*above, self.segment)

    def resource_id(self, call: Call, name: str) -> str:
        """Return the id of a resource, in the wire's casing."""
        if self.parent is None:
            return f"{call.emulator.workspace.sentinel_id}/{self.wire}/{name}"
        return f"{self.parent.resource_id(call, self.parent.found(call)['name'])}/{self.wire}/{name}"

    def items(self, call: Call) -> Resources:
        """Return the collection that a call is about; raises a 404 when its parent is not there."""
        if self.parent is not None:
            self.parent.found(call)
        return call.emulator.sentinel.of(*self.path(call))

    def found(self, call: Call) -> Resource:
        """Return the resource that a call is about; raises a 404."""
        name = call.names[self.segment]
        resource = self.items(call).get(name.lower())
        if resource is None:
            raise sentinel_not_found(self.noun, name)
        return resource


def operations_of(kind: Kind, *, write: bool = True) -> list[Operation]:
    """Return the operations on a kind: list and get, and with `write` put and delete."""
    one = kind.pattern
    every = one.rpartition("/")[0]
    read = [
        operation("GET", every, f"{kind.permission}/read", lambda call: list_of(kind, call)),
        operation("GET", one, f"{kind.permission}/read", lambda call: Reply(kind.found(call))),
    ]
    if not write:
        return read
    changing = [operation("PUT", one, f"{kind.permission}/write", lambda call: put(kind, call))]
    if kind.deletable:
        changing.append(operation("DELETE", one, f"{kind.permission}/delete", lambda call: delete(kind, call)))
    return read + changing


def list_of(kind: Kind, call: Call) -> Reply:
    """Answer a page of a collection."""
    return paged(call, list(kind.items(call).values()))


def put(kind: Kind, call: Call) -> Reply:
    """Create or replace one resource."""
    items = kind.items(call)
    name = call.names[kind.segment]
    if not _NAME.fullmatch(name):
        raise bad_request(f"The name '{name}' is not valid.")
    body = {} if kind.bodyless and not call.content else call.body()
    existing = items.get(name.lower())
    sent = body.get("etag")
    if existing is not None and (kind.guarded or sent) and sent != "*":
        require_current(sent, existing.get("etag", ""), name)
    resource = written(kind, call, existing["name"] if existing else name, body, existing)
    items[name.lower()] = resource
    return Reply(resource, 200 if existing else kind.created)


def written(kind: Kind, call: Call, name: str, body: Resource, existing: Resource | None) -> Resource:
    """Return a resource as a write leaves it, its members in the wire's order."""
    shape = kind.shape or as_sent
    return {
        "id": kind.resource_id(call, name),
        "name": name,
        "etag": new_etag(call.now),
        "type": f"Microsoft.SecurityInsights/{kind.type}",
        **shape(call, body, existing),
    }


def as_sent(_call: Call, body: Resource, _existing: Resource | None) -> Resource:
    """Keep `kind` and `properties` as the client sent them; some kinds have no properties."""
    if isinstance(body.get("kind"), str):
        return {"kind": body["kind"], "properties": properties_of({"properties": {}, **body})}
    return {"properties": properties_of(body)}


def properties_of(body: Resource) -> Resource:
    """Return the member `properties`; raises a 400 when it is no object."""
    properties = body.get("properties")
    if not isinstance(properties, dict):
        raise bad_request("The request body needs a member 'properties' that is an object.")
    return properties  # pyright: ignore[reportUnknownVariableType] - JSON: its members are checked where they are read


def delete(kind: Kind, call: Call) -> Reply:
    """Delete one resource: 200 when it was there, 204 when it was not."""
    name = call.names[kind.segment]
    gone = kind.items(call).pop(name.lower(), None)
    if gone is None:
        return Reply(status=204)
    call.emulator.sentinel.forget(*kind.path(call), name)
    return Reply()


def texts(properties: Resource, *names: str) -> None:
    """Raise a 400 unless the properties hold these members as texts that are not empty."""
    for name in names:
        value = properties.get(name)
        if not isinstance(value, str) or not value.strip():
            raise bad_request(f"The property '{name}' is required and must be a text.")


def list_of_texts(properties: Resource, name: str) -> list[str]:
    """Return the property that is a list, its members as texts; empty when it is not set. Raises a 400."""
    value: Json = properties.get(name) or []
    if not isinstance(value, list):
        raise bad_request(f"The property '{name}' must be a list of texts.")
    return [str(item) for item in cast("list[Json]", value)]


def objects_of(value: Json) -> list[Resource]:
    """Return the members of a list that are objects; none of anything else."""
    held = cast("list[Json]", value) if isinstance(value, list) else []
    return [cast("Resource", item) for item in held if isinstance(item, dict)]


def one_of(properties: Resource, name: str, allowed: tuple[str, ...], *, required: bool = True) -> None:
    """Raise a 400 unless the property is one of a few words."""
    value = properties.get(name)
    if value is None and not required:
        return
    if value not in allowed:
        raise bad_request(f"The property '{name}' must be one of {', '.join(allowed)}.")
