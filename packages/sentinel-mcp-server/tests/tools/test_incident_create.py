from typing import Any

import pytest

from sentinel_azure_clients import incidents

CALL: dict[str, Any] = {
    "title": "Mail forwarded to a stranger",
    "severity": "Medium",
    "description": "Seen in OfficeActivity",
    "owner": "dana.willow@contoso.com",
    "labels": ["mail"],
}


def titles(inside: Any) -> list[str]:
    return [incident["title"] for incident in inside.session.answer("incident_list")["incidents"]]


def test_a_plan_shows_the_incident_and_makes_none(untouched: Any) -> None:
    before = titles(untouched)
    plan = untouched.session.answer("incident_create", **CALL)
    assert plan["applied"] is False
    assert {change["field"]: change["after"] for change in plan["changes"]} == {**CALL, "status": "New"}
    assert titles(untouched) == before
    assert untouched.audit() == []


def test_the_token_makes_it_once_and_the_undo_that_is_told_closes_it(inside: Any) -> None:
    token = inside.session.answer("incident_create", **CALL)["confirmation_token"]
    receipt = inside.session.answer("incident_create", **CALL, confirmation_token=token)
    name = receipt["object"].removeprefix("new incident ")
    made = inside.session.answer("incident_get", incident=name)["incident"]
    assert (made["title"], made["severity"], made["status"], made["owner"], made["etag"]) == (
        CALL["title"],
        "Medium",
        "New",
        "dana.willow@contoso.com",
        receipt["etag"],
    )
    assert "There is no such plan" in inside.session.refusal("incident_create", **CALL, confirmation_token=token)
    assert titles(inside).count(CALL["title"]) == 1

    assert receipt["undo"].startswith(f"incident_close with incident='{name}', classification='Undetermined'")
    inside.confirmed("incident_close", incident=name, classification="Undetermined")
    assert inside.session.answer("incident_get", incident=name)["incident"]["status"] == "Closed"

    assert [line["outcome"] for line in inside.audit()] == ["begun", "applied", "begun", "applied"]
    assert "Seen in OfficeActivity" not in str(inside.audit())


def test_a_plan_whose_incident_is_there_already_is_a_conflict_and_changes_nothing(inside: Any) -> None:
    plan = inside.session.answer("incident_create", **CALL)
    name = plan["object"].removeprefix("new incident ")
    inside.azure(incidents.create, title="Theirs", severity="Low", name=name)
    refusal = inside.session.refusal("incident_create", **CALL, confirmation_token=plan["confirmation_token"])
    assert "already an object of this name" in refusal
    assert inside.session.answer("incident_get", incident=name)["incident"]["title"] == "Theirs"
    assert [line["outcome"] for line in inside.audit()] == ["begun", "Conflict"]


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ({"title": "x"}, "the argument 'severity' is missing"),
        ({"title": "", "severity": "Low"}, "title: string should have at least 1 character"),
        ({"title": "x", "severity": "Huge"}, "severity: input should be 'High'"),
        ({"title": "x", "severity": "Low", "labels": "mail"}, "labels: input should be a valid list"),
        ({"title": "x", "severity": "Low", "alert": "y"}, "there is no argument 'alert'"),
    ],
)
def test_bad_input_is_named_in_a_sentence(untouched: Any, arguments: dict[str, Any], says: str) -> None:
    assert says in untouched.session.refusal("incident_create", **arguments)


def test_a_blank_title_is_refused_when_it_is_applied_and_nothing_is_made(inside: Any) -> None:
    call = {"title": " ", "severity": "Low"}
    token = inside.session.answer("incident_create", **call)["confirmation_token"]
    before = titles(inside)
    assert "needs a title" in inside.session.refusal("incident_create", **call, confirmation_token=token)
    assert titles(inside) == before
