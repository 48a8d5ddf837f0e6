"""STIX patterns: the only way in which a value becomes part of one."""

import re
from ipaddress import IPv4Address, ip_address
from typing import Literal
from urllib.parse import urlsplit

from sentinel_mcp_server.errors import Refused

IndicatorKind = Literal["ip", "domain", "url", "hash"]

_HASHES = {32: "MD5", 40: "SHA-1", 64: "SHA-256"}
_HEX = re.compile(r"[0-9a-fA-F]+")
_DOMAIN = re.compile(r"(?=.{1,253}$)([A-Za-z0-9_]([A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?\.)+[A-Za-z0-9-]{2,63}")


def pattern_of(kind: IndicatorKind, value: str) -> tuple[str, str]:
    """The pattern type and the pattern of one value, such as `ipv4-addr` and `[ipv4-addr:value = '192.0.2.1']`.

    Raises:
        Refused: the value is none of its kind.
    """
    if kind == "ip":
        return _address(value)
    if kind == "hash":
        algorithm = _HASHES.get(len(value)) if _HEX.fullmatch(value) else None
        if algorithm is None:
            raise Refused(f"{value[:80]!r} is no MD5, SHA-1 or SHA-256 in hexadecimal.")
        return "file", f"[file:hashes.{string(algorithm)} = {string(value.lower())}]"
    if kind == "domain":
        if not _DOMAIN.fullmatch(value):
            raise Refused(f"{value[:80]!r} is no domain name; write one such as bad.example.com.")
        return "domain-name", f"[domain-name:value = {string(value.lower())}]"
    if not _is_url(value):
        raise Refused(f"{value[:80]!r} is no URL; write one with its scheme, such as https://bad.example.com/x.")
    return "url", f"[url:value = {string(value)}]"


def string(text: str) -> str:
    """A text as a STIX string literal."""
    escaped = text.replace("\\", "\\\\").replace("'", "\\'")
    return f"'{escaped}'"


def _address(value: str) -> tuple[str, str]:
    try:
        address = ip_address(value)
    except ValueError:
        raise Refused(f"{value[:80]!r} is no IP address; a range is none either.") from None
    kind = "ipv4-addr" if isinstance(address, IPv4Address) else "ipv6-addr"
    return kind, f"[{kind}:value = {string(str(address))}]"


def _is_url(value: str) -> bool:
    try:
        parts = urlsplit(value)
    except ValueError:
        return False
    return bool(parts.scheme and parts.hostname) and value.isprintable() and " " not in value
