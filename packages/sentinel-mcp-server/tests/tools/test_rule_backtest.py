import json
from datetime import datetime, timedelta
from typing import Any

import duckdb
import pytest

from sentinel_azure_clients import alert_rules
from sentinel_mcp_server.investigations import stepwise
from sentinel_mcp_server.testing import Session, text

SPRAYER = "203.0.113.77"
SPRAY = "Password spray from one address"


def rule(session: Session, display_name: str) -> str:
    (found,) = [r["name"] for r in session.answer("rule_list")["rules"] if r["display_name"] == display_name]
    return found


def rows(session: Session, query: str, start: datetime, end: datetime) -> list[list[Any]]:
    """Rows of a table as they are, nothing counted."""
    answer = session.answer(
        "query_run", query=query, timespan=f"{start.isoformat()}/{end.isoformat()}", max_rows=10_000
    )
    assert answer["status"] == "complete"
    return answer["tables"][0]["rows"]


def window(answer: dict[str, Any], period: timedelta) -> tuple[datetime, datetime]:
    return datetime.fromisoformat(answer["first_run"]) - period, datetime.fromisoformat(answer["last_run"])


SIGN_INS = (
    'SigninLogs | where ResultType in ("50126", "50053")'
    " | project TimeGenerated, UserPrincipalName, IPAddress, ResultType"
)


