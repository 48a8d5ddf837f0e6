from typing import Any

import duckdb
import pytest

from sentinel_mcp_server.testing import Session, text

SPRAYER = "203.0.113.77"


def rule(session: Session, display_name: str) -> str:
    (found,) = [r["name"] for r in session.answer("rule_list")["rules"] if r["display_name"] == display_name]
    return found


def raw(session: Session, day: dict[str, Any]) -> list[list[Any]]:
    """The failed sign-ins of one day, unaggregated."""
    return session.answer(
        "query_run",
        query='SigninLogs | where ResultType in ("50126", "50053")'
        " | project TimeGenerated, IPAddress, UserPrincipalName, ResultType",
        timespan=f"{day['start']}/{day['end']}",
        max_rows=10_000,
    )["tables"][0]["rows"]


@pytest.mark.parametrize(
    ("display_name", "sql"),
    [
        (
            "Password spray from one address",
            "select ip, left(moment, 13) from raw group by all having count(distinct who) > 20",
        ),
        ("Accounts locked out", "select who, ip from raw where result = '50053' group by all"),
    ],
)
def test_each_day_has_the_rows_that_sql_finds_in_its_sign_ins(offline: Session, display_name: str, sql: str) -> None:
    answer = offline.answer("rule_backtest", name=rule(offline, display_name), days=3)
    assert len(answer["days"]) == 3
    for day in answer["days"]:
        with duckdb.connect() as database:
            database.execute("create table raw (moment varchar, ip varchar, who varchar, result varchar)")
            if rows := raw(offline, day):
                database.executemany("insert into raw values (?, ?, ?, ?)", rows)
            expected = len(database.execute(sql).fetchall())
        assert day["rows"] == expected
        assert day["complete"]
        assert (day["alerts"] > 0) is (expected > 0)
    assert answer["days_with_alerts"] == sum(day["rows"] > 0 for day in answer["days"])
    assert answer["days_with_alerts"] > 0


def test_the_top_entity_of_the_spray_is_its_address(offline: Session) -> None:
    answer = offline.answer("rule_backtest", name=rule(offline, "Password spray from one address"), days=3)
    top = answer["top_entities"][0]
    assert (top["entity"], top["column"], top["value"]) == ("IP Address", "IPAddress", SPRAYER)


def test_a_rule_that_looks_back_for_days_counts_ago_from_each_day(offline: Session) -> None:
    name = rule(offline, "Successful sign-in from a country new to the account")
    answer = offline.answer("rule_backtest", name=name, days=2)
    assert "the rule's period P14D" in answer["computed"]
    yesterday = answer["days"][-1]
    now = offline.answer("query_run", query=offline.answer("rule_get", name=name)["query"], timespan="14d")
    assert yesterday["rows"] == now["row_count"]


def test_what_it_cannot_tell_stands_before_the_fence(offline: Session) -> None:
    shown = text(offline.call("rule_backtest", name=rule(offline, "Accounts locked out"), days=1))
    assert "one run a day" in shown[: shown.index("<untrusted-")]


def test_a_rule_without_a_query_and_an_unknown_one_are_refused(offline: Session) -> None:
    assert "has no query to run" in offline.refusal("rule_backtest", name="BuiltInFusion")
    assert "Nothing was found" in offline.refusal("rule_backtest", name="00000000-0000-4000-8000-000000000000")
