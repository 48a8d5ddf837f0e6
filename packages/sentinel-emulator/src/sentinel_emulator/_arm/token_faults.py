"""What ARM answers to a request without a good token; the texts for no header and an expired token are real ones."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from .faults import ArmFault

if TYPE_CHECKING:
    from sentinel_emulator._identity.tokens import TokenRefused


def token_fault(refusal: TokenRefused, tenant_id: str) -> ArmFault:
    """Return ARM's 401 for a token that was refused."""
    code, message = _texts(refusal)
    challenge = f'Bearer authorization_uri="https://login.microsoftonline.com/{tenant_id}", error="invalid_token"'
    return ArmFault(401, code, message, {"WWW-Authenticate": challenge})


def _texts(refusal: TokenRefused) -> tuple[str, str]:
    if refusal.fault == "missing":
        return "AuthenticationFailed", "Authentication failed. The 'Authorization' header is missing."
    if refusal.fault == "expired":
        expiry = _american(datetime.fromtimestamp(refusal.expires_on, UTC))
        now = _american(datetime.now(UTC))
        message = f"The access token expiry UTC time '{expiry}' is earlier than current UTC time '{now}'."
        return "ExpiredAuthenticationToken", message
    if refusal.fault == "audience":
        message = (
            f"The access token has been obtained for wrong audience or resource '{refusal.audience}'. It should "
            "exactly match with one of the allowed audiences 'https://management.core.windows.net/',"
            "'https://management.azure.com/'."
        )
        return "InvalidAuthenticationTokenAudience", message
    return "InvalidAuthenticationToken", "The access token is invalid."


def _american(moment: datetime) -> str:
    hour = moment.hour % 12 or 12
    return f"{moment.month}/{moment.day}/{moment.year} {hour}:{moment:%M:%S} {'AM' if moment.hour < 12 else 'PM'}"
