"""The table of every call that this package can make, printed from their declarations."""

from __future__ import annotations

from typing import TYPE_CHECKING

import sentinel_azure_clients
from sentinel_azure_clients._operation import OPERATIONS

if TYPE_CHECKING:
    from sentinel_azure_clients._operation import Operation


def operations() -> tuple[Operation, ...]:
    """Every declared call, by area; in an area what reads comes before what writes."""
    for name in sentinel_azure_clients.__all__:
        getattr(sentinel_azure_clients, name)  # a module is imported when it is first asked for
    return tuple(sorted(OPERATIONS, key=lambda call: (call.area.lower(), call.effect == "write", call.name)))


def markdown() -> str:
    """The table as a Markdown page."""
    lines = [
        "# What the Azure clients can do",
        "",
        "Printed from the code. A role is the least built-in one that is enough; the scope is the workspace.",
        "An API version with *preview* in its name may change without notice. Alerts and the usage by table are asked",
        "of the workspace's own tables, with the call *query* of *logs*.",
        "No public list confirms the roles of the two enrichment calls, and of the calls that list the alerts,",
        "bookmarks and entities of an incident.",
        "",
        "| area | operation | effect | how it travels | API version | role |",
        "|---|---|---|---|---|---|",
    ]
    lines += [
        f"| {call.area} | {call.name} | {call.effect} | `{call.way}` | {call.api} | {call.role} |"
        for call in operations()
    ]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    import sys

    sys.stdout.write(markdown())
