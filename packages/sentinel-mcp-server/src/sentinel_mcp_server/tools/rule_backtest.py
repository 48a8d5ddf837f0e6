"""What an analytic rule would have raised in the past."""

from collections import Counter
from datetime import datetime, timedelta
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from sentinel_azure_clients import AlertRule, alert_rules
from sentinel_mcp_server._define import Answer, tool
from sentinel_mcp_server.context import Services
from sentinel_mcp_server.errors import Refused
from sentinel_mcp_server.investigations.past_runs import alert_per_row, alerts_of_run
from sentinel_mcp_server.investigations.shared_alerts import SharedAlerts, alerts_sharing
from sentinel_mcp_server.investigations.stepwise import Runs, in_one_query
from sentinel_mcp_server.query_check import check_query, refuse_invalid
from sentinel_mcp_server.rule_replay import Found, at_once, mapped_columns, one_by_one
from sentinel_mcp_server.trust import inline
from sentinel_mcp_server.window import parse_timespan

_TOP = 10
_DAY = timedelta(days=1)


class BacktestDay(BaseModel):
    """The runs of one day."""

    model_config = ConfigDict(frozen=True)

    start: datetime
    end: datetime
    runs: int
    rows: int = Field(description="Rows that its runs found, each counted in every run that saw it")
    alerts: int


class TopEntity(BaseModel):
    """A value of a mapped column."""

    model_config = ConfigDict(frozen=True)

    entity: str = Field(description="Type and identifier of the mapping")
    column: str
    value: str
    rows: int
    runs: int


class RuleBacktest(Answer):
    """Would-be alerts by day, whom they would have been about, and which alerts were raised about the same."""

    own_words = frozenset({"computed", "cannot_tell"})

    name: str
    display_name: str
    trigger: str
    first_run: datetime
    last_run: datetime
    runs: int
    days: list[BacktestDay]
    alerts: int
    days_with_alerts: int
    top_entities: list[TopEntity]
    overlap: list[SharedAlerts] = Field(description="Alerts of others in the same window that share these entities")
    own_alerts: int = Field(description="Alerts that this rule did raise in the window")
    computed: str = Field(description="What exactly was run")
    cannot_tell: list[str] = Field(description="Where the rule itself may differ")

    def summary(self) -> str:
        """Totals and how they came about."""
        total = f"{self.alerts} would-be alerts on {self.days_with_alerts} of {len(self.days)} days"
        return "\n".join([f"{total}; it did raise {self.own_alerts}", self.computed, *self.cannot_tell])

    def body(self) -> str:
        """One day a line, then the entities and what overlaps."""
        lines = [f"{inline(self.display_name)}: {self.trigger}"]
        lines += [
            f"{day.start:%Y-%m-%dT%H:%MZ}\t{day.runs} runs\t{day.rows} rows\t{day.alerts} alerts" for day in self.days
        ]
        lines += [f"{inline(e.entity)} {inline(e.value)}\t{e.rows} rows in {e.runs} runs" for e in self.top_entities]
        lines += [
            f"overlap: {inline(o.alert)}\t{o.alerts} alerts\t{', '.join(map(inline, o.shared))}" for o in self.overlap
        ]
        return "\n".join(lines)


