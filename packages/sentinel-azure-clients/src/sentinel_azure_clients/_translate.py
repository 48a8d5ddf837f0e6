"""The one place where azure-core's exceptions and the services' error bodies become this package's errors."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any, Protocol

from sentinel_azure_clients._operation import LOGS_READER, Operation
from sentinel_azure_clients._wire import Json, is_array, is_object
from sentinel_azure_clients.errors import (
    Conflict,
    MalformedAnswer,
    NotAllowed,
    NotFound,
    NotSignedIn,
    QueryRejected,
    Rejected,
    SentinelError,
    Throttled,
    TimedOut,
    Unreachable,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from azure.core.exceptions import AzureError
    from azure.core.rest import AsyncHttpResponse

_TOKEN_CODES = frozenset(
    {
        "AuthenticationFailed",
        "ExpiredAuthenticationToken",
        "InvalidAuthenticationToken",
        "InvalidAuthenticationTokenAudience",
        "InvalidAuthenticationTokenTenant",
    }
)
_LONGEST_MESSAGE = 600
_ACTION = re.compile(r"perform action '([^']{1,200})'")
_SCOPE = re.compile(r"over scope '([^']{1,1000})'")
_BEARER = re.compile(r"(?i)bearer\s+\S+|eyJ[\w-]+\.[\w-]+\.[\w-]*")
_PASSWORD = re.compile(r"(?<=://)[^/?#\s]+@")


class Answered(Protocol):
    """What an answer is to this module; those of azure-core are."""

    @property
    def status_code(self) -> int: ...
    @property
    def content(self) -> bytes: ...
    @property
    def headers(self) -> Mapping[str, str]: ...


def from_answer(answer: Answered, call: Operation, *, scope: str | None) -> SentinelError:
    """The error that an answer with a failing status means. The body must have been read."""
    from sentinel_azure_clients._waiting import retry_after

    status = answer.status_code
    code, message, inner = _body(answer)
    told = f" ({code}: {message})" if message else f" (status {status})"
    if status == 401 or (status == 403 and code in _TOKEN_CODES):
        return NotSignedIn(f"The token was refused while {call.doing}{told}. Sign in again.")
    if status == 403:
        return _not_allowed(call, message, told, scope)
    if status == 429:
        wait = retry_after(answer.headers)
        when = f"; try again in {wait:.0f} s" if wait is not None else ""
        return Throttled(f"Too many requests while {call.doing}{when}.", retry_after=wait)
    if status == 504 or code == "GatewayTimeout":
        limit = _server_limit(answer)
        own = f" within {limit:.0f} s" if limit is not None else ""
        return TimedOut(f"The service did not finish{own} while {call.doing}.", limit=limit, by="service")
    if status == 404:
        return NotFound(f"Nothing was found while {call.doing}{told}.")
    if code == "MissingSubscriptionRegistration":
        return Rejected(
            f"The subscription is not registered for what this call needs while {call.doing}{told}. Registering it is "
            "a change, so it is not done here.",
            code=code,
        )
    if status in {409, 412}:
        return Conflict(f"The service refused a change while {call.doing}{told}.")
    if status >= 500:
        return Unreachable(f"The service is out of order (status {status}) while {call.doing}; try again later.")
    if 300 <= status < 400:
        return MalformedAnswer(f"The service redirects (status {status}) while {call.doing}; it was not followed.")
    if call.effect == "query":
        return QueryRejected(
            message or "The service refused the query without a reason.",
            code=code or str(status),
            line=_figure(inner.get("line")),
            position=_figure(inner.get("pos")),
        )
    return Rejected(f"The service refused the request while {call.doing}{told}.", code=code or str(status))


def from_azure(error: AzureError, call: Operation, *, scope: str | None) -> SentinelError:
    """The error that an azure-core exception means."""
    from azure.core import exceptions as azure

    if isinstance(error, azure.ClientAuthenticationError):
        return NotSignedIn(f"No token could be had while {call.doing}: {_joined(str(error.message))}")
    if isinstance(error, azure.ServiceRequestTimeoutError | azure.ServiceResponseTimeoutError):
        return TimedOut(f"The service did not answer in time while {call.doing}.", limit=None, by="client")
    if isinstance(error, azure.ServiceRequestError | azure.ServiceResponseError | azure.IncompleteReadError):
        reason = _reason(error)
        hint = " Name the right authorities with ca_bundle." if "CERTIFICATE_VERIFY_FAILED" in reason else ""
        return Unreachable(f"The connection failed while {call.doing}: {reason}{hint}")
    if isinstance(error, azure.DecodeError):
        return MalformedAnswer(f"The service's answer is not readable JSON while {call.doing}.")
    if isinstance(error, azure.HttpResponseError) and error.response is not None:
        response: Any = error.response
        return from_answer(response, call, scope=scope)
    return Unreachable(f"The call failed while {call.doing}: {_first_line(str(error))}")


def parse(answer: AsyncHttpResponse, call: Operation) -> Json:
    """The JSON object of a good answer; an empty body is an empty object (204, and 200 for a deletion)."""
    if not answer.content.strip():
        return {}
    value = _decoded(answer, call)
    if not is_object(value):
        raise MalformedAnswer(f"The service's answer is not a JSON object while {call.doing}.")
    return value


def parse_array(answer: AsyncHttpResponse, call: Operation) -> tuple[Json, ...]:
    """The objects of a good answer that is an array."""
    value = _decoded(answer, call)
    if not is_array(value) or not all(map(is_object, value)):
        raise MalformedAnswer(f"The service's answer is not an array of JSON objects while {call.doing}.")
    return tuple(value)


def deepest(error: Json) -> Json:
    """The innermost `innererror` of an error object, which is the one that names the fault."""
    for _ in range(10):
        inner = error.get("innererror")
        details = error.get("details")
        if is_object(inner):
            error = inner
        elif is_array(details) and details and is_object(details[0]):
            error = details[0]
        else:
            break
    return error


def clean(message: str) -> str:
    """A sentence of somebody else's without what looks like a token or a password, cut to a bearable length."""
    shown = _PASSWORD.sub("<user>@", _BEARER.sub("<token>", message))
    return shown if len(shown) <= _LONGEST_MESSAGE else f"{shown[:_LONGEST_MESSAGE]}…"


