import json
from typing import Any

import pytest

from sentinel_azure_clients import bookmarks

CALL: dict[str, Any] = {
    "title": "Rule that hides mail",
    "query": "OfficeActivity | where Operation == 'New-InboxRule'",
    "row": {"UserId": "dana.willow@contoso.com", "Count": 3},
    "notes": "Made minutes after the sign-in",
    "labels": ["mail"],
    "event_time": "2026-01-31T08:00",
}


def kept(inside: Any) -> list[str]:
    return [bookmark["display_name"] for bookmark in inside.session.answer("bookmark_list")["bookmarks"]]


def test_the_token_keeps_it_once_whole_and_under_the_name_that_is_told(inside: Any) -> None:
    before = kept(inside)
    plan = inside.session.answer("bookmark_create", **CALL)
    assert {change["field"]: change["after"] for change in plan["changes"]} == CALL
    assert kept(inside) == before
    token = plan["confirmation_token"]
    receipt = inside.session.answer("bookmark_create", **CALL, confirmation_token=token)
    assert sorted(kept(inside)) == sorted([*before, CALL["title"]])
    assert "There is no such plan" in inside.session.refusal("bookmark_create", **CALL, confirmation_token=token)

    name = receipt["object"].removeprefix("new bookmark ")
    made = inside.azure(bookmarks.get_bookmark, name)
    assert (made.query, made.notes, made.labels, made.etag) == (
        CALL["query"],
        CALL["notes"],
        ("mail",),
        receipt["etag"],
    )
    assert json.loads(made.query_result or "") == CALL["row"]
    assert made.event_at is not None
    assert made.event_at.isoformat() == "2026-01-31T08:00:00+00:00"
    assert receipt["undo"] == f"delete the bookmark {name} in the portal"
    inside.azure(bookmarks.delete_bookmark, name)
    assert kept(inside) == before
    assert [line["outcome"] for line in inside.audit()] == ["begun", "applied"]


def test_a_bookmark_of_that_name_that_is_there_already_is_a_conflict(inside: Any) -> None:
    plan = inside.session.answer("bookmark_create", **CALL)
    name = plan["object"].removeprefix("new bookmark ")
    inside.azure(bookmarks.create_bookmark, display_name="Theirs", query="print 1", name=name)
    inside.session.refusal("bookmark_create", **CALL, confirmation_token=plan["confirmation_token"])
    assert inside.azure(bookmarks.get_bookmark, name).display_name == "Theirs"


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ({"query": "SigninLogs | where Nope == 1"}, "it is invalid"),
        ({"query": ".drop table SigninLogs"}, "was not sent"),
        ({"query": " "}, "The query is empty"),
        ({"event_time": "yesterday"}, "is no moment"),
        ({"row": "a"}, "row: input should be a valid dictionary"),
    ],
)
def test_bad_input_is_named_in_a_sentence(untouched: Any, arguments: dict[str, Any], says: str) -> None:
    before = kept(untouched)
    assert says in untouched.session.refusal("bookmark_create", **(CALL | arguments))
    assert kept(untouched) == before
