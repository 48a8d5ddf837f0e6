"""What an analytic rule would have raised on past days."""

import asyncio
from collections import Counter
from datetime import datetime, timedelta
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field

from sentinel_azure_clients import AlertRule, QueryRequest, QueryResponse, alert_rules, logs
from sentinel_mcp_server._define import Answer, tool
from sentinel_mcp_server.context import Services
from sentinel_mcp_server.errors import Refused
from sentinel_mcp_server.investigations.past_runs import MOST_ALERTS_OF_A_RUN, Day, as_of, past_days, would_alert
from sentinel_mcp_server.query_check import check_query, refuse_invalid
from sentinel_mcp_server.trust import inline
from sentinel_mcp_server.window import parse_timespan

_AT_ONCE = 4
_TOP = 10


class BacktestDay(BaseModel):
    """One day and what the query found on it."""

    model_config = ConfigDict(frozen=True)

    start: datetime
    end: datetime
    rows: int
    alerts: int = Field(description="Alerts of one run at the end of the day, after the rule's threshold")
    complete: bool = Field(description="False where the service looked at part of the rows")


class TopEntity(BaseModel):
    """A value of a mapped column."""

    model_config = ConfigDict(frozen=True)

    entity: str = Field(description="Type and identifier of the mapping")
    column: str
    value: str
    rows: int
    days: int


class RuleBacktest(Answer):
    """Would-be alerts by day, and whom they would have been about."""

    own_words = frozenset({"computed", "cannot_tell"})

    name: str
    display_name: str
    trigger: str
    days: list[BacktestDay]
    alerts: int
    days_with_alerts: int
    top_entities: list[TopEntity]
    computed: str = Field(description="What exactly was run")
    cannot_tell: list[str] = Field(description="Where the rule itself may differ")

    def summary(self) -> str:
        """Totals and how they came about."""
        total = f"{self.alerts} would-be alerts on {self.days_with_alerts} of {len(self.days)} days"
        return "\n".join([total, self.computed, *self.cannot_tell])

    def body(self) -> str:
        """One day a line, then the entities."""
        lines = [f"{inline(self.display_name)}: {self.trigger}"]
        lines += [
            f"{day.start:%Y-%m-%dT%H:%MZ}\t{day.rows} rows\t{day.alerts} alerts{'' if day.complete else ' (partial)'}"
            for day in self.days
        ]
        lines += [f"{inline(e.entity)} {inline(e.value)}\t{e.rows} rows on {e.days} days" for e in self.top_entities]
        return "\n".join(lines)


@tool(title="Back-test an analytic rule", toolset="rule", timeout=600.0)
async def rule_backtest(
    services: Services,
    name: Annotated[str, Field(min_length=1, max_length=200, description="Name from rule_list")],
    days: Annotated[int, Field(ge=1, le=30, description="Days back from now, one query each")] = 7,
) -> RuleBacktest:
    """See on which past days a rule would have raised alerts, and about whom, by running its query once for each day.

    For faults in the rule use rule_lint; for the alerts that it did raise query_run on SecurityAlert.
    """
    rule = await alert_rules.get_rule(services.azure, name)
    if not rule.query:
        raise Refused(f"The rule {rule.display_name!r} is of the kind {rule.kind}, which has no query to run.")
    checked = await check_query(services, rule.query)
    refuse_invalid(checked)
    period = parse_timespan(rule.query_period or "PT1M")
    if not isinstance(period, timedelta):
        raise Refused(f"The rule's period {rule.query_period!r} is no duration.")
    bound = await checked.schema.validator.abind(rule.query)
    places = asyncio.Semaphore(_AT_ONCE)

    async def run(day: Day) -> QueryResponse:
        async with places:
            request = QueryRequest(
                as_of(bound, day.end),
                timespan=(day.looks_from, day.end),
                server_timeout=services.settings.query_timeout,
            )
            return await logs.run_query(services.azure, request)

    looked_at = past_days(services.now(), days, period)
    responses = await asyncio.gather(*(run(day) for day in looked_at))
    told = [_day(rule, day, response) for day, response in zip(looked_at, responses, strict=True)]
    looks_back = "a day" if period <= timedelta(days=1) else f"the rule's period {rule.query_period}"
    return RuleBacktest(
        name=rule.name,
        display_name=rule.display_name,
        trigger=f"{rule.trigger_operator or 'GreaterThan'} {rule.trigger_threshold or 0} rows",
        days=told,
        alerts=sum(day.alerts for day in told),
        days_with_alerts=sum(day.alerts > 0 for day in told),
        top_entities=_top_entities(rule, responses),
        computed=(
            f"The query ran {days} times, each at the end of a day, looking back {looks_back}; "
            "ago() and now() counted from there; the threshold was applied to the rows of each run."
        ),
        cannot_tell=_cannot_tell(rule),
    )


def _day(rule: AlertRule, day: Day, response: QueryResponse) -> BacktestDay:
    rows = sum(len(table.rows) for table in response.result_tables)
    alerts = 0
    if would_alert(rows, rule.trigger_operator, rule.trigger_threshold):
        alerts = min(max(rows, 1), MOST_ALERTS_OF_A_RUN) if _alert_per_row(rule) else 1
    return BacktestDay(start=day.start, end=day.end, rows=rows, alerts=alerts, complete=response.status == "complete")


def _alert_per_row(rule: AlertRule) -> bool:
    grouping: Any = rule.properties.get("eventGroupingSettings") or {}
    return grouping.get("aggregationKind") == "AlertPerResult"


def _cannot_tell(rule: AlertRule) -> list[str]:
    often = f"every {rule.query_frequency}" if rule.query_frequency else "in near real time"
    over = rule.query_period or "what is new"
    lines = [
        f"The rule itself runs {often} over {over}: counts, alerts per run and suppression differ from one run a day.",
        "Rows are as they stand now: what arrived late is seen here and may have been missed by the rule.",
    ]
    if rule.enabled is False:
        lines.append("The rule is switched off.")
    return lines


def _top_entities(rule: AlertRule, responses: list[QueryResponse]) -> list[TopEntity]:
    mapped: list[dict[str, Any]] = rule.properties.get("entityMappings") or []
    found: list[TopEntity] = []
    for mapping in mapped:
        fields: list[dict[str, Any]] = mapping.get("fieldMappings") or []
        for field in fields:
            column = str(field.get("columnName"))
            counts: Counter[str] = Counter()
            seen_on: Counter[str] = Counter()
            for response in responses:
                values = _values(response, column)
                counts.update(values)
                seen_on.update(set(values))
            entity = f"{mapping.get('entityType')} {field.get('identifier')}"
            found += [
                TopEntity(entity=entity, column=column, value=value, rows=rows, days=seen_on[value])
                for value, rows in sorted(counts.items(), key=lambda item: (-item[1], item[0]))[:_TOP]
            ]
    return found


def _values(response: QueryResponse, column: str) -> list[str]:
    values: list[str] = []
    for table in response.result_tables:
        names = [found.name for found in table.columns]
        if column in names:
            place = names.index(column)
            values += [str(row[place]) for row in table.rows if row[place] not in (None, "")]
    return values