def _decoded(answer: AsyncHttpResponse, call: Operation) -> object:
    body = answer.content
    try:
        return json.loads(body)
    except (ValueError, RecursionError) as error:
        kind = (answer.content_type or "no content type").split(";")[0]
        raise MalformedAnswer(
            f"The service's answer ({kind}, {len(body)} bytes) is not readable JSON while {call.doing}."
        ) from error


def _body(answer: Answered) -> tuple[str, str, Json]:
    try:
        value: object = json.loads(answer.content)
    except (ValueError, RecursionError):
        return "", "", {}
    # Microsoft.Insights answers with the error itself, without the object around it that all others have.
    error: object = value.get("error", value) if is_object(value) else None
    if not is_object(error):
        return "", "", {}
    inner = deepest(error)
    message = inner.get("message") or error.get("message") or ""
    nested = _nested(message)
    if nested is not None:
        inner, message = nested, nested.get("message") or ""
    return str(inner.get("code") or error.get("code") or ""), clean(str(message)), inner


def _nested(message: object) -> Json | None:
    # Sentinel's "not onboarded" answer holds a second error object as JSON in its message.
    if not isinstance(message, str) or not message.startswith("{"):
        return None
    try:
        value: object = json.loads(message)
    except (ValueError, RecursionError):
        return None
    error: object = value.get("error") if is_object(value) else None
    return deepest(error) if is_object(error) else None


def _not_allowed(call: Operation, message: str, told: str, scope: str | None) -> NotAllowed:
    action = _ACTION.search(message)
    over = _SCOPE.search(message)
    where = over.group(1) if over else scope
    role = f"{call.role} or {LOGS_READER}" if call.effect == "query" and call.role != LOGS_READER else call.role
    return NotAllowed(
        f"The signed-in identity may not do this while {call.doing}; it needs the role {role!r}{told}.",
        role=role,
        scope=where,
        action=action.group(1) if action else None,
    )


def _server_limit(answer: Answered) -> float | None:
    # The service says which limit it kept; where it does not, the request says which was asked for.
    asked: Any = getattr(answer, "request", None)
    headers = (
        answer.headers.get("Preference-Applied", ""),
        asked.headers.get("Prefer", "") if asked is not None else "",
    )
    for part in ",".join(headers).split(","):
        name, _, value = part.strip().partition("=")
        if name == "wait" and value.isdecimal():
            return float(value)
    return None


def _figure(value: object) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def _joined(message: str) -> str:
    """The lines of a credential's message as one: it names every source that was tried, and why each failed."""
    lines = [line.strip() for line in message.splitlines()]
    return clean(" ".join(line for line in lines if line and not line.startswith("To mitigate this issue")))


def _first_line(message: str) -> str:
    return clean(message.strip().splitlines()[0]) if message.strip() else "no reason was given."


def _reason(error: BaseException) -> str:
    # The innermost cause knows best: "certificate verify failed", "Name or service not known", ...
    seen = error
    for _ in range(5):
        cause = seen.__cause__
        if cause is None or not str(cause):
            break
        seen = cause
    return _first_line(str(seen))
