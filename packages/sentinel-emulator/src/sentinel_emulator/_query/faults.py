"""The error bodies of the query API, and what each is known from.

`message` comes before `code`, and every body carries a correlation id: so in every recorded answer of the service.
"""

from __future__ import annotations

import json
import uuid
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Inner:
    """A nested error: its code and message, what else it says, and the error inside it."""

    code: str
    message: str
    details: dict[str, Any] = field(default_factory=dict[str, Any])
    inner: Inner | None = None

    def body(self) -> dict[str, Any]:
        """Return the `innererror` object."""
        found: dict[str, Any] = {"code": self.code, "message": self.message, **self.details}
        if self.inner is not None:
            found["innererror"] = self.inner.body()
        return found


class QueryFault(Exception):
    """A query or its request was refused; `status` and `body()` are the answer."""

    def __init__(self, status: int, code: str, message: str, inner: Inner | None = None) -> None:
        super().__init__(inner.inner.message if inner and inner.inner else inner.message if inner else message)
        self.status = status
        self.code = code
        self.message = message
        self.inner = inner

    def json(self) -> str:
        """Return the answer's JSON as text, without a correlation id, as other answers quote it."""
        error: dict[str, Any] = {"message": self.message, "code": self.code}
        if self.inner is not None:
            error["innererror"] = self.inner.body()
        return json.dumps({"error": error}, separators=(",", ":"))

    def body(self) -> dict[str, Any]:
        """Return the answer's JSON."""
        error: dict[str, Any] = {"message": self.message, "code": self.code, "correlationId": str(uuid.uuid4())}
        if self.inner is not None:
            error["innererror"] = self.inner.body()
        return {"error": error}


def bad_argument(inner: Inner) -> QueryFault:
    """Return a 400 as recorded for queries that cannot be understood."""
    return QueryFault(400, "BadArgumentError", "The request had some invalid properties", inner)


def syntax_fault(token: str, line: int, position: int) -> QueryFault:
    """Return the fault for a query that does not parse; `position` counts from 0 in its line, as recorded."""
    details = {"line": line, "pos": position, "token": token}
    message = f"Query could not be parsed at '{token}' on line [{line},{position}]"
    return bad_argument(
        Inner("SyntaxError", "A recognition error occurred in the query.", inner=Inner("SYN0002", message, details))
    )


def semantic_fault(code: str, message: str) -> QueryFault:
    """Return the fault for a query that parses and means nothing; it carries no position, as recorded."""
    return bad_argument(Inner("SemanticError", "A semantic error occurred.", inner=Inner(code, message)))


def unsupported_fault(what: str) -> QueryFault:
    """Return the fault for KQL that the service runs and the emulator does not.

    The code is the emulator's own, so that nobody takes it for the service's.
    """
    return bad_argument(
        Inner(
            "EmulatorUnsupportedError",
            "sentinel-emulator does not execute this query; Azure would.",
            inner=Inner("EMU0001", what),
        )
    )


def limit_fault(what: str) -> QueryFault:
    """Return the fault for a query that is beyond the emulator's own limits of memory or length."""
    return bad_argument(
        Inner("EmulatorLimitError", "The query is beyond a limit of sentinel-emulator.", inner=Inner("EMU0002", what))
    )


def request_fault(message: str) -> QueryFault:
    """Return the fault for a request whose body or parameters cannot be used (texts are the emulator's own)."""
    return bad_argument(Inner("InvalidRequestError", message))


def timeout_fault() -> QueryFault:
    """Return the 504 recorded for a query that ran longer than it was given."""
    return QueryFault(504, "GatewayTimeout", "Gateway timeout", Inner("GatewayTimeout", "ADX query timed out"))


def forbidden_fault() -> QueryFault:
    """Return the 403 that Microsoft's error reference gives for a workspace the caller cannot see."""
    return QueryFault(
        403,
        "InsufficientAccessError",
        "The provided credentials have insufficient access to perform the requested operation",
    )


def not_found_fault() -> QueryFault:
    """Return the 404 that Microsoft's error reference gives for an unknown path."""
    return QueryFault(404, "PathNotFoundError", "The requested path does not exist")
