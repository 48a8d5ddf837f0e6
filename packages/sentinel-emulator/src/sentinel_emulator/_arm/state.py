"""Microsoft Sentinel's resources in memory: what the organisation starts with, and what clients have made of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from sentinel_emulator._json import Resource

from .connectors import starting_connectors
from .incident_shapes import comment_resource, incident_resource

if TYPE_CHECKING:
    from sentinel_emulator.emulator import Emulator


@dataclass(slots=True)
class SentinelState:
    """Resources by name; children by the name of their parent, then their own."""

    incidents: dict[str, Resource] = field(default_factory=dict[str, Resource])
    comments: dict[str, dict[str, Resource]] = field(default_factory=dict[str, dict[str, Resource]])
    connectors: dict[str, Resource] = field(default_factory=dict[str, Resource])

    @classmethod
    def starting(cls, emulator: Emulator) -> SentinelState:
        """Return the state before any write."""
        state = cls()
        workspace, seed = emulator.workspace, emulator.seed
        for case in emulator.intrusion.cases:
            incident = incident_resource(workspace, seed, case)
            name = incident["name"]
            state.incidents[name] = incident
            comments = (
                comment_resource(workspace, seed, name, number, comment) for number, comment in enumerate(case.comments)
            )
            state.comments[name] = {comment["name"]: comment for comment in comments}
        state.connectors = {item["name"]: item for item in starting_connectors(workspace, seed)}
        return state
