from typing import Any

from sentinel_azure_clients import incidents

CALL: dict[str, Any] = {"incident": "1", "title": "Call the owner of the laptop", "description": "Ask for the ticket"}


def tasks(inside: Any) -> list[dict[str, Any]]:
    return inside.session.answer("incident_get", incident="1")["tasks"]


def test_the_token_adds_the_task_once_and_the_name_that_is_told_deletes_it(inside: Any) -> None:
    before = tasks(inside)
    plan = inside.session.answer("incident_task_add", **CALL)
    assert {change["field"]: change["after"] for change in plan["changes"]} == {
        "task": CALL["title"],
        "description": CALL["description"],
    }
    assert tasks(inside) == before
    token = plan["confirmation_token"]
    receipt = inside.session.answer("incident_task_add", **CALL, confirmation_token=token)
    assert [task["title"] for task in tasks(inside)] == [*(task["title"] for task in before), CALL["title"]]
    assert "There is no such plan" in inside.session.refusal("incident_task_add", **CALL, confirmation_token=token)
    assert len(tasks(inside)) == len(before) + 1

    name = receipt["undo"].removeprefix("delete the task ").removesuffix(" in the portal")
    incident = inside.azure(incidents.get, "1").name
    inside.azure(incidents.delete_task, incident, name)
    assert tasks(inside) == before
    assert [(line["fields"], line["outcome"]) for line in inside.audit()] == [
        (["task", "description"], "begun"),
        (["task", "description"], "applied"),
    ]


def test_a_task_of_that_name_that_is_there_already_is_a_conflict(inside: Any) -> None:
    plan = inside.session.answer("incident_task_add", **CALL)
    name = plan["undo"].removeprefix("delete the task ").removesuffix(" in the portal")
    incident = inside.azure(incidents.get, "1").name
    inside.azure(incidents.add_task, incident, title="Theirs", name=name)
    between = tasks(inside)
    refusal = inside.session.refusal("incident_task_add", **CALL, confirmation_token=plan["confirmation_token"])
    assert "already an object of this name" in refusal
    assert tasks(inside) == between


def test_bad_input_is_named_in_a_sentence(untouched: Any) -> None:
    assert "99999" in untouched.session.refusal("incident_task_add", incident="99999", title="x")
    assert "the argument 'title' is missing" in untouched.session.refusal("incident_task_add", incident="1")
    assert "title: string should have at most 150" in untouched.session.refusal(
        "incident_task_add", incident="1", title="x" * 151
    )
