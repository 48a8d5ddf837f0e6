"""Who wrote something, as resources tell it: the bearer of the token."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sentinel_emulator._json import Resource

    from .routing import Call


def author(call: Call) -> Resource:
    """Return the bearer as comments, tasks and rules name them; an application has no mail address."""
    claims = call.claims
    return {"objectId": claims.object_id, "email": None, "name": claims.name, "userPrincipalName": None}


def author_in_short(call: Call) -> Resource:
    """Return the bearer as bookmarks and watchlists name them."""
    claims = call.claims
    return {"objectId": claims.object_id, "email": None, "name": claims.name}