@tool(title="Back-test an analytic rule", toolset="rule", timeout=600.0)
async def rule_backtest(
    services: Services,
    name: Annotated[str, Field(min_length=1, max_length=200, description="Name from rule_list")],
    days: Annotated[int, Field(ge=1, le=30, description="Days back from now")] = 7,
    max_queries: Annotated[int, Field(ge=1, le=1000, description="Most queries, where each run needs its own")] = 200,
) -> RuleBacktest:
    """See when a rule would have raised alerts, about whom, and which other alerts overlap, at its own frequency.

    For faults in the rule use rule_lint; for rows you write rule_test; for alerts of all rules alert_list.
    """
    rule = await alert_rules.get_rule(services.azure, name)
    if not rule.query:
        raise Refused(f"The rule {rule.display_name!r} is of the kind {rule.kind}, which has no query to run.")
    checked = await check_query(services, rule.query)
    refuse_invalid(checked)
    frequency, period = _span(rule, "query_frequency"), _span(rule, "query_period")
    end = services.now().replace(second=0, microsecond=0)
    runs = Runs(end, frequency, period, max(1, int(days * _DAY / frequency)))
    bound = await checked.schema.validator.abind(rule.query)
    mapped = mapped_columns(rule, dict(checked.result.facts.output_columns or ()))
    stored = checked.schema.validator.schema.functions
    query, why_not = in_one_query(bound, runs, list(dict.fromkeys(m.column for m in mapped)), stored)
    if query is not None and (await checked.schema.validator.avalidate(query)).verdict != "valid":
        query, why_not = None, "the query for all of them does not pass the analyser"
    found = None if query is None else await at_once(services, query, runs, mapped)
    computed = f"All {runs.count} runs were computed by one query, which tells each row the runs that see it."
    if found is None:
        asked = runs.count
        runs = Runs(end, frequency, period, min(asked, max_queries))
        found = await one_by_one(services, bound, runs, mapped)
        computed = f"Each run is a query of its own, because {why_not or 'one query for all was too large'}."
        if runs.count < asked:
            computed += f" Only the last {runs.count} of {asked} runs were computed; max_queries allows more."
    told = _days(rule, runs, found)
    top = _top_entities(found)
    overlap, own, note = await alerts_sharing(
        services.azure,
        [entity.value for entity in top],
        (runs.sees_from, end),
        rule.name,
        services.settings.query_timeout,
    )
    return RuleBacktest(
        name=rule.name,
        display_name=rule.display_name,
        trigger=f"{rule.trigger_operator or 'GreaterThan'} {rule.trigger_threshold or 0} rows",
        first_run=runs.moments()[0],
        last_run=end,
        runs=runs.count,
        days=told,
        alerts=sum(day.alerts for day in told),
        days_with_alerts=sum(day.alerts > 0 for day in told),
        top_entities=top,
        overlap=overlap,
        own_alerts=own,
        computed=(
            f"{computed} Runs are {_often(rule)} over {_over(rule)}, counted back from {end.isoformat()}; a run sees "
            "what is from its period's start up to, not including, its own moment; ago() and now() count from there."
        ),
        cannot_tell=[*_cannot_tell(rule), *([note] if note else [])],
    )


def _span(rule: AlertRule, field: str) -> timedelta:
    """Frequency or period; a near-real-time rule has neither and runs every minute over the last."""
    text: str | None = getattr(rule, field)
    span = parse_timespan(text or "PT1M")
    if not isinstance(span, timedelta):
        raise Refused(f"The rule's {field} {text!r} is no duration.")
    return span


def _days(rule: AlertRule, runs: Runs, found: Found) -> list[BacktestDay]:
    """The runs by day, counted back from the last one, with the threshold and the rule's suppression applied."""
    alerts: Counter[int] = Counter()
    count: Counter[int] = Counter()
    rows: Counter[int] = Counter()
    silent = _suppression(rule)
    quiet_until: datetime | None = None
    for moment in runs.moments():
        day = int((runs.end - moment) / _DAY)
        count[day] += 1
        rows[day] += found.rows[moment]
        if quiet_until is not None and moment < quiet_until:
            continue
        raised = alerts_of_run(
            found.rows[moment], rule.trigger_operator, rule.trigger_threshold, per_row=alert_per_row(rule.properties)
        )
        alerts[day] += raised
        if raised and silent:
            quiet_until = moment + silent
    return [
        BacktestDay(
            start=runs.end - _DAY * (day + 1),
            end=runs.end - _DAY * day,
            runs=count[day],
            rows=rows[day],
            alerts=alerts[day],
        )
        for day in sorted(count, reverse=True)
    ]


def _suppression(rule: AlertRule) -> timedelta | None:
    if rule.properties.get("suppressionEnabled") is not True:
        return None
    span = parse_timespan(str(rule.properties.get("suppressionDuration")))
    return span if isinstance(span, timedelta) else None


def _often(rule: AlertRule) -> str:
    return f"every {rule.query_frequency}" if rule.query_frequency else "every minute (near real time)"


def _over(rule: AlertRule) -> str:
    return rule.query_period or "the last minute"


def _cannot_tell(rule: AlertRule) -> list[str]:
    lines = [
        "Rows are as they stand now: what arrived late is seen here and may have been missed by the rule.",
        "The rule's own runs begin at other minutes, so a group that a run cuts in two may be cut elsewhere.",
    ]
    if not rule.query_frequency:
        lines.append("A near-real-time rule goes by when a row arrived; here rows go by TimeGenerated.")
    if rule.enabled is False:
        lines.append("The rule is switched off.")
    return lines


def _top_entities(found: Found) -> list[TopEntity]:
    top: list[TopEntity] = []
    for one, counts in found.values.items():
        rows: Counter[str] = Counter()
        runs: Counter[str] = Counter()
        for (_, value), count in counts.items():
            rows[value] += count
            runs[value] += 1
        top += [
            TopEntity(entity=one.entity, column=one.column, value=value, rows=count, runs=runs[value])
            for value, count in sorted(rows.items(), key=lambda item: (-item[1], item[0]))[:_TOP]
        ]
    return top
