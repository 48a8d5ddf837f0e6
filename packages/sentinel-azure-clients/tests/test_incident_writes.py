from typing import Any

import pytest

from sentinel_azure_clients import Conflict, InvalidInput, NotFound, Owner, incidents
from sentinel_azure_clients.testing import FakeAzure, fake_context

NAME = "0bb93d60-a942-42f4-a8de-41d4b42cfd18"


def workspace() -> tuple[FakeAzure, dict[str, Any]]:
    azure = FakeAzure()
    owner = {"objectId": "o", "email": None, "assignedTo": "Ann", "userPrincipalName": None, "ownerType": "User"}
    properties = {"title": "T", "severity": "High", "status": "New", "owner": owner}
    return azure, azure.keep("/incidents", {"id": "/i", "name": NAME, "etag": '"1"', "properties": properties})


async def test_an_incident_is_made_with_what_was_given() -> None:
    azure, kept = workspace()
    owner = Owner(object_id="o", user_principal_name="ann@example.com")
    async with fake_context(azure) as context:
        made = await incidents.create(
            context, title="New one", severity="medium", description="d", owner=owner, labels=["vip"]
        )
    assert (made.title, made.severity, made.status, made.labels) == ("New one", "Medium", "New", ("vip",))
    assert made.owner is not None
    assert made.owner.label == "ann@example.com"
    assert kept[made.name]["properties"]["description"] == "d"


@pytest.mark.parametrize(
    ("classification", "reason", "sent"),
    [
        ("TruePositive", None, "SuspiciousActivity"),
        ("truepositive", "SuspiciousActivity", "SuspiciousActivity"),
        ("BenignPositive", None, "SuspiciousButExpected"),
        ("FalsePositive", "InaccurateData", "InaccurateData"),
        ("Undetermined", None, None),
    ],
)
async def test_closing_says_what_it_was(classification: str, reason: str | None, sent: str | None) -> None:
    azure, kept = workspace()
    async with fake_context(azure) as context:
        closed = await incidents.close(context, NAME, classification=classification, reason=reason, comment="why")
    assert (closed.status, closed.classification_reason, closed.classification_comment) == ("Closed", sent, "why")
    assert kept[NAME]["properties"]["title"] == "T"


@pytest.mark.parametrize(
    ("classification", "reason", "told"),
    [
        ("Harmless", None, "no classification 'Harmless'"),
        ("FalsePositive", None, "IncorrectAlertLogic or InaccurateData"),
        ("Undetermined", "InaccurateData", "no reason at all"),
        ("TruePositive", "InaccurateData", "takes SuspiciousActivity"),
    ],
)
async def test_a_classification_that_does_not_fit_is_refused_unsent(
    classification: str, reason: str | None, told: str
) -> None:
    azure, _ = workspace()
    async with fake_context(azure) as context:
        with pytest.raises(InvalidInput, match=told):
            await incidents.close(context, NAME, classification=classification, reason=reason)
    assert azure.requests == []


async def test_an_incident_is_given_to_somebody_and_taken_away() -> None:
    azure, kept = workspace()
    async with fake_context(azure) as context:
        given = await incidents.assign(context, NAME, Owner(name="Bob"))
        taken = await incidents.assign(context, NAME, None)
    assert given.owner is not None
    assert given.owner.label == "Bob"
    assert taken.owner is None
    assert kept[NAME]["properties"]["owner"]["assignedTo"] is None


async def test_fields_are_changed_and_emptied() -> None:
    azure, kept = workspace()
    async with fake_context(azure) as context:
        found = await incidents.update(context, NAME, title="X", description=None, status="active", labels=["a", "b"])
        with pytest.raises(InvalidInput, match=r"incidents\.close"):
            await incidents.update(context, NAME, status="Closed")
        with pytest.raises(InvalidInput, match="needs a title"):
            await incidents.update(context, NAME, title=" ")
        with pytest.raises(InvalidInput, match="no severity 'Huge'"):
            await incidents.create(context, title="x", severity="Huge")
    assert (found.title, found.status, found.labels) == ("X", "Active", ("a", "b"))
    assert kept[NAME]["properties"]["description"] is None


