from sentinel_mcp_server.testing import Session


def test_an_alert_has_what_its_row_has(offline: Session) -> None:
    listed = offline.answer("alert_list", timespan="14d")["alerts"][0]
    answer = offline.answer("alert_get", name=listed["name"])
    assert {key: answer[key] for key in listed} == listed
    assert answer["entities"]


def test_an_unknown_alert_is_named(offline: Session) -> None:
    assert "no alert" in offline.refusal("alert_get", name="unknown' or 1==1 //")
