"""What can go wrong between this machine and a Sentinel workspace: one root, one class per thing a caller does next.

::

    SentinelError
    ├── NotConfigured      a setting is missing; the message names the environment variables to set
    ├── InvalidInput       an argument cannot be used; nothing was sent (also a ValueError)
    ├── NotSignedIn        no token could be had, or the service refused the token
    ├── NotAllowed         signed in, but a role is missing (`.role`, `.scope`, `.action`)
    ├── NotFound           the service answered, and it has no such thing
    ├── Conflict           somebody else changed it first (`.ours`, `.theirs`), or the name is taken
    ├── Throttled          too many requests (`.retry_after` seconds, or None when the service gave none)
    ├── Rejected           the service will not carry out this request (`.code`)
    │   └── QueryRejected  the service will not run this query (`.code`, `.line`, `.position`)
    ├── TimedOut           no answer in time (`.limit` seconds, `.by` "service" or "client")
    ├── Unreachable        the service could not be reached or broke off; nothing is known of its state
    └── MalformedAnswer    the service answered with something that cannot be read

Messages are one sentence each, hold no token and no query text, and can be shown to a user.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from collections.abc import Mapping


class SentinelError(Exception):
    """The root of every error this package raises on purpose."""


class NotConfigured(SentinelError):
    """A setting that this call needs is missing. `variables` names the environment variables to set."""

    def __init__(self, message: str, *, variables: tuple[str, ...] = ()) -> None:
        super().__init__(message)
        self.variables = variables


class InvalidInput(SentinelError, ValueError):
    """An argument cannot be used as it is; nothing was sent to Azure."""


class NotSignedIn(SentinelError):
    """No token could be had from the credential, or the service refused the token it was shown."""


class NotAllowed(SentinelError):
    """The identity is known but lacks a role.

    `role` is the built-in role that is enough for the call, `scope` the resource to grant it on (None when the
    service did not say and no workspace is configured), `action` the permission that the service named, if it did.
    """

    def __init__(self, message: str, *, role: str, scope: str | None = None, action: str | None = None) -> None:
        super().__init__(message)
        self.role = role
        self.scope = scope
        self.action = action


class NotFound(SentinelError):
    """The service answered, and there is no such thing."""


class Conflict(SentinelError):
    """The object changed since it was read, or the name is taken; nothing was written.

    `ours` holds the fields that the caller wanted with their values, `theirs` the same fields as the service has
    them now. Both are empty when the service could not be asked again.
    """

    def __init__(
        self, message: str, *, ours: Mapping[str, Any] | None = None, theirs: Mapping[str, Any] | None = None
    ) -> None:
        super().__init__(message)
        self.ours: dict[str, Any] = dict(ours or {})
        self.theirs: dict[str, Any] = dict(theirs or {})


class Throttled(SentinelError):
    """Too many requests. `retry_after` is the service's own figure in seconds, None when it gave none."""

    def __init__(self, message: str, *, retry_after: float | None = None) -> None:
        super().__init__(message)
        self.retry_after = retry_after


class Rejected(SentinelError):
    """The service understood who asked, and will not carry out this request. `code` is its deepest error code."""

    def __init__(self, message: str, *, code: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message


class QueryRejected(Rejected):
    """The service will not run this query.

    `code` and `message` are the deepest the service gave. `line` and `position` are its own figures; it gives them
    for syntax errors only, so both are None for semantic errors.
    """

    def __init__(self, message: str, *, code: str, line: int | None = None, position: int | None = None) -> None:
        super().__init__(message, code=code)
        self.line = line
        self.position = position


class TimedOut(SentinelError):
    """No answer in time. `limit` is the limit in seconds that ran out; `by` says whose limit it was."""

    def __init__(self, message: str, *, limit: float | None, by: Literal["service", "client"]) -> None:
        super().__init__(message)
        self.limit = limit
        self.by = by


class Unreachable(SentinelError):
    """The service could not be reached, broke the connection off, or says that it is out of order."""


class MalformedAnswer(SentinelError):
    """The service answered with something that cannot be read as what was asked for."""
