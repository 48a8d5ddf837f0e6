"""Run a rule's query as it would have run at a past moment."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from sentinel_kql_validator import Bound, Node

MOST_ALERTS_OF_A_RUN = 150
"""Sentinel makes at most this many alerts of one run where a rule makes one for each row."""


def as_of(bound: Bound, moment: datetime) -> str:
    """The query with `ago(…)` and `now(…)` counted from another moment than now.

    Replaced at the places of the analyser's tree, so what stands in a text or a comment stays; calls inside stored
    functions are out of reach.
    """
    literal = f"datetime({moment.isoformat()})"
    text = bound.text
    for call in sorted(clock_calls(bound), key=lambda node: -node.start):
        text = text[: call.start] + replaced(bound, call, literal) + text[call.end :]
    return text


def clock_calls(bound: Bound) -> list[Node]:
    """The calls of `ago` and `now`, the outer one where one stands in another."""
    nodes = [] if bound.root is None else list(bound.root.walk())
    calls = [node for node in nodes if node.kind == "FunctionCallExpression"]
    return _outermost(call for call in calls if bound.source(call).partition("(")[0].strip() in ("ago", "now"))


def replaced(bound: Bound, call: Node, now: str) -> str:
    """A clock call, counted from the expression `now`."""
    name, _, rest = bound.source(call).partition("(")
    argument = rest.rpartition(")")[0].strip()
    if name.strip() == "ago":
        return f"({now} - ({argument}))"
    return f"({now} + ({argument}))" if argument else now


def would_alert(rows: int, operator: str | None, threshold: int | None) -> bool:
    """Whether a run with so many rows raises an alert; without a trigger any row does, as near-real-time rules work."""
    limit = threshold or 0
    if operator == "LessThan":
        return rows < limit
    if operator == "Equal":
        return rows == limit
    if operator == "NotEqual":
        return rows != limit
    return rows > limit


def alert_per_row(properties: Mapping[str, Any]) -> bool:
    """Whether a rule with these properties raises an alert for each row instead of one for all of them."""
    grouping: Any = properties.get("eventGroupingSettings") or {}
    return grouping.get("aggregationKind") == "AlertPerResult"


def alerts_of_run(rows: int, operator: str | None, threshold: int | None, *, per_row: bool) -> int:
    """How many alerts a run with so many rows raises: none, one, or one a row up to the service's cap."""
    if not would_alert(rows, operator, threshold):
        return 0
    return min(max(rows, 1), MOST_ALERTS_OF_A_RUN) if per_row else 1


def _outermost(nodes: Iterable[Node]) -> list[Node]:
    found: list[Node] = []
    for node in sorted(nodes, key=lambda node: (node.start, -node.end)):
        if not found or node.start >= found[-1].end:
            found.append(node)
    return found
