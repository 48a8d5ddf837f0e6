from datetime import datetime
from typing import Any

import duckdb

from sentinel_mcp_server.testing import Session, text


def test_an_incident_comes_with_its_alerts_and_entities(offline: Session) -> None:
    listed = offline.answer("incident_list")["incidents"]
    for summary in listed:
        answer = offline.answer("incident_get", incident=str(summary["number"]))
        assert answer["incident"] == summary
        assert len(answer["alerts"]) == summary["alert_count"]
        assert answer["entities"]
        assert len(answer["comments"]) == summary["comment_count"]


def test_number_and_guid_name_the_same_incident(offline: Session) -> None:
    summary = offline.answer("incident_list")["incidents"][0]
    by_number = offline.answer("incident_get", incident=str(summary["number"]))
    assert by_number == offline.answer("incident_get", incident=summary["name"])


def test_the_alerts_agree_with_the_rows_of_the_log(offline: Session) -> None:
    summary = offline.answer("incident_list")["incidents"][0]
    alerts = offline.answer("incident_get", incident=str(summary["number"]))["alerts"]
    answer = offline.answer(
        "query_run", query="SecurityAlert | project SystemAlertId, DisplayName, AlertSeverity", timespan="30d"
    )
    rows = {row[0]: (row[1], row[2]) for row in answer["tables"][0]["rows"]}
    for alert in alerts:
        assert rows[alert["name"]] == (alert["title"], alert["severity"])


def test_what_others_wrote_stands_inside_the_fence(offline: Session) -> None:
    summary = offline.answer("incident_list")["incidents"][0]
    shown = text(offline.call("incident_get", incident=str(summary["number"])))
    assert shown.startswith("<untrusted-")
    assert shown.index(summary["title"]) > 0


def test_an_unknown_incident_is_named(offline: Session) -> None:
    assert "99999" in offline.refusal("incident_get", incident="99999")
    missing = "00000000-0000-4000-8000-000000000000"
    assert "incident" in offline.refusal("incident_get", incident=missing)


def test_what_is_no_incident_is_refused_before_anything_is_sent(offline: Session) -> None:
    assert "is no incident" in offline.refusal("incident_get", incident="3 or 1 eq 1")
    assert "is no incident" in offline.refusal("incident_get", incident="../../x")


def query(session: Session, text: str) -> list[list[Any]]:
    return session.answer("query_run", query=text, timespan="30d", max_rows=10_000)["tables"][0]["rows"]


def test_related_incidents_are_those_whose_alerts_name_an_entity_of_this_one(offline: Session) -> None:
    alerts = query(offline, "SecurityAlert | summarize arg_max(TimeGenerated, Entities) by SystemAlertId")
    incidents = query(offline, "SecurityIncident | summarize arg_max(TimeGenerated, AlertIds) by IncidentName")
    with duckdb.connect() as database:
        database.execute("create table alerts (id varchar, changed varchar, entities varchar)")
        database.execute("create table incidents (name varchar, changed varchar, ids varchar)")
        database.executemany("insert into alerts values (?, ?, ?)", alerts)
        database.executemany("insert into incidents values (?, ?, ?)", incidents)
        for summary in offline.answer("incident_list")["incidents"]:
            answer = offline.answer("incident_get", incident=summary["name"])
            names = [e["name"] for e in answer["entities"] if e["name"] and len(e["name"]) >= 4]
            expected = database.execute(
                """select i.name, count(distinct a.id) from incidents i join alerts a on contains(i.ids, a.id)
                where i.name <> $name
                    and exists (select 1 from unnest($names) n(n) where contains(lower(a.entities), lower(n)))
                group by 1""",
                {"name": summary["name"], "names": names},
            ).fetchall()
            assert {r["name"]: r["shared_alerts"] for r in answer["related_incidents"]} == dict(expected)
            assert expected


def test_the_timeline_holds_each_start_and_end_of_the_log_in_order(offline: Session) -> None:
    times = {
        row[0]: {datetime.fromisoformat(row[1]), datetime.fromisoformat(row[2])}
        for row in query(offline, "SecurityAlert | project SystemAlertId, StartTime, EndTime")
    }
    for summary in offline.answer("incident_list")["incidents"]:
        answer = offline.answer("incident_get", incident=summary["name"])
        told = [(datetime.fromisoformat(event["time"]), event["kind"]) for event in answer["timeline"]]
        assert [time for time, _ in told] == sorted(time for time, _ in told)
        of_alerts = [time for time, kind in told if kind == "alert"]
        assert set(of_alerts) == set().union(*(times[alert["name"]] for alert in answer["alerts"]))
        assert (datetime.fromisoformat(summary["created_at"]), "incident") in told


def test_the_rules_behind_it_are_named(offline: Session) -> None:
    known = {rule["name"]: rule["display_name"] for rule in offline.answer("rule_list")["rules"]}
    for summary in offline.answer("incident_list")["incidents"]:
        rules = offline.answer("incident_get", incident=summary["name"])["rules"]
        assert rules
        assert all(known[rule["name"]] == rule["display_name"] for rule in rules)


def test_a_small_budget_says_what_it_left_out_and_a_larger_one_has_it(offline: Session) -> None:
    full = offline.answer("incident_get", incident="1")
    assert full["left_out"] == {}
    small = offline.answer("incident_get", incident="1", token_budget=500)
    assert small["left_out"]
    for section, missing in small["left_out"].items():
        assert small[section] == full[section][: len(small[section])]
        assert len(small[section]) + missing == len(full[section])
    shown = text(offline.call("incident_get", incident="1", token_budget=500))
    assert "call again with a higher token_budget" in shown[: shown.index("<untrusted-")]
