"""Which tactics the rules cover in truth, on paper, and in silence."""

from collections import Counter
from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from sentinel_azure_clients import AlertRule, QueryRequest, alert_rules, logs
from sentinel_mcp_server._define import Answer, tool
from sentinel_mcp_server.context import Services
from sentinel_mcp_server.errors import Refused
from sentinel_mcp_server.investigations.coverage import LOOK_BACK, TACTICS, Standing, newest_query, standing
from sentinel_mcp_server.query_check import check_query
from sentinel_mcp_server.results import only_table
from sentinel_mcp_server.window import parse_instant


class RuleStanding(BaseModel):
    """A rule and what its coverage is worth."""

    model_config = ConfigDict(frozen=True)

    name: str
    display_name: str
    tactics: list[str]
    tables: list[str]
    standing: Standing
    why: str


class TacticCoverage(BaseModel):
    """How many rules of each standing claim a tactic."""

    model_config = ConfigDict(frozen=True)

    tactic: str
    coverage: Literal["real", "silent", "paper", "not judged", "none"] = Field(description="The best of its rules")
    real: int
    silent: int
    paper: int
    not_judged: int


class TableFreshness(BaseModel):
    """The newest record of a table that rules read."""

    model_config = ConfigDict(frozen=True)

    table: str
    newest: datetime | None = Field(description="Null where the last 30 days have none")
    fresh: bool


class RuleCoverage(Answer):
    """Coverage by tactic, with the rules and tables that it comes from."""

    fresh_since: datetime
    tactics: list[TacticCoverage] = Field(description="In the order of an attack, also those that no rule claims")
    rules: list[RuleStanding]
    tables: list[TableFreshness]
    meaning: str

    def body(self) -> str:
        """One tactic a line, then what is not real, and the stale tables."""
        lines = [
            f"{t.tactic}\t{t.coverage}\treal {t.real}, silent {t.silent}, paper {t.paper}, not judged {t.not_judged}"
            for t in self.tactics
        ]
        lines += [f"{r.standing}: {r.display_name}: {r.why}" for r in self.rules if r.standing != "real"]
        lines += [f"no recent record: {t.table}, newest {t.newest}" for t in self.tables if not t.fresh]
        return "\n".join([*lines, self.meaning])


@tool(title="See what the rules cover", toolset="rule", timeout=300.0)
async def rule_coverage(
    services: Services,
    fresh_hours: Annotated[int, Field(ge=1, le=720, description="A table is fresh with a record this recent")] = 24,
) -> RuleCoverage:
    """See which ATT&CK tactics the rules cover: really, silently (no new records), or on paper (off, broken).

    For one rule's faults use rule_lint.
    """
    listing = await alert_rules.list_rules(services.azure)
    schema = await services.schema.current()
    if schema.source != "workspace":
        raise Refused(f"The tables of the workspace could not be read: {schema.why_not_live}")
    known = schema.validator.schema.tables
    checks = {rule.name: await check_query(services, rule.query) for rule in listing if rule.query}
    reads = {name: sorted(check.result.facts.tables) for name, check in checks.items()}
    timed = {t for found in reads.values() for t in found if "TimeGenerated" in known.get(t, {})}
    newest = await _newest(services, timed)
    fresh_since = services.now() - timedelta(hours=fresh_hours)
    rules: list[RuleStanding] = []
    for rule in sorted(listing, key=lambda rule: rule.display_name.casefold()):
        check = checks.get(rule.name)
        worth, why = standing(
            enabled=rule.enabled,
            verdict=check.result.verdict if check else None,
            tables=reads.get(rule.name, []),
            known=known,
            newest=newest,
            fresh_since=fresh_since,
        )
        rules.append(_told(rule, reads.get(rule.name, []), worth, why))
    claimed = sorted({tactic for rule in rules for tactic in rule.tactics} - set(TACTICS))
    return RuleCoverage(
        fresh_since=fresh_since,
        tactics=[_tactic(tactic, [r for r in rules if tactic in r.tactics]) for tactic in (*TACTICS, *claimed)],
        rules=rules,
        tables=[
            TableFreshness(table=t, newest=newest.get(t), fresh=t in newest and newest[t] >= fresh_since)
            for t in sorted(timed)
        ],
        meaning=(
            f"real: on, valid, and every table has a record of the last {fresh_hours} hours; silent: a table has none; "
            "paper: off, invalid or without its table. Whether a rule would catch an attack is not judged."
        )
        + ("" if listing.complete else f" Not all rules were listed: {listing.note}"),
    )


def _told(rule: AlertRule, tables: list[str], worth: Standing, why: str) -> RuleStanding:
    return RuleStanding(
        name=rule.name,
        display_name=rule.display_name,
        tactics=list(rule.tactics),
        tables=tables,
        standing=worth,
        why=why,
    )


def _tactic(tactic: str, rules: list[RuleStanding]) -> TacticCoverage:
    counts = Counter(rule.standing for rule in rules)
    order: tuple[Standing, ...] = ("paper", "not judged", "silent", "real")
    standings = {rule.standing for rule in rules}
    best: Standing | Literal["none"] = "none"
    for worth in order:
        if worth in standings:
            best = worth
    return TacticCoverage(
        tactic=tactic,
        coverage=best,
        real=counts["real"],
        silent=counts["silent"],
        paper=counts["paper"],
        not_judged=counts["not judged"],
    )


async def _newest(services: Services, tables: Collection[str]) -> dict[str, datetime]:
    if not tables:
        return {}
    request = QueryRequest(newest_query(tables), timespan=LOOK_BACK, server_timeout=services.settings.query_timeout)
    response = await logs.run_query(services.azure, request)
    if response.status != "complete":
        raise Refused("The service could not look at all tables, so their freshness is not known; call again.")
    table = only_table(response)
    place = {column.name: number for number, column in enumerate(table.columns)}
    return {
        str(row[place["Source"]]): parse_instant(str(row[place["Newest"]]))
        for row in table.rows
        if row[place["Newest"]]
    }
