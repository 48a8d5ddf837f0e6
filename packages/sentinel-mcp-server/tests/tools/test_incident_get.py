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
