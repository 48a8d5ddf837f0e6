"""Microsoft Sentinel's resources in memory: what the organisation starts with, and what clients have made of it."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from .automation import starting_automation
from .connectors import starting_connectors
from .content import add_content
from .hunts import starting_hunts
from .incident_shapes import comment_resource, incident_resource
from .rules import starting_rules, starting_templates
from .saved_searches import starting_searches
from .source_controls import starting_source_controls
from .starting_work import add_work
from .watchlists import starting_watchlists

if TYPE_CHECKING:
    from sentinel_emulator._json import Resource
    from sentinel_emulator.emulator import Emulator

Resources = dict[str, "Resource"]


@dataclass(slots=True)
class SentinelState:
    """Resources by the lower-case path of their collection, then by their lower-case name.

    `lock` is held while a request is answered: every request sees the state whole.
    """

    collections: dict[str, Resources] = field(default_factory=dict[str, Resources])
    lock: threading.RLock = field(default_factory=threading.RLock)

    def of(self, *path: str) -> Resources:
        """Return the collection at a path such as `of("incidents", name, "comments")`, empty when nothing is there."""
        return self.collections.setdefault("/".join(path).lower(), {})

    def forget(self, *path: str) -> None:
        """Drop what hangs on a resource that is gone."""
        prefix = "/".join(path).lower() + "/"
        for key in [key for key in self.collections if key.startswith(prefix)]:
            del self.collections[key]

    @classmethod
    def starting(cls, emulator: Emulator) -> SentinelState:
        """Return the state before any write."""
        state = cls()
        workspace, seed = emulator.workspace, emulator.seed
        for case in emulator.cases:
            incident = incident_resource(workspace, seed, case)
            name = incident["name"]
            state.of("incidents")[name] = incident
            for number, comment in enumerate(case.comments):
                resource = comment_resource(workspace, seed, name, number, comment)
                state.of("incidents", name, "comments")[resource["name"]] = resource
        now = emulator.started
        for segment, resources in (
            ("dataConnectors", starting_connectors(workspace, seed)),
            ("alertRules", starting_rules(workspace, seed, now)),
            ("alertRuleTemplates", starting_templates(workspace, seed, now)),
            ("automationRules", starting_automation(workspace, seed, now)),
            ("savedSearches", starting_searches(workspace, seed, now)),
            ("sourcecontrols", starting_source_controls(workspace, seed, now)),
            ("hunts", starting_hunts(workspace, seed, now)),
        ):
            state.of(segment).update({item["name"].lower(): item for item in resources})
        for alias, (watchlist, *items) in starting_watchlists(workspace, seed, now).items():
            state.of("watchlists")[alias.lower()] = watchlist
            state.of("watchlists", alias, "watchlistItems").update({item["name"]: item for item in items})
        add_content(state, workspace, seed, now)
        add_work(state, workspace, seed, now)
        return state
