"""Where things are: the one way a name from a user gets into the path of a request."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import quote, urlencode

from sentinel_azure_clients.errors import InvalidInput

if TYPE_CHECKING:
    from collections.abc import Mapping


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


def _encoded(text: str) -> bytes:
    try:
        return text.encode()
    except UnicodeEncodeError as error:
        raise InvalidInput(
            "A name or value holds half a character (a lone surrogate), which cannot be sent."
        ) from error
