"""Windows events as tools write them from EVTX files: an `Event` of `System` and `EventData`, in JSON.

The members become the columns of `SecurityEvent`, `WindowsEvent` and `Event`, whichever of them the table has. What a
tool wrote as an attribute stands in `#attributes` or begins with `@`; a value with attributes has its text in `#text`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

if TYPE_CHECKING:
    from sentinel_emulator._json import Json

_LEVELS = {1: "Critical", 2: "Error", 3: "Warning", 4: "Information", 5: "Verbose"}


class EventMembers(dict[str, Any]):
    """The members of one event: a table takes those that it has columns for, and `EventData` has the rest."""


def is_event(members: dict[str, Json]) -> bool:
    """Report whether a row is a Windows event."""
    event = members.get("Event")
    return isinstance(event, dict) and isinstance(cast("dict[str, Any]", event).get("System"), dict)


def event_members(members: dict[str, Json]) -> EventMembers:
    """Return an event's members under the names of columns."""
    event = cast("dict[str, Any]", members["Event"])
    system = cast("dict[str, Any]", event["System"])
    data = _plain(event.get("EventData") or event.get("UserData") or {})
    level = _number(_text(system.get("Level")))
    found: dict[str, Any] = {
        "TimeGenerated": _attribute(system.get("TimeCreated"), "SystemTime"),
        "EventID": _number(_text(system.get("EventID"))),
        "Computer": _text(system.get("Computer")),
        "Channel": _text(system.get("Channel")),
        "EventLog": _text(system.get("Channel")),
        "Provider": _attribute(system.get("Provider"), "Name"),
        "EventSourceName": _attribute(system.get("Provider"), "Name"),
        "Source": _attribute(system.get("Provider"), "Name"),
        "EventRecordId": _text(system.get("EventRecordID")),
        "Task": _number(_text(system.get("Task"))),
        "EventLevel": level,
        "Level": None if level is None else str(level),
        "EventLevelName": _LEVELS.get(level) if isinstance(level, int) else None,
        "EventData": data,
    }
    named = cast("dict[str, Any]", data) if isinstance(data, dict) else {}
    return EventMembers({name: value for name, value in {**named, **found}.items() if value is not None})


def _attribute(value: Json, name: str) -> Json:
    if not isinstance(value, dict):
        return value
    held = cast("dict[str, Any]", value)
    attributes = held.get("#attributes")
    if isinstance(attributes, dict):
        return cast("dict[str, Any]", attributes).get(name)
    return held.get(f"@{name}", held.get(name))


def _text(value: Json) -> Json:
    return cast("dict[str, Any]", value).get("#text") if isinstance(value, dict) else value


def _number(value: Json) -> Json:
    try:
        return int(str(value), 0)
    except ValueError:
        return value


def _plain(value: Json) -> Json:
    """Return event data without attributes; `Data` with names becomes members of those names."""
    if not isinstance(value, dict):
        return value
    held = {name: member for name, member in cast("dict[str, Any]", value).items() if name != "#attributes"}
    listed = held.get("Data")
    if isinstance(listed, list):
        named = {str(_attribute(item, "Name")): _text(item) for item in cast("list[Json]", listed)}
        if all(name not in {"None", ""} for name in named):
            return {**{name: member for name, member in held.items() if name != "Data"}, **named}
    return held