async def test_labels_that_stay_keep_what_the_service_says_of_them() -> None:
    azure, kept = workspace()
    kept[NAME]["properties"]["labels"] = [
        {"labelName": "old", "labelType": "User"},
        {"labelName": "auto", "labelType": "AutoAssigned", "odd": 1},
    ]
    async with fake_context(azure) as context:
        found = await incidents.update(context, NAME, labels=["auto", "new"])
        with pytest.raises(Conflict) as conflict:
            await incidents.update(context, NAME, labels=["other"], etag="stale")
    assert found.labels == ("auto", "new")
    assert kept[NAME]["properties"]["labels"] == [
        {"labelName": "auto", "labelType": "AutoAssigned", "odd": 1},
        {"labelName": "new"},
    ]
    assert conflict.value.ours == {"labels": [{"labelName": "other"}]}
    assert conflict.value.theirs == {"labels": kept[NAME]["properties"]["labels"]}


async def test_an_incident_is_deleted() -> None:
    azure, kept = workspace()
    async with fake_context(azure) as context:
        await incidents.delete(context, NAME)
        await incidents.delete(context, NAME)
    assert kept == {}


async def test_comments_are_added_read_and_deleted() -> None:
    azure, _ = workspace()
    kept = azure.keep(f"/incidents/{NAME}/comments")
    async with fake_context(azure) as context:
        made = await incidents.add_comment(context, NAME, "hello <b>")
        assert (await incidents.get_comment(context, NAME, made.name)).message == "hello <b>"
        assert [c.name for c in await incidents.list_comments(context, NAME)] == [made.name]
        await incidents.delete_comment(context, NAME, made.name)
        for message in ("", " \n", "x" * 30_001):
            with pytest.raises(InvalidInput, match="30,000 characters"):
                await incidents.add_comment(context, NAME, message)
    assert kept == {}


async def test_tasks_are_added_changed_and_deleted() -> None:
    azure, _ = workspace()
    kept = azure.keep(f"/incidents/{NAME}/tasks")
    async with fake_context(azure) as context:
        made = await incidents.add_task(context, NAME, title="Call", description="them")
        done = await incidents.update_task(context, NAME, made.name, status="completed", etag=made.etag)
        assert (made.status, done.status, done.title, done.description) == ("New", "Completed", "Call", "them")
        assert [task.name for task in await incidents.list_tasks(context, NAME)] == [made.name]
        with pytest.raises(InvalidInput, match="no status 'Later'"):
            await incidents.update_task(context, NAME, made.name, status="Later")
        await incidents.delete_task(context, NAME, made.name)
    assert kept == {}


async def test_an_incident_is_linked_and_unlinked() -> None:
    azure, _ = workspace()
    kept = azure.keep(f"/incidents/{NAME}/relations")
    async with fake_context(azure) as context:
        made = await incidents.relate(context, NAME, "/subscriptions/s/bookmarks/b")
        assert [r.related_id for r in await incidents.list_relations(context, NAME)] == ["/subscriptions/s/bookmarks/b"]
        with pytest.raises(InvalidInput, match="no resource id"):
            await incidents.relate(context, NAME, "bookmark")
        await incidents.unrelate(context, NAME, made.name)
        with pytest.raises(NotFound):
            await incidents.get_comment(context, NAME, made.name)
    assert kept == {}


async def test_bookmarks_of_an_incident_come_as_entities() -> None:
    azure, _ = workspace()
    bookmark = {"id": "/b", "name": "b", "kind": "Bookmark", "properties": {"displayName": "kept"}}
    azure.answer("POST", f"/incidents/{NAME}/bookmarks", json={"value": [bookmark]})
    async with fake_context(azure) as context:
        (found,) = await incidents.list_bookmarks(context, NAME)
    assert (found.kind, found.properties["displayName"]) == ("Bookmark", "kept")
