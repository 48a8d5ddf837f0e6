from sentinel_mcp_server.testing import Session

COUNT = "SecurityAlert | summarize arg_max(TimeGenerated, *) by SystemAlertId"


def test_every_alert_of_the_table_is_there_once(offline: Session) -> None:
    answer = offline.answer("alert_list", timespan="14d", limit=1000)
    rows = offline.answer("query_run", query=f"{COUNT} | project SystemAlertId", timespan="14d")["tables"][0]["rows"]
    names = [alert["name"] for alert in answer["alerts"]]
    assert sorted(names) == sorted(row[0] for row in rows)
    assert len(names) == len(set(names)) > 0


def test_severity_and_title_narrow(offline: Session) -> None:
    everything = offline.answer("alert_list", timespan="14d", limit=1000)["alerts"]
    title = everything[0]["title"]
    found = offline.answer("alert_list", timespan="14d", title_contains=title.upper())["alerts"]
    assert [a["name"] for a in found] == [a["name"] for a in everything if title.lower() in a["title"].lower()]
    high = offline.answer("alert_list", timespan="14d", severities=["High"], limit=1000)["alerts"]
    assert len(high) == sum(alert["severity"] == "High" for alert in everything)


def test_a_short_list_says_that_there_are_more(offline: Session) -> None:
    assert "There are more" in offline.answer("alert_list", timespan="14d", limit=1)["note"]


def test_a_hostile_title_finds_nothing_and_a_wrong_severity_is_named(offline: Session) -> None:
    assert offline.answer("alert_list", timespan="14d", title_contains="' or 1==1 //")["alerts"] == []
    assert "severities" in offline.refusal("alert_list", severities=["Huge"])
    assert "is no timespan" in offline.refusal("alert_list", timespan="soon")
