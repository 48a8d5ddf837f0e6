from typing import Any

import pytest

from sentinel_mcp_server.testing import Session


def test_closing_takes_a_plan_a_classification_and_the_token(writable: Session) -> None:
    number = str(writable.answer("incident_list", status=["New"])["incidents"][0]["number"])
    call: dict[str, Any] = {
        "incident": number,
        "classification": "BenignPositive",
        "reason": "SuspiciousButExpected",
        "comment": "A test of ours.",
    }
    plan = writable.answer("incident_close", **call)
    assert {change["field"] for change in plan["changes"]} == {"status", "classification", "reason", "comment"}
    assert writable.answer("incident_get", incident=number)["incident"]["status"] == "New"
    writable.answer("incident_close", **call, confirmation_token=plan["confirmation_token"])
    after = writable.answer("incident_get", incident=number)["incident"]
    assert (after["status"], after["classification"]) == ("Closed", "BenignPositive")


def test_closing_an_incident_with_a_stale_etag_changes_nothing(writable: Session) -> None:
    number = str(writable.answer("incident_list", status=["New"])["incidents"][0]["number"])
    call: dict[str, Any] = {"incident": number, "classification": "Undetermined"}
    token = writable.answer("incident_close", **call)["confirmation_token"]
    other: dict[str, Any] = {"incident": number, "severity": "Low"}
    writable.answer(
        "incident_update", **other, confirmation_token=writable.answer("incident_update", **other)["confirmation_token"]
    )
    before = writable.answer("incident_get", incident=number)["incident"]
    writable.refusal("incident_close", **call, confirmation_token=token)
    assert writable.answer("incident_get", incident=number)["incident"] == before


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ({"classification": "Wrong"}, "classification: input should be 'TruePositive'"),
        ({}, "the argument 'classification' is missing"),
    ],
)
def test_bad_input_is_named_in_a_sentence(writable: Session, arguments: dict[str, str], says: str) -> None:
    assert says in writable.refusal("incident_close", incident="1", **arguments)


def test_a_reason_that_does_not_fit_is_refused_and_nothing_is_written(writable: Session) -> None:
    number = str(writable.answer("incident_list", status=["New"])["incidents"][0]["number"])
    call: dict[str, Any] = {"incident": number, "classification": "TruePositive", "reason": "InaccurateData"}
    token = writable.answer("incident_close", **call)["confirmation_token"]
    assert "TruePositive takes SuspiciousActivity" in writable.refusal(
        "incident_close", **call, confirmation_token=token
    )
    assert writable.answer("incident_get", incident=number)["incident"]["status"] == "New"
