from datetime import UTC, datetime
from typing import Any

import pytest

from sentinel_azure_clients import InvalidInput, MalformedAnswer, NotAllowed, NotFound, incidents
from sentinel_azure_clients.testing import Answer, FakeAzure, Request, fake_context

NAME = "0bb93d60-a942-42f4-a8de-41d4b42cfd18"
ARM = "https://management.azure.com"


def incident(number: int, **properties: Any) -> dict[str, Any]:
    return {
        "id": f"/incidents/{number}",
        "name": f"00000000-0000-0000-0000-{number:012}",
        "etag": f'"{number}"',
        "properties": {
            "title": f"Incident {number}",
            "severity": "High",
            "status": "New",
            "incidentNumber": number,
            **properties,
        },
    }


def pages(total: int, size: int) -> FakeAzure:
    """A list of incidents in pages, as the service links them."""
    azure = FakeAzure()

    def answer(request: Request) -> Answer:
        start = int(request.query.get("$skipToken", "0"))
        page: dict[str, Any] = {"value": [incident(n) for n in range(start, min(start + size, total))]}
        if start + size < total:
            page["nextLink"] = f"{ARM}{request.path}?api-version=x&$skipToken={start + size}"
        return Answer(json=page)

    azure.answer("GET", "/incidents", answer)
    return azure


async def test_the_conditions_become_one_filter() -> None:
    azure = pages(1, 50)
    async with fake_context(azure) as context:
        await incidents.list_page(
            context,
            statuses=("new", "Active"),
            severities=("High",),
            created_after=datetime(2026, 1, 1, tzinfo=UTC),
            created_before=datetime(2026, 2, 1, tzinfo=UTC),
            modified_after=datetime(2026, 1, 15, tzinfo=UTC),
            title_contains="O'Brien",
            owner="ann@example.com",
            order_by="incidentNumber asc",
            top=10,
            skip_token="0",
        )
    assert azure.requests[0].query == {
        "api-version": "2025-09-01",
        "$orderby": "properties/incidentNumber asc",
        "$top": "10",
        "$skipToken": "0",
        "$filter": (
            "(properties/status eq 'New' or properties/status eq 'Active') and properties/severity eq 'High'"
            " and properties/createdTimeUtc ge 2026-01-01T00:00:00Z"
            " and properties/createdTimeUtc lt 2026-02-01T00:00:00Z"
            " and properties/lastModifiedTimeUtc ge 2026-01-15T00:00:00Z and contains(properties/title, 'O''Brien')"
            " and (properties/owner/userPrincipalName eq 'ann@example.com'"
            " or properties/owner/email eq 'ann@example.com')"
        ),
    }


@pytest.mark.parametrize(
    ("owner", "condition"),
    [(NAME, f"properties/owner/objectId eq '{NAME}'"), ("Ann Lee", "properties/owner/assignedTo eq 'Ann Lee'")],
)
async def test_an_owner_is_an_object_id_or_a_name(owner: str, condition: str) -> None:
    azure = pages(1, 50)
    async with fake_context(azure) as context:
        await incidents.list_page(context, owner=owner)
    assert azure.requests[0].query["$filter"] == condition


async def test_a_page_gives_the_token_of_the_next_one() -> None:
    azure = pages(5, 2)
    async with fake_context(azure) as context:
        first = await incidents.list_page(context, top=2)
        last = await incidents.list_page(context, top=2, skip_token="4")
    assert [item.number for item in first.items] == [0, 1]
    assert first.incidents == [incident(0), incident(1)]
    assert (first.skip_token, first.total_count) == ("2", None)
    assert ([item.number for item in last.items], last.skip_token, last.total_count) == ([4], None, None)


@pytest.mark.parametrize(("up_to", "total", "requests"), [(0, None, 1), (3, None, 2), (100, 5, 3)])
async def test_the_total_is_counted_only_as_far_as_allowed(up_to: int, total: int | None, requests: int) -> None:
    azure = pages(5, 2)
    async with fake_context(azure) as context:
        page = await incidents.list_page(context, top=2, count_up_to=up_to)
    assert (page.total_count, len(page.items), page.skip_token) == (total, 2, "2")
    assert len(azure.requests) == requests


