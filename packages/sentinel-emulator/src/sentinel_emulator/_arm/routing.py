"""Finds what a request to ARM asks for: paths are compared without regard to case, names in them keep theirs."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, cast

from .faults import bad_request

if TYPE_CHECKING:
    from datetime import datetime

    from sentinel_emulator._identity.tokens import Claims
    from sentinel_emulator.emulator import Emulator


@dataclass(frozen=True, slots=True)
class Call:
    """One request, its path taken apart. `names` are the parts of the path that a pattern left open."""

    emulator: Emulator
    method: str
    path: str
    origin: str
    names: Mapping[str, str]
    query: Mapping[str, str]
    content: bytes
    claims: Claims
    now: datetime

    def body(self) -> dict[str, Any]:
        """Return the request's JSON object; raises a 400 when there is none."""
        try:
            parsed = json.loads(self.content)
        except (ValueError, RecursionError) as error:
            raise bad_request("The request body is not valid JSON.") from error
        if not isinstance(parsed, dict):
            raise bad_request("The request body must be a JSON object.")
        return cast("dict[str, Any]", parsed)

    def properties(self) -> tuple[dict[str, Any], dict[str, Any]]:
        """Return the request's JSON object and its member `properties`; raises a 400 when there is none."""
        body = self.body()
        properties = body.get("properties")
        if not isinstance(properties, dict):
            raise bad_request("The request body needs a member 'properties' that is an object.")
        return body, cast("dict[str, Any]", properties)


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer; without a body nothing is sent."""

    body: Any = None
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict[str, str])


Handler = Callable[[Call], Reply]


@dataclass(frozen=True, slots=True)
class Operation:
    """What one method on one path does. `action` is the permission it needs, as Azure roles name it."""

    method: str
    pattern: tuple[str, ...]
    action: str
    handler: Handler

    def match(self, method: str, segments: tuple[str, ...]) -> dict[str, str] | None:
        """Return the names the path fills in, or None when this is another path."""
        if method != self.method or len(segments) != len(self.pattern):
            return None
        names: dict[str, str] = {}
        for pattern, segment in zip(self.pattern, segments, strict=True):
            if pattern.startswith("{"):
                names[pattern[1:-1]] = segment
            elif pattern.lower() != segment.lower():
                return None
        return names


def operation(method: str, pattern: str, action: str, handler: Handler) -> Operation:
    """Make an operation from a pattern such as `incidents/{incident}/comments`."""
    return Operation(method, tuple(pattern.split("/")), action, handler)
