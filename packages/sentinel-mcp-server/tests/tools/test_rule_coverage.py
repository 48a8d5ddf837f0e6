import duckdb
import pytest

from sentinel_mcp_server.testing import Session, text


@pytest.mark.parametrize("fresh_hours", [1, 48])
def test_the_counts_are_those_that_sql_finds_over_rules_and_newest_records(offline: Session, fresh_hours: int) -> None:
    answer = offline.answer("rule_coverage", fresh_hours=fresh_hours)
    with duckdb.connect() as database:
        database.execute("create table rules (name varchar, enabled bool, has_query bool, tactic varchar)")
        database.execute("create table reads (name varchar, source varchar)")
        database.execute("create table newest (source varchar, moment varchar)")
        tables: set[str] = set()
        for listed in offline.answer("rule_list", limit=1000)["rules"]:
            rule = offline.answer("rule_get", name=listed["name"])
            for tactic in rule["tactics"]:
                row = [rule["name"], bool(rule["enabled"]), rule["query"] is not None, tactic]
                database.execute("insert into rules values (?, ?, ?, ?)", row)
            if rule["query"]:
                for table in offline.answer("query_validate", query=rule["query"])["tables"]:
                    tables.add(table)
                    database.execute("insert into reads values (?, ?)", [rule["name"], table])
        for table in tables:
            answered = offline.answer("query_run", query=f"{table} | summarize max(TimeGenerated)", timespan="30d")
            moment = answered["tables"][0]["rows"][0][0]
            if moment:
                database.execute("insert into newest values (?, ?)", [table, moment])
        expected = database.execute(
            """with stale as (
                select distinct r.name from reads r left join newest n using (source)
                where n.moment is null or left(n.moment, 19) < left($since, 19)
            )
            select tactic,
                count(*) filter (enabled and has_query and name not in (from stale)),
                count(*) filter (enabled and has_query and name in (from stale)),
                count(*) filter (not enabled),
                count(*) filter (enabled and not has_query)
            from rules group by 1""",
            {"since": answer["fresh_since"]},
        ).fetchall()
    told = {t["tactic"]: (t["real"], t["silent"], t["paper"], t["not_judged"]) for t in answer["tactics"]}
    assert {tactic: counts for tactic, counts in told.items() if any(counts)} == {row[0]: row[1:] for row in expected}
    assert fresh_hours == 1 or sum(counts[0] for counts in told.values()) > 0
    assert sum(counts[2] for counts in told.values()) > 0


def test_a_tactic_that_no_rule_claims_is_there_with_none(offline: Session) -> None:
    tactics = {t["tactic"]: t for t in offline.answer("rule_coverage")["tactics"]}
    claimed = {tactic for rule in offline.answer("rule_coverage")["rules"] for tactic in rule["tactics"]}
    assert set(tactics) - claimed
    assert all(tactics[tactic]["coverage"] == "none" for tactic in set(tactics) - claimed)


def test_a_rule_that_is_off_is_paper_and_the_text_says_so(offline: Session) -> None:
    rules = {rule["display_name"]: rule for rule in offline.answer("rule_coverage")["rules"]}
    assert rules["Member added to a group"]["standing"] == "paper"
    assert "paper: Member added to a group: it is switched off" in text(offline.call("rule_coverage"))


def test_bad_hours_are_named(offline: Session) -> None:
    assert "fresh_hours" in offline.refusal("rule_coverage", fresh_hours=0)