@pytest.mark.parametrize(
    ("display_name", "sql"),
    [
        (SPRAY, "select run, ip, date_trunc('hour', moment) from seen group by all having count(distinct who) > 20"),
        ("Accounts locked out", "select run, who, ip from seen where result = '50053' group by all"),
    ],
)
def test_each_day_has_the_rows_and_alerts_that_sql_finds_run_by_run(
    offline: Session, display_name: str, sql: str
) -> None:
    answer = offline.answer("rule_backtest", name=rule(offline, display_name), days=3)
    assert (answer["runs"], len(answer["days"])) == (72, 3)
    assert "All 72 runs were computed by one query" in answer["computed"]
    start, end = window(answer, timedelta(hours=1))
    with duckdb.connect() as database:
        database.execute("create table raw (moment timestamp, who varchar, ip varchar, result varchar)")
        database.executemany("insert into raw values (?, ?, ?, ?)", rows(offline, SIGN_INS, start, end))
        # Run 0 is the last one; a run sees an hour up to, not including, its own moment.
        database.execute(
            "create table seen as select *, (epoch_us(?::timestamp) - epoch_us(moment) - 1) // 3600000000 as run"
            " from raw where moment < ?::timestamp",
            [end.replace(tzinfo=None)] * 2,
        )
        found = database.execute(sql).fetchall()
    by_day = {day: [row for row in found if row[0] // 24 == day] for day in range(3)}
    assert [day["rows"] for day in answer["days"]] == [len(by_day[day]) for day in (2, 1, 0)]
    assert [day["alerts"] for day in answer["days"]] == [len({row[0] for row in by_day[day]}) for day in (2, 1, 0)]
    assert answer["alerts"] > 0
    assert answer["days_with_alerts"] == sum(day["alerts"] > 0 for day in answer["days"])


@pytest.mark.parametrize(
    "display_name", [SPRAY, "Machine stopped reporting", "A source sends much less than yesterday"]
)
def test_one_query_for_all_runs_and_one_query_a_run_are_the_same(
    offline: Session, display_name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    call: dict[str, Any] = {"name": rule(offline, display_name), "days": 2}

    def both_ways() -> tuple[dict[str, Any], dict[str, Any]]:
        at_once = offline.answer("rule_backtest", **call)
        with monkeypatch.context() as patch:
            patch.setattr(stepwise, "MOST_OVERLAPPING", 0)
            return at_once, offline.answer("rule_backtest", **call)

    at_once, one_by_one = both_ways()
    if one_by_one["last_run"] != at_once["last_run"]:  # the minute changed between the two
        at_once, one_by_one = both_ways()
    assert one_by_one["last_run"] == at_once["last_run"]
    assert "by one query" in at_once["computed"]
    assert "a query of its own, because the period" in one_by_one["computed"]
    for field in ("days", "alerts", "top_entities", "overlap", "own_alerts", "runs"):
        assert one_by_one[field] == at_once[field], field


def test_the_top_entity_of_the_spray_is_its_address(offline: Session) -> None:
    answer = offline.answer("rule_backtest", name=rule(offline, SPRAY), days=3)
    top = answer["top_entities"][0]
    assert (top["entity"], top["column"], top["value"]) == ("IP Address", "IPAddress", SPRAYER)


def test_the_overlap_is_what_sql_finds_in_the_alerts(offline: Session) -> None:
    name = rule(offline, SPRAY)
    answer = offline.answer("rule_backtest", name=name, days=3)
    start, end = window(answer, timedelta(hours=1))
    values = {entity["value"] for entity in answer["top_entities"]}
    alerts = rows(offline, "SecurityAlert | project SystemAlertId, AlertName, AlertType, Entities", start, end)
    with duckdb.connect() as database:
        database.execute("create table alerts (id varchar, name varchar, type varchar, entity json)")
        database.executemany(
            "insert into alerts values (?, ?, ?, ?)",
            [[*row[:3], json.dumps(entity)] for row in alerts for entity in json.loads(row[3] or "[]")],
        )
        marks = ", ".join("?" for _ in values)
        expected = database.execute(
            "select name, count(distinct id) from alerts"
            f" where entity->>'Address' in ({marks}) and not ends_with(type, ?) group by name order by 2 desc, 1",
            [*values, name],
        ).fetchall()
        own = database.execute("select count(distinct id) from alerts where ends_with(type, ?)", [name]).fetchall()
    assert [(found["alert"], found["alerts"]) for found in answer["overlap"]] == expected
    assert len(expected) > 1
    assert answer["own_alerts"] == own[0][0] == 1


def test_a_rule_that_looks_back_for_days_counts_ago_from_each_run(offline: Session) -> None:
    name = rule(offline, "Successful sign-in from a country new to the account")
    answer = offline.answer("rule_backtest", name=name, days=2, max_queries=2)
    assert "Only the last 2 of 48 runs were computed; max_queries allows more." in answer["computed"]
    assert answer["runs"] == 2
    now = offline.answer("query_run", query=offline.answer("rule_get", name=name)["query"], timespan="14d")
    (today,) = answer["days"]
    assert today["rows"] == 2 * now["row_count"]


def test_suppression_and_an_alert_for_each_row_are_applied(inside: Any) -> None:
    name = rule(inside.session, "Accounts locked out")
    often: dict[str, Any] = {"query": "SigninLogs | project TimeGenerated, UserPrincipalName", "entityMappings": []}
    inside.azure(alert_rules.update_rule, name, often)
    plain = inside.session.answer("rule_backtest", name=name, days=3)
    assert plain["alerts"] > 2
    inside.azure(alert_rules.update_rule, name, {"suppressionEnabled": True, "suppressionDuration": "P14D"})
    assert inside.session.answer("rule_backtest", name=name, days=3)["alerts"] == 1
    inside.azure(
        alert_rules.update_rule,
        name,
        {"suppressionEnabled": False, "eventGroupingSettings": {"aggregationKind": "AlertPerResult"}},
    )
    each = inside.session.answer("rule_backtest", name=name, days=3)
    # One for each row, but for runs with more rows than the service makes alerts of.
    assert plain["alerts"] < each["alerts"] <= sum(day["rows"] for day in each["days"])


def test_a_near_real_time_rule_runs_every_minute(offline: Session) -> None:
    name = rule(offline, "Administrator signed in without a second factor")
    answer = offline.answer("rule_backtest", name=name, days=1)
    assert answer["runs"] == 1440
    assert any("near-real-time" in line for line in answer["cannot_tell"])


def test_an_answer_that_is_not_whole_is_asked_for_run_by_run_and_never_counted(inside: Any) -> None:
    name = rule(inside.session, SPRAY)
    inside.session.answer("query_run", query="SigninLogs | count")
    inside.emulator.faults.add("partial", path="/query")
    answer = inside.session.answer("rule_backtest", name=name, days=1)
    assert "one query for all was too large" in answer["computed"]
    assert answer["runs"] == 24
    inside.emulator.faults.add("partial", path="/query", times=2)
    assert "looked at part of the rows of the run" in inside.session.refusal("rule_backtest", name=name, days=1)


def test_what_it_cannot_tell_stands_before_the_fence(offline: Session) -> None:
    shown = text(offline.call("rule_backtest", name=rule(offline, "Accounts locked out"), days=1))
    assert "what arrived late is seen here" in shown[: shown.index("<untrusted-")]


def test_a_rule_without_a_query_and_an_unknown_one_are_refused(offline: Session) -> None:
    assert "has no query to run" in offline.refusal("rule_backtest", name="BuiltInFusion")
    assert "Nothing was found" in offline.refusal("rule_backtest", name="00000000-0000-4000-8000-000000000000")
    assert "days: input should be less than" in offline.refusal("rule_backtest", name="x", days=31)