async def test_a_complete_first_page_knows_the_total() -> None:
    async with fake_context(pages(2, 2)) as context:
        page = await incidents.list_page(context)
    assert (page.total_count, page.skip_token) == (2, None)


async def test_a_next_page_on_another_host_is_not_followed() -> None:
    azure = FakeAzure()
    azure.answer("GET", "/incidents", json={"value": [], "nextLink": "https://evil.example/incidents?$skipToken=1"})
    async with fake_context(azure) as context:
        with pytest.raises(MalformedAnswer, match="another host"):
            await incidents.list_page(context, count_up_to=10)
        with pytest.raises(MalformedAnswer, match="another host"):
            _ = [i async for i in context.security_insights_client.incidents.list("rg", "law")]
    assert {request.headers["host"] for request in azure.requests} == {"management.azure.com"}


async def test_pages_that_go_round_in_a_circle_end() -> None:
    azure = FakeAzure()
    link = f"{ARM}/x/comments?$skipToken=1"
    azure.answer("GET", "/comments", json={"value": [], "nextLink": link})
    async with fake_context(azure) as context:
        with pytest.raises(MalformedAnswer, match="circle"):
            await incidents.list_comments(context, NAME)


async def test_a_list_that_never_ends_is_stopped_and_says_so() -> None:
    azure = FakeAzure()

    def answer(request: Request) -> Answer:
        turn = int(request.query.get("$skipToken", "0")) + 1
        comment = {"id": f"/{turn}", "name": str(turn), "properties": {"message": "m"}}
        return Answer(json={"value": [comment], "nextLink": f"{ARM}{request.path}?$skipToken={turn}"})

    azure.answer("GET", "/comments", answer)
    async with fake_context(azure, page_limit=4) as context:
        found = await incidents.list_comments(context, NAME)
    assert len(found) == 4
    assert not found.complete
    assert found.note is not None
    assert "Stopped after 4 pages" in found.note


async def test_an_incident_is_found_by_name_or_number() -> None:
    azure = FakeAzure()
    azure.answer("GET", f"/incidents/{NAME}", json=incident(7))
    azure.answer("GET", "/incidents", json={"value": [incident(7)]})
    async with fake_context(azure) as context:
        assert (await incidents.get(context, NAME)).number == 7
        assert (await incidents.get(context, "7")).number == 7
        assert (await incidents.get(context, 7)).number == 7
    assert azure.requests[1].query["$filter"] == "properties/incidentNumber eq 7"


async def test_an_unknown_incident_is_not_found() -> None:
    azure = FakeAzure()
    azure.answer("GET", "/incidents", json={"value": []})
    async with fake_context(azure) as context:
        with pytest.raises(NotFound, match="no incident with number 99"):
            await incidents.get(context, "99")
        with pytest.raises(NotFound):
            await incidents.get(context, NAME)


@pytest.mark.parametrize("name", ["", "x", "1 or 1 eq 1", "-1", "٣", "../workspaces", f"{NAME}/comments", "1" * 16])
async def test_what_is_neither_name_nor_number_is_refused_unsent(name: str) -> None:
    azure = FakeAzure()
    async with fake_context(azure) as context:
        with pytest.raises(InvalidInput):
            await incidents.get(context, name)
    assert azure.requests == []


@pytest.mark.parametrize(
    "arguments",
    [
        {"statuses": ("Open",)},
        {"severities": ("Critical",)},
        {"order_by": "etag desc"},
        {"order_by": "title desc; drop"},
        {"top": 0},
        {"title_contains": "a\nb"},
        {"created_after": datetime(2026, 1, 1)},  # noqa: DTZ001 - the point of the test
    ],
)
async def test_a_condition_that_cannot_be_is_refused_unsent(arguments: dict[str, Any]) -> None:
    azure = FakeAzure()
    async with fake_context(azure) as context:
        with pytest.raises(InvalidInput):
            await incidents.list_page(context, **arguments)
    assert azure.requests == []


