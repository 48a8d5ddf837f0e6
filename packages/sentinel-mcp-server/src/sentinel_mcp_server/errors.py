"""One sentence for each thing that can go wrong, and what to do next.

Domain packages raise their own errors; tools hold no `try`. `_define` sends whatever a tool raises through
`explain`, and what is not explained here is a defect, which the client sees without its text.
"""

from sentinel_azure_clients import (
    Conflict,
    InvalidInput,
    MalformedAnswer,
    NotAllowed,
    NotConfigured,
    NotFound,
    NotSignedIn,
    QueryRejected,
    Rejected,
    SentinelError,
    Throttled,
    TimedOut,
    Unreachable,
)
from sentinel_mcp_server.trust import defang, visible
from sentinel_mcp_server.window import InvalidTimespan


class Refused(Exception):
    """The server itself declines a call; the message is the one sentence that the client reads."""


_NEXT: tuple[tuple[type[SentinelError], str], ...] = (
    (NotConfigured, "Or start the server with --offline to use the embedded workspace."),
    (
        NotSignedIn,
        "Sign in (for example with `az login`) or set the azure-identity variables, then call again.",
    ),
    (NotAllowed, "Call connection_test to see what this identity may do."),
    (NotFound, "Check the name; the matching list tool shows what exists."),
    (Conflict, "Read it again and decide anew."),
    (Throttled, "Wait, then call again; the service limits how often it answers."),
    (InvalidInput, ""),
    (QueryRejected, "Correct the query and call again; query_validate explains it without running it."),
    (Rejected, "The service will refuse the same call again: change it first."),
    (TimedOut, "Narrow the timespan, filter earlier, or summarise, then call again."),
    (Unreachable, "Check the network, proxy and endpoint settings of the server."),
    (
        MalformedAnswer,
        "The answer was not what this API gives; a proxy between here and Azure is the usual reason.",
    ),
)

_EMULATOR_CANNOT = "EMU"
"""How the emulator's own codes begin, for what its engine does not have; Azure never answers them."""

EXPECTED = (Refused, InvalidTimespan, SentinelError)
"""What a tool may raise and a client may read."""


def explain(error: Exception) -> str:
    """What was wrong and what to do, in one or two sentences of visible, unlinked text."""
    text = defang(visible(str(error))).strip()
    if text and text[-1] not in ".!?":
        text += "."
    if isinstance(error, QueryRejected) and error.code.startswith(_EMULATOR_CANNOT):
        return f"{text} The query is valid KQL: the embedded workspace cannot run it, an Azure workspace can."
    for kind, advice in _NEXT:
        if isinstance(error, kind):
            return f"{text} {advice}".rstrip()
    return text
