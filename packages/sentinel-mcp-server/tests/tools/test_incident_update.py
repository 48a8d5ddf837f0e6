import json
from pathlib import Path
from typing import Any

import pytest

from sentinel_mcp_server.testing import Session, text


def worst(session: Session) -> dict[str, Any]:
    return session.answer("incident_list", status=["New"])["incidents"][0]


def state(session: Session, number: int) -> dict[str, Any]:
    return session.answer("incident_get", incident=str(number))["incident"]


def test_a_plan_shows_each_change_and_writes_nothing(writable: Session) -> None:
    before = worst(writable)
    plan = writable.answer("incident_update", incident=str(before["number"]), status="Active", severity="Low")
    assert plan["applied"] is False
    assert plan["changes"] == [
        {"field": "status", "before": "New", "after": "Active"},
        {"field": "severity", "before": before["severity"], "after": "Low"},
    ]
    assert plan["confirmation_token"]
    assert state(writable, before["number"]) == before


def test_the_token_applies_the_plan_once_and_the_receipt_says_how_to_undo_it(writable: Session, tmp_path: Path) -> None:
    before = worst(writable)
    call: dict[str, Any] = {"incident": str(before["number"]), "status": "Active", "owner": "dana.willow@contoso.com"}
    token = writable.answer("incident_update", **call)["confirmation_token"]
    receipt = writable.answer("incident_update", **call, confirmation_token=token)
    assert receipt["applied"] is True
    after = state(writable, before["number"])
    assert (after["status"], after["owner"], after["etag"]) == ("Active", "dana.willow@contoso.com", receipt["etag"])
    assert after["title"] == before["title"]
    assert receipt["undo"] == "incident_update with status='New', owner=''"

    assert "There is no such plan" in writable.refusal("incident_update", **call, confirmation_token=token)
    assert state(writable, before["number"])["etag"] == after["etag"]

    lines = [json.loads(line) for line in (tmp_path / "audit.jsonl").read_text("utf-8").splitlines()]
    assert [line["outcome"] for line in lines] == ["begun", "applied"]
    assert lines[0]["fields"] == ["status", "owner"]
    assert "dana" not in str(lines)


def test_a_change_by_somebody_else_in_between_is_a_conflict_and_nothing_is_written(writable: Session) -> None:
    number = str(worst(writable)["number"])
    mine: dict[str, Any] = {"incident": number, "severity": "Low"}
    theirs: dict[str, Any] = {"incident": number, "status": "Active"}
    my_token = writable.answer("incident_update", **mine)["confirmation_token"]
    their_token = writable.answer("incident_update", **theirs)["confirmation_token"]
    writable.answer("incident_update", **theirs, confirmation_token=their_token)
    between = state(writable, int(number))
    refusal = writable.refusal("incident_update", **mine, confirmation_token=my_token)
    assert "Read it again and decide anew" in refusal
    assert state(writable, int(number)) == between


def test_a_token_is_good_for_its_own_arguments_and_tool_only(writable: Session) -> None:
    number = str(worst(writable)["number"])
    token = writable.answer("incident_update", incident=number, severity="Low")["confirmation_token"]
    assert "The arguments are not those" in writable.refusal(
        "incident_update", incident=number, severity="High", confirmation_token=token
    )
    assert "There is no such plan" in writable.refusal(
        "incident_comment_add", incident=number, message="x", confirmation_token=token
    )
    assert writable.answer("incident_update", incident=number, severity="Low", confirmation_token=token)["applied"]


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ({}, "Nothing to change was given"),
        ({"status": "New"}, "there is nothing to change"),
        ({"status": "Closed"}, "status: input should be 'New' or 'Active'"),
        ({"status": "Active", "confirmation_token": "guess"}, "There is no such plan"),
    ],
)
def test_bad_input_is_named_in_a_sentence(writable: Session, arguments: dict[str, str], says: str) -> None:
    number = str(worst(writable)["number"])
    assert says in writable.refusal("incident_update", incident=number, **arguments)


def test_an_unknown_incident_is_named(writable: Session) -> None:
    assert "99999" in writable.refusal("incident_update", incident="99999", status="Active")


def test_the_plan_tells_the_model_to_ask_a_person(writable: Session) -> None:
    shown = text(writable.call("incident_update", incident=str(worst(writable)["number"]), status="Active"))
    assert shown.startswith("plan only, nothing was written. Show it to the person you work for")


def test_an_owner_is_found_by_the_name_that_signs_in(writable: Session) -> None:
    names = writable.answer(
        "query_run", query="SigninLogs | summarize by UserDisplayName, UserPrincipalName | take 1", timespan="14d"
    )
    display, account = names["tables"][0]["rows"][0]
    call: dict[str, Any] = {"incident": "3", "owner": display.upper()}
    plan = writable.answer("incident_update", **call)
    assert plan["changes"] == [{"field": "owner", "before": plan["changes"][0]["before"], "after": account}]
    writable.answer("incident_update", **call, confirmation_token=plan["confirmation_token"])
    assert account in str(writable.answer("incident_get", incident="3")["incident"])


@pytest.mark.parametrize("owner", ["Nobody At All", "x' or 1==1 //"])
def test_a_name_that_nobody_signs_in_with_is_refused(writable: Session, owner: str) -> None:
    refusal = writable.refusal("incident_update", incident="3", owner=owner)
    assert "has signed in within 30 days: give the user principal name" in refusal
