"""Run a rule's query as it would have run at the end of a past day."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sentinel_kql_validator import Bound, Node

DAY = timedelta(days=1)
MOST_ALERTS_OF_A_RUN = 150
"""Sentinel makes at most this many alerts of one run where a rule makes one for each row."""


@dataclass(frozen=True, slots=True)
class Day:
    """A day of the window, and what the query looks at on its behalf."""

    start: datetime
    end: datetime
    looks_from: datetime


def past_days(end: datetime, days: int, period: timedelta) -> tuple[Day, ...]:
    """The last days before a moment, the earliest first; each looks back a day, or the period if that is longer."""
    ends = [end - DAY * number for number in reversed(range(days))]
    return tuple(Day(moment - DAY, moment, moment - max(DAY, period)) for moment in ends)


def as_of(bound: Bound, moment: datetime) -> str:
    """The query with `ago(…)` and `now(…)` counted from another moment than now.

    Replaced at the places of the analyser's tree, so what stands in a text or a comment stays; calls inside stored
    functions are out of reach.
    """
    literal = f"datetime({moment.isoformat()})"
    text = bound.text
    for call in sorted(_outermost(_clock_calls(bound)), key=lambda node: -node.start):
        source = bound.source(call)
        name, _, rest = source.partition("(")
        argument = rest.rpartition(")")[0].strip()
        if name.strip() == "ago":
            instead = f"({literal} - ({argument}))"
        else:
            instead = f"({literal} + ({argument}))" if argument else literal
        text = text[: call.start] + instead + text[call.start + len(source) :]
    return text


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


def alerts_of_run(rows: int, operator: str | None, threshold: int | None, *, per_row: bool) -> int:
    """How many alerts a run with so many rows raises: none, one, or one a row up to the service's cap."""
    if not would_alert(rows, operator, threshold):
        return 0
    return min(max(rows, 1), MOST_ALERTS_OF_A_RUN) if per_row else 1


def _clock_calls(bound: Bound) -> list[Node]:
    nodes = [] if bound.root is None else list(bound.root.walk())
    calls = [node for node in nodes if node.kind == "FunctionCallExpression"]
    return [call for call in calls if bound.source(call).partition("(")[0].strip() in ("ago", "now")]


def _outermost(nodes: Iterable[Node]) -> list[Node]:
    found: list[Node] = []
    for node in sorted(nodes, key=lambda node: (node.start, -node.end)):
        if not found or node.start >= found[-1].end:
            found.append(node)
    return found
