"""What a request for metrics asks: its window, its grain, its metrics, and by what they are split and filtered."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby
from typing import TYPE_CHECKING, Any

from sentinel_emulator._query.timespan import TimespanError, Window, parse_timespan

from .faults import ArmFault
from .metric_definitions import AGGREGATIONS, METRICS, Metric

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .routing import Call

#: The grains that samples are aggregated by, in seconds; FULL makes one point of the whole window.
GRAINS = {
    "PT1M": 60,
    "PT5M": 300,
    "PT15M": 900,
    "PT30M": 1800,
    "PT1H": 3600,
    "PT6H": 21600,
    "PT12H": 43200,
    "P1D": 86400,
}

#: How many points one answer may have.
MOST_POINTS = 50_000

_MOST_METRICS, _MOST_SERIES = 20, 1000
_TOKEN = re.compile(r"\s*(?:(?P<text>'(?:[^']|'')*')|(?P<mark>[()])|(?P<word>[^\s()']+))")


class MetricFault(ArmFault):
    """A 400 of Microsoft.Insights, whose body has no member `error` around it (reported by users of its SDK)."""

    def __init__(self, message: str) -> None:
        super().__init__(400, "BadRequest", message)

    def body(self) -> dict[str, Any]:
        """Return the answer's JSON."""
        return {"code": self.code, "message": self.message}


