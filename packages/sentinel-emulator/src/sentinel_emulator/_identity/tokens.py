"""Bearer tokens: signed by this emulator, checked by this emulator, worth nothing anywhere else."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import json
import secrets
import time
import uuid
from dataclasses import dataclass
from typing import Any, Literal, cast

Fault = Literal["missing", "invalid", "expired", "audience"]

_HEADER = {"typ": "JWT", "alg": "HS256"}


@dataclass(frozen=True, slots=True)
class Claims:
    """What a token says about its bearer."""

    audience: str
    object_id: str
    name: str
    roles: tuple[str, ...]
    expires_on: int


class TokenRefused(Exception):
    """A request came without a token that this endpoint accepts; `fault` says in which way."""

    def __init__(self, fault: Fault, *, audience: str = "", expires_on: int = 0) -> None:
        super().__init__(fault)
        self.fault: Fault = fault
        self.audience = audience
        self.expires_on = expires_on


class TokenIssuer:
    """Issues tokens for any audience and reads back its own.

    Tokens are JWT-shaped and signed with a key that lives as long as this object. Their lifetime is counted on the
    machine's clock even when the emulator's data clock stands still, since clients compare it with theirs.
    """

    def __init__(self, tenant_id: str) -> None:
        self._tenant_id = tenant_id
        self._key = secrets.token_bytes(32)

    def issue(
        self,
        audience: str,
        *,
        lifetime: int = 3600,
        object_id: str | None = None,
        name: str = "sentinel-emulator-identity",
        roles: tuple[str, ...] = (),
    ) -> tuple[str, int]:
        """Return a token for `audience` and the unix time at which it expires."""
        issued = int(time.time())
        expires_on = issued + lifetime
        oid = object_id or str(uuid.uuid5(uuid.UUID(self._tenant_id), name))
        claims = {
            "aud": audience,
            "iss": f"https://sts.windows.net/{self._tenant_id}/",
            "iat": issued,
            "nbf": issued,
            "exp": expires_on,
            "appid": str(uuid.uuid5(uuid.UUID(self._tenant_id), "client")),
            "idtyp": "app",
            "name": name,
            "oid": oid,
            "roles": list(roles),
            "sub": oid,
            "tid": self._tenant_id,
            "ver": "1.0",
        }
        signed = f"{_encode(_HEADER)}.{_encode(claims)}"
        return f"{signed}.{self._sign(signed)}", expires_on

    def check(self, authorization: str | None, audiences: frozenset[str]) -> Claims:
        """Return the claims of the token in an `Authorization` header; raise `TokenRefused` when it does not do."""
        if not authorization:
            raise TokenRefused("missing")
        scheme, _, token = authorization.partition(" ")
        if scheme.lower() != "bearer" or not token:
            raise TokenRefused("missing")
        signed, _, signature = token.strip().rpartition(".")
        if not hmac.compare_digest(self._sign(signed).encode(), signature.encode()):
            raise TokenRefused("invalid")
        claims = _decode(signed.partition(".")[2])
        audience, expires_on = str(claims["aud"]), int(claims["exp"])
        if expires_on <= time.time():
            raise TokenRefused("expired", expires_on=expires_on)
        if audience.rstrip("/").lower() not in audiences:
            raise TokenRefused("audience", audience=audience)
        return Claims(audience, claims["oid"], claims["name"], tuple(claims["roles"]), expires_on)

    def _sign(self, signed: str) -> str:
        return _b64(hmac.digest(self._key, signed.encode(), hashlib.sha256))


def _encode(part: dict[str, Any]) -> str:
    return _b64(json.dumps(part, separators=(",", ":")).encode())


def _decode(part: str) -> dict[str, Any]:
    try:
        return cast("dict[str, Any]", json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))))
    except (ValueError, binascii.Error) as error:
        raise TokenRefused("invalid") from error


def _b64(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()
