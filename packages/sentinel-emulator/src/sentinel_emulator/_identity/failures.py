"""Why signing in failed, as each token endpoint tells it.

The codes are those of Microsoft's list of AADSTS errors and of its documentation of IMDS; where no public source shows
the text, it is the emulator's own.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sentinel_emulator.faults import SIGN_IN

if TYPE_CHECKING:
    from sentinel_emulator.emulator import Emulator

#: Faults of Entra: status, OAuth error, AADSTS number and text; `{app}` is the application.
ENTRA = {
    "secret-expired": (
        401,
        "invalid_client",
        7000222,
        "The provided client secret keys for app '{app}' are expired.",
    ),
    "assertion-expired": (401, "invalid_client", 700024, "Client assertion is not within its valid time range."),
    "blocked": (400, "invalid_grant", 53003, "Access has been blocked by Conditional Access policies."),
    "no-identity": (400, "unauthorized_client", 700016, "Application with identifier '{app}' was not found."),
}

#: The same for managed identities, which know fewer reasons.
MANAGED = {
    "no-identity": "Identity not found",
    "blocked": "AADSTS53003: Access has been blocked by Conditional Access policies.",
}


def due(emulator: Emulator, path: str, known: frozenset[str]) -> str | None:
    """Return the fault of signing in that is due at an endpoint that knows some of them."""
    fault = emulator.faults.take(path, SIGN_IN & known)
    return fault.kind if fault else None