@dataclass(frozen=True, slots=True)
class MetricRequest:
    """A request that has been understood.

    `seconds` is the grain, None for FULL. `kept` says for each dimension of the filter which values pass (None: all),
    `split` by which dimensions series are told apart, `order` by which aggregation, and whether the largest is first.
    """

    window: Window
    interval: str
    seconds: int | None
    metrics: tuple[Metric, ...]
    aggregations: tuple[str, ...]
    kept: dict[str, tuple[str, ...] | None]
    split: tuple[str, ...]
    top: int
    order: tuple[str, bool]
    data: bool

    def moments(self) -> list[datetime]:
        """Return the start of every point."""
        if self.seconds is None:
            return [self.window.start]
        step = timedelta(seconds=self.seconds)
        midnight = self.window.start.replace(hour=0, minute=0, second=0, microsecond=0)
        first = midnight + (self.window.start - midnight) // step * step
        return [first + step * n for n in range(-(-(self.window.end - first) // step))]


def read_metric_request(call: Call) -> MetricRequest:
    """Read the parameters of a request; their names are found in any case. Raises `MetricFault`."""
    asked = {name.lower(): value for name, value in call.query.items()}
    try:
        window = parse_timespan(asked.get("timespan") or "PT1H", call.now)
    except TimespanError as error:
        raise MetricFault(str(error)) from error
    interval = (asked.get("interval") or "PT1M").upper()
    if interval not in GRAINS and interval != "FULL":
        raise MetricFault(f"The interval '{interval}' is not one of {', '.join(GRAINS)}, FULL.")
    if (window.end - window.start).total_seconds() / GRAINS.get(interval, math.inf) > MOST_POINTS:
        raise MetricFault(f"The timespan has more than {MOST_POINTS} times the interval '{interval}'.")
    namespace = asked.get("metricnamespace", "").lower()
    if namespace not in {"", "microsoft.operationalinsights/workspaces"}:
        raise MetricFault(f"The workspace has no metrics of the namespace '{namespace}'.")
    metrics = _metrics(asked.get("metricnames", ""))
    aggregations = _aggregations(asked.get("aggregation") or metrics[0].primary)
    kept = _filter(asked.get("$filter", ""))
    if asked.get("validatedimensions", "true").lower() != "false":
        _known_dimensions(kept, metrics)
    rolled = {name.strip().lower() for name in asked.get("rollupby", "").split(",")}
    return MetricRequest(
        window,
        interval,
        GRAINS.get(interval),
        metrics,
        aggregations,
        kept,
        tuple(name for name in kept if name not in rolled),
        _top(asked.get("top"), filtered=bool(kept)),
        _order(asked.get("orderby"), aggregations[0]),
        asked.get("resulttype", "data").lower() != "metadata",
    )


def _metrics(text: str) -> tuple[Metric, ...]:
    """Find the metrics by their names; a comma inside a name is written `%2`."""
    names = [name.strip().replace("%2", ",") for name in text.split(",") if name.strip()]
    for name in names:
        if name.lower() not in METRICS:
            valid = ",".join(metric.name for metric in METRICS.values())
            raise MetricFault(
                "Failed to find metric configuration for provider: microsoft.operationalinsights, resource Type: "
                f"workspaces, metric: {name}, Valid metrics: {valid}"
            )
    if len(names) > _MOST_METRICS:
        raise MetricFault(f"The request names {len(names)} metrics; at most {_MOST_METRICS} are answered.")
    return tuple(METRICS[name.lower()] for name in names) or (next(iter(METRICS.values())),)


def _aggregations(text: str) -> tuple[str, ...]:
    known = {name.lower(): name for name in AGGREGATIONS}
    asked = [part.strip().lower() for part in text.split(",") if part.strip()]
    wrong = next((name for name in asked if name not in known), None)
    if wrong is not None or not asked:
        raise MetricFault(f"The aggregation '{wrong or text}' is not one of {', '.join(AGGREGATIONS)}.")
    return tuple(known[name] for name in dict.fromkeys(asked))


def _known_dimensions(kept: dict[str, tuple[str, ...] | None], metrics: tuple[Metric, ...]) -> None:
    for metric in metrics:
        known = {name.lower() for name in metric.dimensions}
        for name in kept:
            if name not in known:
                raise MetricFault(f"The metric '{metric.name}' has no dimension '{name}'.")


def _top(text: str | None, *, filtered: bool) -> int:
    if text is None:
        return 10 if filtered else _MOST_SERIES
    if not text.isascii() or not text.isdigit() or not 0 < int(text) <= _MOST_SERIES:
        raise MetricFault(f"The value '{text}' of top must be a number from 1 to {_MOST_SERIES}.")
    return int(text)


def _order(text: str | None, first: str) -> tuple[str, bool]:
    if text is None:
        return first, True
    name, _, direction = text.strip().lower().partition(" ")
    known = {"sum": "Total", **{word.lower(): word for word in AGGREGATIONS}}
    if name not in known or direction.strip() not in {"", "asc", "desc"}:
        raise MetricFault(f"The value '{text}' of orderby must be an aggregation and asc or desc.")
    return known[name], direction.strip() == "desc"


def _filter(text: str) -> dict[str, tuple[str, ...] | None]:
    """Read `A eq 'a' or A eq 'b' and B eq '*'`: `or` binds first here, and joins values of one dimension only."""
    tokens = [token for token in _tokens(text) if token not in {"(", ")"}]
    kept: dict[str, tuple[str, ...] | None] = {}
    for is_and, clause in groupby(tokens, lambda token: token.lower() == "and"):
        if not is_and:
            name, values = _clause(list(clause), text)
            kept[name] = None if "*" in values else values
    return kept


def _tokens(text: str) -> Iterator[str]:
    position = 0
    while text[position:].strip():
        found = _TOKEN.match(text, position)
        if found is None:
            raise _bad_filter(text)
        yield found["text"] or found["mark"] or found["word"]
        position = found.end()


def _clause(tokens: list[str], text: str) -> tuple[str, tuple[str, ...]]:
    named: set[str] = set()
    values: list[str] = []
    for is_or, term in groupby(tokens, lambda token: token.lower() == "or"):
        if not is_or:
            *name, operator, value = ("", "", *term)
            if operator.lower() != "eq" or not value.startswith("'") or len(value) < 2:
                raise _bad_filter(text)
            named.add(" ".join(name).strip().lower())
            values.append(value[1:-1].replace("''", "'"))
    if len(named) != 1 or "" in named:
        raise _bad_filter(text)
    return named.pop(), tuple(values)


def _bad_filter(text: str) -> MetricFault:
    return MetricFault(f"The filter '{text}' must join terms such as Computer eq '*' by and, or values of one by or.")
