"""What the roles of a token allow."""

from __future__ import annotations

import pytest

from sentinel_emulator import Emulator
from sentinel_emulator.testing import ARM, LOGS, Client

NAME = "0bb93d60-a942-42f4-a8de-41d4b42cfd18"
INCIDENT = {"properties": {"title": "Test", "severity": "Low", "status": "New"}}
BOOKMARK = {"properties": {"displayName": "Kept", "query": "SigninLogs | take 1"}}


@pytest.mark.parametrize(
    ("role", "read", "incident", "delete", "bookmark"),
    [
        ("Microsoft Sentinel Reader", 200, 403, 403, 403),
        ("Microsoft Sentinel Responder", 200, 201, 403, 403),
        ("Microsoft Sentinel Contributor", 200, 201, 200, 200),
        ("Log Analytics Reader", 200, 403, 403, 403),
        ("Owner", 200, 201, 200, 200),
    ],
)
def test_a_role_allows_what_it_says(
    fresh: Client, role: str, read: int, incident: int, delete: int, bookmark: int
) -> None:
    token, _ = fresh.emulator.issue_token(ARM, roles=(role,))
    assert fresh.sentinel("GET", "incidents", token=token).status == read
    assert fresh.sentinel("PUT", f"incidents/{NAME}", INCIDENT, token=token).status == incident
    assert fresh.sentinel("DELETE", f"incidents/{NAME}", token=token).status == delete
    assert fresh.sentinel("PUT", f"bookmarks/{NAME}", BOOKMARK, token=token).status == bookmark
    logs, _ = fresh.emulator.issue_token(LOGS, roles=(role,))
    assert fresh.query("print 1", token=logs).status == 200


def test_a_refusal_names_the_action_and_the_scope(fresh: Client) -> None:
    token, _ = fresh.emulator.issue_token(ARM, roles=("Microsoft Sentinel Reader",))
    error = fresh.sentinel("PUT", f"bookmarks/{NAME}", BOOKMARK, token=token).json()["error"]
    assert error["code"] == "AuthorizationFailed"
    assert "'Microsoft.SecurityInsights/bookmarks/write'" in error["message"]
    assert fresh.sentinel("GET", f"bookmarks/{NAME}").status == 404


def test_a_responder_may_comment_and_not_delete_the_comment(fresh: Client) -> None:
    token, _ = fresh.emulator.issue_token(ARM, roles=("Microsoft Sentinel Responder",))
    comment = f"incidents/{NAME}/comments/1"
    fresh.sentinel("PUT", f"incidents/{NAME}", INCIDENT)
    assert fresh.sentinel("PUT", comment, {"properties": {"message": "x"}}, token=token).status == 201
    assert fresh.sentinel("DELETE", comment, token=token).status == 403
    assert fresh.sentinel("DELETE", comment).status == 200


def test_anybody_may_ask_what_they_are_allowed(fresh: Client) -> None:
    token, _ = fresh.emulator.issue_token(ARM, roles=("Microsoft Sentinel Responder",))
    path = "/providers/Microsoft.Authorization/permissions"
    (granted,) = fresh.arm("GET", path, version="2022-04-01", token=token).json()["value"]
    assert "Microsoft.SecurityInsights/incidents/*" in granted["actions"]
    assert "Microsoft.SecurityInsights/incidents/*/Delete" in granted["notActions"]
    (everything,) = fresh.arm("GET", path, version="2022-04-01").json()["value"]
    assert everything["actions"] == ["*"]


def test_a_role_that_does_not_exist_is_named() -> None:
    with pytest.raises(ValueError, match="no role 'Guest'"):
        Emulator().issue_token(ARM, roles=("Guest",))
