"""Where things are: the one way a name from a user gets into the path of a request."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import quote, urlencode, urlsplit

from sentinel_azure_clients.errors import InvalidInput

if TYPE_CHECKING:
    from collections.abc import Mapping

# What is said when an answer would have a token sent to another host.
ELSEWHERE = (
    "The service's answer points to another host for its next page; it was not followed, because the token would have "
    "gone there too."
)


def segment(name: str) -> str:
    """Quote a name as one segment of a path.

    Raises `InvalidInput` for what can be no segment: empty, "." and "..", control characters, over 500 characters.
    """
    if not name or name in {".", ".."} or len(name) > 500:
        raise InvalidInput(f"{name[:60]!r} cannot be the name of anything in Azure.")
    if any(ord(character) < 32 or ord(character) == 127 for character in name):
        raise InvalidInput("A name may not contain control characters.")
    return quote(_encoded(name), safe="")


def query_string(parameters: Mapping[str, str]) -> str:
    """The parameters of a request as they stand in its address. Raises `InvalidInput` for broken characters."""
    return urlencode({name: _encoded(value) for name, value in parameters.items()}, quote_via=quote)


def join(*names: str) -> str:
    """A path of quoted segments, beginning with a slash."""
    return "".join(f"/{segment(name)}" for name in names)


def resource_path(resource_id: str) -> str:
    """The path of a resource, from the id that somebody gives for it.

    Raises `InvalidInput` for what is no resource id, and for a part of one that can be no name.
    """
    first, *names = resource_id.strip().rstrip("/").split("/")
    if first or not names or names[0].lower() != "subscriptions":
        raise InvalidInput(f"{resource_id[:80]!r} is no resource id; those begin with /subscriptions/.")
    return join(*names)


def origin(url: str) -> tuple[str, str, int | None] | None:
    """The scheme, host and port that an address names; None for what is no address of one certain place.

    Whatever two readers could take for different hosts (control characters, a backslash, a name and password before the
    host) counts as none.
    """
    if not url.isprintable() or any(character in url for character in " \\"):
        return None
    try:
        parts = urlsplit(url)
        port = parts.port or (443 if parts.scheme == "https" else None)
    except ValueError:
        return None
    if not parts.scheme or not parts.hostname or "@" in parts.netloc:
        return None
    return parts.scheme, parts.hostname, port


def _encoded(text: str) -> bytes:
    try:
        return text.encode()
    except UnicodeEncodeError as error:
        raise InvalidInput(
            "A name or value holds half a character (a lone surrogate), which cannot be sent."
        ) from error
