"""Writing without losing anybody else's change: read, change, send with the etag, look again on a conflict."""

from __future__ import annotations

import copy
import enum
import uuid
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from sentinel_azure_clients import _wire
from sentinel_azure_clients._call import arm
from sentinel_azure_clients._deadline import within
from sentinel_azure_clients.errors import Conflict, InvalidInput, NotFound

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sentinel_azure_clients._operation import Operation
    from sentinel_azure_clients._wire import Json
    from sentinel_azure_clients.context import AzureServicesContext

_ATTEMPTS = 20

Place = tuple[str, ...]


class Unchanged(enum.Enum):
    """The type of `UNCHANGED`."""

    UNCHANGED = "unchanged"


UNCHANGED: Final = Unchanged.UNCHANGED
"""Stands for a field that a change leaves as it is; None means that the field is to be emptied."""


@dataclass(frozen=True, slots=True)
class Object:
    """Where an object is and how it is read and written."""

    path: str
    read: Operation
    write: Operation


def new_name() -> str:
    """A name for an object that is about to be made."""
    return str(uuid.uuid4())


async def create(context: AzureServicesContext, target: Object, body: Json, *, given_name: bool) -> Json:
    """Make an object that is not there yet.

    The service overwrites what has the same name, so when the caller chose the name it is looked up first, and an
    object that is already there is a `Conflict`. A name made here is new.
    """
    async with within(context.config.deadline, target.write):
        return await _create(context, target, body, given_name=given_name)


async def _create(context: AzureServicesContext, target: Object, body: Json, *, given_name: bool) -> Json:
    if given_name:
        try:
            there = await arm(context, target.read, "GET", target.path)
        except NotFound:
            pass
        else:
            raise Conflict(
                f"There is already an object of this name while {target.write.doing}; nothing was written.",
                ours=_wire.section(body, "properties"),
                theirs=_wire.section(there, "properties"),
            )
    return await arm(context, target.write, "PUT", target.path, body=body)


async def change(
    context: AzureServicesContext, target: Object, changes: Mapping[Place, Any], *, etag: str | None = None
) -> Json:
    """Set fields of an object as it is now, and keep everything else, fields unknown to this package included.

    With an `etag` the object must still be what it was when the caller read it. Without one, when somebody else has
    written in between, the change is made again on top of theirs as long as they left the same fields alone.

    Raises `Conflict`, with both versions of the fields, when they did not, and `NotFound`.
    """
    if not changes:
        raise InvalidInput("Nothing is to be changed; name at least one field.")
    async with within(context.config.deadline, target.write):
        return await _change(context, target, changes, etag)


async def _change(
    context: AzureServicesContext, target: Object, changes: Mapping[Place, Any], etag: str | None
) -> Json:
    current = await arm(context, target.read, "GET", target.path)
    if etag is not None and not same_etag(current.get("etag"), etag):
        raise _conflict(target, changes, current)
    before = {place: value_at(current, place) for place in changes}
    for _ in range(_ATTEMPTS):
        try:
            return await arm(context, target.write, "PUT", target.path, body=changed(current, changes))
        except Conflict as refused:
            sent = current.get("etag")
            current = await arm(context, target.read, "GET", target.path)
            if etag is not None or any(value_at(current, place) != was for place, was in before.items()):
                raise _conflict(target, changes, current) from refused
            if sent is None or same_etag(current.get("etag"), sent):
                raise  # nobody has written, or nothing could tell: the service refuses for the reason it gave
    raise _conflict(target, changes, current)


def changed(source: Json, changes: Mapping[Place, Any]) -> Json:
    """A deep copy of an object with the values set at their places.

    A value may be a function; it gets what is at the place now and gives what is to be there.
    """
    result = copy.deepcopy(source)
    for place, wanted in changes.items():
        value = wanted(value_at(result, place)) if callable(wanted) else wanted
        inner = result
        for name in place[:-1]:
            held = inner.get(name)
            if not _wire.is_object(held):
                held = inner[name] = {}
            inner = held
        inner[place[-1]] = value
    return result


def value_at(source: Json, place: Place) -> Any:  # noqa: ANN401 - any JSON value
    """The value at a place; None when absent, which the services do not tell apart from null."""
    value: Any = source
    for name in place:
        if not _wire.is_object(value):
            return None
        value = value.get(name)
    return value


def same_etag(one: object, other: object) -> bool:
    """Whether two etags are the same, with or without their quotes (the services are of two minds)."""
    return isinstance(one, str) and isinstance(other, str) and one.strip('"') == other.strip('"')


def settings(prefix: Place, **fields: object) -> dict[Place, Any]:
    """Changes from keyword arguments, those that are `UNCHANGED` left out; `snake_case` names become the wire's."""
    return {(*prefix, wire_name(name)): value for name, value in fields.items() if value is not UNCHANGED}


def wire_name(name: str) -> str:
    """`snake_case` as the wire writes it."""
    first, *rest = name.split("_")
    return first + "".join(part.capitalize() for part in rest)


def _conflict(target: Object, changes: Mapping[Place, Any], current: Json) -> Conflict:
    wanted = changed(current, changes)
    ours = {place[-1]: value_at(wanted, place) for place in changes}
    theirs = {place[-1]: value_at(current, place) for place in changes}
    fields = ", ".join(sorted(ours))
    return Conflict(
        f"Somebody else changed the object while {target.write.doing}; nothing was written ({fields}).",
        ours=ours,
        theirs=theirs,
    )