async def test_every_field_of_an_incident_is_read() -> None:
    source = incident(
        7,
        description="What happened",
        classification="TruePositive",
        classificationReason="SuspiciousActivity",
        classificationComment="sure",
        owner={"objectId": "o", "email": None, "assignedTo": "Ann", "userPrincipalName": None, "ownerType": "User"},
        labels=[{"labelName": "vip", "labelType": "User"}],
        createdTimeUtc="2026-03-25T07:30:25.6894808Z",
        lastModifiedTimeUtc="2026-03-25T07:30:25Z",
        additionalData={"alertsCount": 2, "tactics": ["Execution"], "techniques": ["T1059"], "newField": 1},
        relatedAnalyticRuleIds=["/r/1"],
        brandNew={"kept": True},
    )
    found = incidents.from_wire(source)
    assert found.raw == source
    assert found.created_at == datetime(2026, 3, 25, 7, 30, 25, 689480, tzinfo=UTC)
    assert found.first_activity_at is None
    assert found.owner is not None
    assert (found.owner.label, found.owner.kind) == ("Ann", "User")
    assert (found.labels, found.tactics, found.techniques) == (("vip",), ("Execution",), ("T1059",))
    assert (found.alert_count, found.comment_count) == (2, None)
    assert (found.classification, found.classification_reason) == ("TruePositive", "SuspiciousActivity")


def test_an_owner_of_nulls_is_nobody() -> None:
    assert incidents.from_wire(incident(1, owner=dict.fromkeys(["objectId", "email", "assignedTo"]))).owner is None


async def test_alerts_entities_and_comments_are_read() -> None:
    azure = FakeAzure()
    alert = {
        "id": "/a",
        "name": "a",
        "kind": "SecurityAlert",
        "properties": {"alertDisplayName": "Spray", "startTimeUtc": "2026-01-01T00:00:00Z", "tactics": ["Execution"]},
    }
    entity = {
        "id": "/e",
        "name": "e",
        "kind": "Ip",
        "properties": {"address": "192.0.2.1", "friendlyName": "192.0.2.1"},
    }
    comment = {"id": "/c", "name": "c", "properties": {"message": "hello", "author": {"name": "Ann"}}}
    azure.answer("POST", f"/incidents/{NAME}/alerts", json={"value": [alert]})
    azure.answer("POST", f"/incidents/{NAME}/entities", json={"entities": [entity], "metaData": []})
    azure.answer("GET", f"/incidents/{NAME}/comments", json={"value": [comment]})
    async with fake_context(azure) as context:
        alerts = await incidents.list_alerts(context, NAME)
        entities = await incidents.list_entities(context, NAME)
        comments = await incidents.list_comments(context, NAME)
    assert [(a.title, a.tactics, a.start) for a in alerts] == [
        ("Spray", ("Execution",), datetime(2026, 1, 1, tzinfo=UTC))
    ]
    assert [(e.kind, e.friendly_name, e.properties["address"]) for e in entities] == [("Ip", "192.0.2.1", "192.0.2.1")]
    assert [(c.author, c.message) for c in comments] == [("Ann", "hello")]
    assert alerts.complete
    assert all(request.body is None for request in azure.requests)


async def test_a_missing_role_is_named_with_its_scope() -> None:
    azure = FakeAzure()
    message = (
        "The client 'x' with object id 'y' does not have authorization to perform action "
        "'Microsoft.SecurityInsights/incidents/read' over scope '/subscriptions/s' or the scope is invalid."
    )
    azure.answer("GET", "/incidents", status=403, json={"error": {"code": "AuthorizationFailed", "message": message}})
    async with fake_context(azure) as context:
        with pytest.raises(NotAllowed) as denied:
            await incidents.list_page(context)
    found = denied.value
    assert (found.role, found.scope) == ("Microsoft Sentinel Reader", "/subscriptions/s")
    assert found.action == "Microsoft.SecurityInsights/incidents/read"


async def test_an_answer_of_another_shape_is_malformed_by_field() -> None:
    with pytest.raises(MalformedAnswer, match="str in 'incidentNumber' where a whole number belongs"):
        incidents.from_wire(incident(1, incidentNumber="seven"))
    with pytest.raises(MalformedAnswer, match="no 'id'"):
        incidents.from_wire({"properties": {}})
