from typing import Any

from sentinel_mcp_server.testing import Session


def test_a_comment_is_added_once_with_its_token(writable: Session) -> None:
    call: dict[str, Any] = {"incident": "2", "message": 'Looked at the rows: <b>no</b> harm; it\'s "fine".'}
    before = writable.answer("incident_get", incident="2")["comments"]
    token = writable.answer("incident_comment_add", **call)["confirmation_token"]
    assert writable.answer("incident_get", incident="2")["comments"] == before
    assert writable.answer("incident_comment_add", **call, confirmation_token=token)["applied"]
    writable.refusal("incident_comment_add", **call, confirmation_token=token)
    after = writable.answer("incident_get", incident="2")["comments"]
    assert len(after) == len(before) + 1
    assert call["message"] in [comment["message"] for comment in after]


def test_an_empty_comment_is_named(writable: Session) -> None:
    assert "message: string should have at least 1 character" in writable.refusal(
        "incident_comment_add", incident="2", message=""
    )
