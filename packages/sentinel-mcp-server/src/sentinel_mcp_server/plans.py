"""Plans awaiting confirmation: what a write would do, held until its token comes back once.

A token is bound to whoever got it, to the tool and its arguments, and through the plan to the object's etag; it expires
after ten minutes. Used, expired, foreign and unknown tokens read the same.
"""

import secrets
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from cachetools import TTLCache
from pydantic import BaseModel, ConfigDict

from sentinel_mcp_server.errors import Refused

PLANS_KEPT = 64
PLANS_KEPT_FOR = timedelta(minutes=10)


class Change(BaseModel):
    """One field before and after."""

    model_config = ConfigDict(frozen=True)

    field: str
    before: Any
    after: Any


@dataclass(frozen=True, slots=True)
class Plan:
    """A write that is ready: `apply` performs it with the etag that was read, and gives the new etag.

    `notes` are what a person should know before agreeing, beside the changes themselves.
    """

    object: str
    changes: tuple[Change, ...]
    undo: str
    apply: Callable[[], Awaitable[str | None]]
    notes: tuple[str, ...] = ()


def made(**fields: object) -> tuple[Change, ...]:
    """The fields of an object that is not there yet; what was not given is left out."""
    return tuple(Change(field=name, before=None, after=value) for name, value in fields.items() if value is not None)


@dataclass(frozen=True, slots=True)
class _Held:
    owner: str
    tool: str
    arguments: dict[str, Any]
    plan: Plan


class PlanStore:
    """Plans by token, bounded in number and minutes."""

    def __init__(self) -> None:
        self._held: TTLCache[str, _Held] = TTLCache(PLANS_KEPT, PLANS_KEPT_FOR.total_seconds())

    def hold(self, owner: str, tool: str, arguments: dict[str, Any], plan: Plan) -> str:
        """Keep a plan; the token that takes it."""
        token = secrets.token_urlsafe(18)
        self._held[token] = _Held(owner, tool, arguments, plan)
        return token

    def take(self, owner: str, tool: str, arguments: dict[str, Any], token: str) -> Plan:
        """The plan of a token, which is spent by this.

        Raises:
            Refused: there is no such plan for this caller and tool, or the arguments are not those it was made for.
        """
        held = self._held.get(token)
        if held is None or held.owner != owner or held.tool != tool:
            raise Refused(
                "There is no such plan: a confirmation_token works once, within ten minutes, for whoever got it and "
                "for the same tool. Call without it for a new plan. Nothing was written."
            )
        if held.arguments != arguments:
            raise Refused(
                "The arguments are not those of the plan that this confirmation_token belongs to. Repeat them as they "
                "were, or call without the token for a new plan. Nothing was written."
            )
        del self._held[token]
        return held.plan

    def drop(self, token: str) -> None:
        """Forget a plan that the person declined."""
        self._held.pop(token, None)

    def __len__(self) -> int:
        """How many plans wait."""
        return len(self._held)
