"""Writing incidents and what belongs to them, by both ways in, and fifty writers at once."""

import asyncio
from typing import TYPE_CHECKING, Any

import pytest

from sentinel_azure_clients import (
    AzureServicesContext,
    Conflict,
    InvalidInput,
    NotFound,
    Owner,
    bookmarks,
    incidents,
    playbooks,
)
from sentinel_azure_clients.incidents import Incident
from sentinel_emulator import Emulator

if TYPE_CHECKING:
    from collections.abc import Callable

from .conftest import FIGURES

pytestmark = pytest.mark.anyio


async def new_incident(azure: AzureServicesContext, **settings: Any) -> Incident:
    """An incident of a test's own."""
    given: dict[str, Any] = {"title": "made by a test", "severity": "Low", **settings}
    return await incidents.create(azure, **given)


async def test_an_incident_lives_from_creation_to_deletion(azure: AzureServicesContext) -> None:
    made = await new_incident(
        azure, description="d", labels=["one"], owner=Owner(user_principal_name="ann@example.com")
    )
    assert made.number is not None
    assert await incidents.get(azure, made.number) == made
    with pytest.raises(Conflict):
        await incidents.create(azure, title="again", severity="Low", name=made.name)
    changed = await incidents.update(azure, made.name, severity="High", labels=["one", "two"], etag=made.etag)
    assert (changed.severity, changed.labels, changed.description) == ("High", ("one", "two"), "d")
    with pytest.raises(Conflict) as stale:
        await incidents.update(azure, made.name, title="stale", etag=made.etag)
    assert (stale.value.ours, stale.value.theirs) == ({"title": "stale"}, {"title": "made by a test"})
    assert (await incidents.get(azure, made.name)).title == "made by a test"
    assert (await incidents.assign(azure, made.name, None)).owner is None
    closed = await incidents.close(
        azure, made.name, classification="FalsePositive", reason="InaccurateData", comment="x"
    )
    assert (closed.status, closed.classification, closed.classification_reason) == (
        "Closed",
        "FalsePositive",
        "InaccurateData",
    )
    assert (closed.severity, closed.labels) == ("High", ("one", "two"))
    await incidents.delete(azure, made.name)
    with pytest.raises(NotFound):
        await incidents.get(azure, made.name)


async def test_comments_tasks_and_relations_come_and_go(azure: AzureServicesContext) -> None:
    incident = (await new_incident(azure)).name
    comment = await incidents.add_comment(azure, incident, "what I saw")
    assert (await incidents.get_comment(azure, incident, comment.name)).message == "what I saw"
    assert [c.name for c in await incidents.list_comments(azure, incident)] == [comment.name]
    assert (await incidents.get(azure, incident)).comment_count == 1
    await incidents.delete_comment(azure, incident, comment.name)
    assert len(await incidents.list_comments(azure, incident)) == 0

    task = await incidents.add_task(azure, incident, title="call", description="them")
    done = await incidents.update_task(azure, incident, task.name, status="Completed", etag=task.etag)
    assert (done.status, done.title) == ("Completed", "call")
    assert [t.status for t in await incidents.list_tasks(azure, incident)] == ["Completed"]
    await incidents.delete_task(azure, incident, task.name)
    assert len(await incidents.list_tasks(azure, incident)) == 0

    bookmark = await bookmarks.create_bookmark(azure, display_name="kept", query="SigninLogs | take 1")
    relation = await incidents.relate(azure, incident, bookmark.id)
    assert [r.related_name for r in await incidents.list_relations(azure, incident)] == [bookmark.name]
    assert [b.name for b in await incidents.list_bookmarks(azure, incident)] == [bookmark.name]
    with pytest.raises(Conflict):
        await incidents.relate(azure, incident, bookmark.id, name=relation.name)
    await incidents.unrelate(azure, incident, relation.name)
    assert len(await incidents.list_relations(azure, incident)) == 0
    await bookmarks.delete_bookmark(azure, bookmark.name)
    await incidents.delete(azure, incident)


async def test_a_playbook_is_run_on_an_incident(azure: AzureServicesContext, emulator: Emulator) -> None:
    (first, *_) = await playbooks.list_playbooks(azure)
    assert first.id in {playbook.id for playbook in await playbooks.list_playbooks(azure, everywhere=True)}
    incident = (await incidents.list_page(azure, top=1)).items[0]
    tenant = emulator.workspace.tenant_id
    await playbooks.run_on_incident(azure, incident.name, first.id, tenant_id=tenant)
    entity = (await incidents.list_entities(azure, incident.name))[0]
    await playbooks.run_on_entity(azure, entity.name, first.id, tenant_id=tenant, incident=incident.name)
    with pytest.raises(InvalidInput):
        await playbooks.run_on_incident(azure, incident.name, "Block", tenant_id=tenant)
    with pytest.raises(NotFound):
        await playbooks.run_on_incident(azure, "00000000-0000-0000-0000-000000000000", first.id, tenant_id=tenant)


FIELDS = ("title", "description", "severity", "labels")


def state(incident: Incident) -> dict[str, Any]:
    """What the writers write."""
    return {field: getattr(incident, field) for field in FIELDS}


def wish_of(turn: int, number: int) -> dict[str, Any]:
    """What a writer wants; every fourth one wants the same field."""
    word = f"writer {number} in turn {turn}"
    severity = ("High", "Medium", "Low", "Informational")[(number // 4) % 4]
    makers: tuple[Callable[[], dict[str, Any]], ...] = (
        lambda: {"title": word},
        lambda: {"description": word},
        lambda: {"severity": severity},
        lambda: {"labels": (word,)},
    )
    return makers[number % 4]()


async def test_fifty_writers_at_once_lose_no_update(
    over_tls: AzureServicesContext, pytestconfig: pytest.Config
) -> None:
    made = await new_incident(over_tls, description="start", labels=["start"])
    before = state(made)
    written = refused = lost = 0
    for turn in range(20):
        wishes = [wish_of(turn, number) for number in range(50)]
        outcomes = await asyncio.gather(
            *(incidents.update(over_tls, made.name, **wish) for wish in wishes), return_exceptions=True
        )
        assert {type(outcome) for outcome in outcomes} <= {Incident, Conflict}
        refused += sum(isinstance(outcome, Conflict) for outcome in outcomes)
        versions = [(o, w) for o, w in zip(outcomes, wishes, strict=True) if isinstance(o, Incident)]
        written += len(versions)
        # Each version must be the one before it with its writer's one field changed: follow the chain to its end.
        left = list(versions)
        while left:
            following = [(o, w) for o, w in left if state(o) == {**before, **w}]
            if not following:
                lost += len(left)
                break
            chosen = min(following, key=lambda version: str(version[0].raw["properties"]["lastModifiedTimeUtc"]))
            left.remove(chosen)
            before = state(chosen[0])
        assert state(await incidents.get(over_tls, made.name)) == before
    figure = f"50 writers, 20 rounds: {written} updates written, {refused} refused as Conflict, {lost} lost"
    pytestconfig.stash.setdefault(FIGURES, []).append(figure)
    assert lost == 0
    assert written + refused == 1000
    assert written >= 20 * len(FIELDS)
    await incidents.delete(over_tls, made.name)
