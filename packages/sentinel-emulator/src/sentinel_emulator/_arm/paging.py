"""Pages of a list: fifty at a time unless told otherwise, and an opaque token that says where the next one begins."""

from __future__ import annotations

import base64
import binascii
import gzip
import json
import zlib
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from .faults import bad_request
from .routing import Call, Reply

if TYPE_CHECKING:
    from sentinel_emulator._json import Json

PAGE = 50
LARGEST_PAGE = 1000

_LARGEST_TOKEN = 65_536


def paged(call: Call, items: list[dict[str, Any]], page: int = PAGE, carried: Json = None) -> Reply:
    """Return one page of `items`, with a `nextLink` on the host that was asked while more follow.

    `$top` is the size of a page. The link repeats the request's own filter and order, since clients follow it as it is;
    what was asked in a body travels in the token as `carried`, since clients follow a link without a body.
    """
    size = _top(call.query.get("$top"), page)
    first, _ = _opened(call)
    body: dict[str, Any] = {"value": items[first : first + size]}
    if first + size < len(items):
        kept = {name: value for name, value in call.query.items() if name.lower() != "$skiptoken"}
        kept["$skipToken"] = _token(first + size, carried)
        link = "&".join(f"{name}={quote(value, safe='')}" for name, value in kept.items())
        body["nextLink"] = f"{call.origin}{quote(call.path)}?{link}"
    return Reply(body)


def _top(text: str | None, page: int) -> int:
    if text is None:
        return page
    if not text.isascii() or not text.isdigit() or not 0 < int(text) <= LARGEST_PAGE:
        raise bad_request(f"The value '{text}' of $top must be a number from 1 to {LARGEST_PAGE}.")
    return int(text)


def carried_by(call: Call) -> Json:
    """Return what the token of a followed link carries, or None."""
    return _opened(call)[1]


def _token(offset: int, carried: Json) -> str:
    """Write a token as the service's are: URL-safe base64 of gzipped JSON."""
    content = [{"token": f"+RID:~sentinel-emulator#RT:1#TRC:{offset}", "carried": carried}]
    packed = gzip.compress(json.dumps(content).encode(), mtime=0)
    return base64.urlsafe_b64encode(packed).rstrip(b"=").decode()


def _opened(call: Call) -> tuple[int, Json]:
    token = call.query.get("$skipToken") or call.query.get("$skiptoken")
    if not token:
        return 0, None
    try:
        packed = base64.urlsafe_b64decode(token + "=" * (-len(token) % 4))
        # Tokens are small; what would unpack to more is not one of ours.
        parsed = json.loads(zlib.decompressobj(31).decompress(packed, _LARGEST_TOKEN))
        return int(parsed[0]["token"].rpartition("#TRC:")[2]), parsed[0]["carried"]
    except (ValueError, binascii.Error, zlib.error, LookupError, TypeError, AttributeError) as error:
        raise bad_request("The $skipToken is not one that this service gave out.") from error
