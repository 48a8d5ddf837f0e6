"""Pages of a list: fifty at a time unless told otherwise, and an opaque token that says where the next one begins."""

from __future__ import annotations

import base64
import binascii
import gzip
import json
import zlib
from typing import Any
from urllib.parse import quote

from .faults import bad_request
from .routing import Call, Reply

PAGE = 50
LARGEST_PAGE = 1000


def paged(call: Call, items: list[dict[str, Any]], page: int = PAGE) -> Reply:
    """Return one page of `items`, with a `nextLink` on the host that was asked while more follow.

    `$top` is the size of a page. The link repeats the request's own filter and order, since clients follow it as it is.
    """
    size = _top(call.query.get("$top"), page)
    first = _offset(call.query.get("$skipToken") or call.query.get("$skiptoken"))
    body: dict[str, Any] = {"value": items[first : first + size]}
    if first + size < len(items):
        kept = {name: value for name, value in call.query.items() if name.lower() != "$skiptoken"}
        kept["$skipToken"] = _token(first + size)
        link = "&".join(f"{name}={quote(value, safe='')}" for name, value in kept.items())
        body["nextLink"] = f"{call.origin}{quote(call.path)}?{link}"
    return Reply(body)


def _top(text: str | None, page: int) -> int:
    if text is None:
        return page
    if not text.isascii() or not text.isdigit() or not 0 < int(text) <= LARGEST_PAGE:
        raise bad_request(f"The value '{text}' of $top must be a number from 1 to {LARGEST_PAGE}.")
    return int(text)


def _token(offset: int) -> str:
    """Write a token as the service's are: URL-safe base64 of gzipped JSON."""
    packed = gzip.compress(json.dumps([{"token": f"+RID:~sentinel-emulator#RT:1#TRC:{offset}"}]).encode(), mtime=0)
    return base64.urlsafe_b64encode(packed).rstrip(b"=").decode()


def _offset(token: str | None) -> int:
    if not token:
        return 0
    try:
        packed = base64.urlsafe_b64decode(token + "=" * (-len(token) % 4))
        # Tokens are a few dozen bytes; what would unpack to more is not one of ours.
        parsed = json.loads(zlib.decompressobj(31).decompress(packed, 4096))
        return int(parsed[0]["token"].rpartition("#TRC:")[2])
    except (ValueError, binascii.Error, zlib.error, LookupError, TypeError, AttributeError) as error:
        raise bad_request("The $skipToken is not one that this service gave out.") from error
