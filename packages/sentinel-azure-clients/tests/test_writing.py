import asyncio
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sentinel_azure_clients import Conflict, InvalidInput, NotFound, Unreachable, incidents
from sentinel_azure_clients._writing import changed, same_etag, value_at, wire_name
from sentinel_azure_clients.testing import Answer, FakeAzure, Request, fake_context

NAME = "0bb93d60-a942-42f4-a8de-41d4b42cfd18"


def source(**properties: Any) -> dict[str, Any]:
    return {
        "id": f"/incidents/{NAME}",
        "name": NAME,
        "etag": '"first"',
        "brandNew": [1, {"kept": True}],
        "properties": {"title": "T", "severity": "High", "status": "New", "unknown": {"a": 1}, **properties},
    }


async def test_a_change_keeps_everything_else_the_service_sent() -> None:
    azure = FakeAzure()
    kept = azure.keep("/incidents", source())
    async with fake_context(azure) as context:
        found = await incidents.update(context, NAME, severity="low")
    assert found.severity == "Low"
    assert [request.method for request in azure.requests] == ["GET", "PUT"]
    assert azure.requests[1].body == source(severity="Low")
    assert kept[NAME]["brandNew"] == [1, {"kept": True}]


def change_behind_the_back(azure: FakeAzure, kept: dict[str, Any], times: int, **properties: Any) -> None:
    """Let somebody else write just before each of the next puts arrives."""
    left = times
    store = azure._prepared[1][2][0]  # pyright: ignore[reportPrivateUsage] - the kept objects' own PUT

    def put(request: Request) -> Answer:
        nonlocal left
        if left:
            left -= 1
            kept[NAME] = {**kept[NAME], "etag": f'"other {left}"'}
            kept[NAME]["properties"] = {**kept[NAME]["properties"], **properties}
        assert callable(store)
        return store(request)

    azure.answer("PUT", "/incidents/{}", put)


async def test_a_change_is_made_again_on_top_of_another_ones() -> None:
    azure = FakeAzure()
    kept = azure.keep("/incidents", source())
    change_behind_the_back(azure, kept, 3, description="theirs")
    async with fake_context(azure) as context:
        await incidents.update(context, NAME, severity="Low")
    assert kept[NAME]["properties"]["severity"] == "Low"
    assert kept[NAME]["properties"]["description"] == "theirs"
    assert [request.method for request in azure.requests] == ["GET", "PUT"] * 4


async def test_a_change_to_the_same_field_is_a_conflict_with_both_versions() -> None:
    azure = FakeAzure()
    kept = azure.keep("/incidents", source())
    change_behind_the_back(azure, kept, 1, severity="Medium")
    async with fake_context(azure) as context:
        with pytest.raises(Conflict) as conflict:
            await incidents.update(context, NAME, severity="Low", title="mine")
    assert conflict.value.ours == {"severity": "Low", "title": "mine"}
    assert conflict.value.theirs == {"severity": "Medium", "title": "T"}
    assert kept[NAME]["properties"]["severity"] == "Medium"
    assert kept[NAME]["properties"]["title"] == "T"


async def test_closing_an_incident_with_a_stale_etag_changes_nothing() -> None:
    azure = FakeAzure()
    kept = azure.keep("/incidents", source())
    async with fake_context(azure) as context:
        with pytest.raises(Conflict) as conflict:
            await incidents.close(context, NAME, classification="TruePositive", etag='"older"')
    assert conflict.value.theirs["status"] == "New"
    assert kept[NAME] == source()
    assert [request.method for request in azure.requests] == ["GET"]


async def test_with_an_etag_a_change_in_between_is_a_conflict_whatever_it_touches() -> None:
    azure = FakeAzure()
    kept = azure.keep("/incidents", source())
    change_behind_the_back(azure, kept, 1, description="theirs")
    async with fake_context(azure) as context:
        with pytest.raises(Conflict):
            await incidents.update(context, NAME, severity="Low", etag="first")
    assert kept[NAME]["properties"]["severity"] == "High"


async def test_an_object_that_never_rests_ends_in_a_conflict() -> None:
    azure = FakeAzure()
    kept = azure.keep("/incidents", source())
    change_behind_the_back(azure, kept, 1000, description="theirs")
    async with fake_context(azure) as context:
        with pytest.raises(Conflict):
            await incidents.update(context, NAME, severity="Low")
    assert len(azure.requests) < 50


async def test_a_refusal_for_another_reason_is_passed_on_at_once() -> None:
    azure = FakeAzure()
    azure.keep("/incidents", source())
    azure.answer("PUT", "/incidents/{}", status=409, json={"error": {"code": "Locked", "message": "a lock is on it"}})
    async with fake_context(azure) as context:
        with pytest.raises(Conflict, match="a lock is on it"):
            await incidents.update(context, NAME, severity="Low")
    assert [request.method for request in azure.requests] == ["GET", "PUT", "GET"]


async def test_fifty_writers_lose_no_update() -> None:
    azure = FakeAzure()
    kept = azure.keep("/incidents", source(labels=[]))
    fields = ("title", "description", "severity", "labels")

    def state(properties: dict[str, Any]) -> dict[str, Any]:
        return {field: properties.get(field) for field in fields}

    async with fake_context(azure, deadline=30) as context:
        for turn in range(5):
            before = state(kept[NAME]["properties"])
            wishes: list[dict[str, Any]] = []
            for n in range(50):
                severity = ("High", "Medium", "Low", "Informational")[n % 4]
                word = f"{n} in {turn}"
                wishes.append(
                    ({"title": word}, {"description": word}, {"severity": severity}, {"labels": [word]})[n % 4]
                )
            done = await asyncio.gather(
                *(incidents.update(context, NAME, **wish) for wish in wishes), return_exceptions=True
            )
            assert {type(outcome) for outcome in done} <= {incidents.Incident, Conflict}
            written = [
                (int((outcome.etag or "").strip('"')), outcome, wish)
                for outcome, wish in zip(done, wishes, strict=True)
                if isinstance(outcome, incidents.Incident)
            ]
            assert len(written) >= len(fields)
            # Every version differs from the one before it only in what its writer wanted: nothing in between was lost.
            for _, outcome, wish in sorted(written, key=lambda version: version[0]):
                after = state(outcome.raw["properties"])
                ((field, value),) = wish.items()
                wanted = [{"labelName": label} for label in value] if field == "labels" else value
                assert after == {**before, field: wanted}
                before = after
            assert state(kept[NAME]["properties"]) == before


async def test_a_write_that_may_have_happened_is_not_sent_again() -> None:
    azure = FakeAzure()
    azure.keep("/incidents", source())
    azure.answer("PUT", "/incidents/{}", Answer(status=500))
    async with fake_context(azure) as context:
        with pytest.raises(Unreachable):
            await incidents.update(context, NAME, severity="Low")
        azure.answer("PUT", "/incidents/{}", Answer(break_after=0))
        with pytest.raises(Unreachable):
            await incidents.update(context, NAME, severity="Low")
    assert [request.method for request in azure.requests] == ["GET", "PUT"] * 2


async def test_a_name_that_is_taken_is_not_overwritten() -> None:
    azure = FakeAzure()
    kept = azure.keep("/incidents", source())
    async with fake_context(azure) as context:
        with pytest.raises(Conflict) as conflict:
            await incidents.create(context, title="mine", severity="Low", name=NAME)
        made = await incidents.create(context, title="mine", severity="Low")
    assert conflict.value.theirs["title"] == "T"
    assert kept[NAME] == source()
    assert made.name in kept


async def test_half_a_character_that_the_service_sent_survives_a_change() -> None:
    azure = FakeAzure()
    kept = azure.keep("/incidents", source(description="half \ud800"))
    async with fake_context(azure) as context:
        await incidents.update(context, NAME, severity="Low")
    assert kept[NAME]["properties"]["description"] == "half \ud800"


async def test_what_is_not_there_cannot_be_changed() -> None:
    azure = FakeAzure()
    azure.keep("/incidents")
    async with fake_context(azure) as context:
        with pytest.raises(NotFound):
            await incidents.update(context, NAME, severity="Low")
        with pytest.raises(InvalidInput, match="Nothing is to be changed"):
            await incidents.update(context, NAME)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=3),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=8,
)


@given(
    st.dictionaries(st.text(max_size=3), JSON, max_size=4), st.lists(st.text(max_size=3), min_size=1, max_size=3), JSON
)
def test_a_change_sets_its_place_and_leaves_the_source_alone(
    before: dict[str, Any], place: list[str], value: Any
) -> None:
    copy = dict(before.items())
    after = changed(before, {tuple(place): value})
    assert value_at(after, tuple(place)) == value
    assert before == copy
    assert {key: inner for key, inner in after.items() if key != place[0]} == {
        key: inner for key, inner in before.items() if key != place[0]
    }


def test_etags_are_compared_without_their_quotes() -> None:
    assert same_etag('"a"', "a")
    assert not same_etag('"a"', '"b"')
    assert not same_etag(None, None)


def test_names_are_written_as_the_wire_has_them() -> None:
    assert wire_name("classification_comment") == "classificationComment"
    assert wire_name("title") == "title"


async def test_an_object_without_an_etag_that_is_refused_is_not_asked_for_again_and_again() -> None:
    azure = FakeAzure()
    bare = source()
    del bare["etag"]
    azure.answer("GET", f"/incidents/{NAME}", json=bare)
    refusal = {"error": {"code": "Conflict", "message": "because"}}
    azure.answer("PUT", f"/incidents/{NAME}", status=409, json=refusal)
    async with fake_context(azure) as context:
        with pytest.raises(Conflict, match="because"):
            await incidents.update(context, NAME, severity="Low")
    assert [request.method for request in azure.requests] == ["GET", "PUT", "GET"]
