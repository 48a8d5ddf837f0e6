"""Entities: the alerts that name them, insights from the rows, timelines and what they hang together with."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from sentinel_emulator._data.insights import INSIGHTS

if TYPE_CHECKING:
    from sentinel_emulator.testing import Client

WEEK = {"startTime": "2026-03-04T15:30:12Z", "endTime": "2026-03-11T15:30:12Z"}


def entity(client: Client, kind: str, text: str = "") -> Any:
    found = client.sentinel("GET", "entities").json()["value"]
    return next(item for item in found if item["kind"] == kind and text in str(item["properties"]))


def ask(client: Client, name: str, what: str, body: Any) -> Any:
    return client.sentinel("POST", f"entities/{name}/{what}", body)


def test_an_entity_tells_how_many_alerts_name_it(client: Client) -> None:
    spray = entity(client, "Ip", "203.0.113.77")
    count = int(spray["properties"]["additionalData"]["AlertCount"])
    ((alerts,),) = client.rows("SecurityAlert | where Entities has '203.0.113.77' | count")
    assert count == alerts > 1
    assert client.sentinel("GET", f"entities/{spray['name']}").json() == spray


@pytest.mark.parametrize("kind", ["Account", "Ip", "Host"])
def test_every_insight_of_a_kind_is_what_its_query_finds(client: Client, kind: str) -> None:
    one = entity(client, kind)
    body = ask(client, one["name"], "getInsights", WEEK).json()
    expected = [insight for insight in INSIGHTS if insight.kind == kind]
    assert [item["queryId"] for item in body["value"]] == [insight.id for insight in expected]
    assert body["metaData"] == {"totalCount": len(expected), "errors": []}
    assert any(item["tableQueryResults"]["rows"] for item in body["value"])
    interval = body["value"][0]["queryTimeInterval"]
    assert interval == {"startTime": "2026-03-04T15:30:12+00:00", "endTime": "2026-03-11T15:30:12+00:00"}


def test_an_insight_counts_the_sign_ins_that_a_query_counts(client: Client) -> None:
    spray = entity(client, "Ip", "203.0.113.77")
    chosen = next(insight for insight in INSIGHTS if insight.key == "address-sign-ins")
    body = {**WEEK, "insightQueryIds": [chosen.id]}
    (item,) = ask(client, spray["name"], "getInsights", body).json()["value"]
    ((expected,),) = client.rows("SigninLogs | where IPAddress == '203.0.113.77' | count", "P7D")
    assert sum(row[1] for row in item["chartQueryResults"][0]["rows"]) == expected > 0


def test_the_queries_behind_insights_are_told(client: Client) -> None:
    account = entity(client, "Account")
    found = client.sentinel("GET", f"entities/{account['name']}/queries?kind=Insight").json()["value"]
    assert [item["name"] for item in found] == [insight.id for insight in INSIGHTS if insight.kind == "Account"]
    assert client.sentinel("GET", f"entities/{account['name']}/queries?kind=Other").status == 400


def test_a_timeline_has_the_alerts_and_bookmarks_that_name_the_entity(fresh: Client) -> None:
    spray = entity(fresh, "Ip", "203.0.113.77")
    body = ask(fresh, spray["name"], "getTimeline", WEEK).json()
    counts = {item["kind"]: item["count"] for item in body["metaData"]["aggregations"]}
    assert counts == {
        "Activity": 0,
        "Bookmark": 1,
        "SecurityAlert": int(spray["properties"]["additionalData"]["AlertCount"]),
    }
    starts = [item["startTimeUtc"] for item in body["value"]]
    assert starts == sorted(starts, reverse=True)
    alone = ask(fresh, spray["name"], "getTimeline", {**WEEK, "kinds": ["Bookmark"]}).json()
    assert [item["kind"] for item in alone["value"]] == ["Bookmark"]
    past = {"startTime": "2025-01-01T00:00:00Z", "endTime": "2025-01-02T00:00:00Z"}
    assert ask(fresh, spray["name"], "getTimeline", past).json()["metaData"]["totalCount"] == 0


def test_an_expansion_leads_to_alerts_and_to_other_entities(client: Client) -> None:
    spray = entity(client, "Ip", "203.0.113.77")
    queries = client.sentinel("GET", "entityQueries?kind=Expansion").json()["value"]
    of_addresses = [item for item in queries if item["properties"]["inputEntityType"] == "Ip"]
    found: dict[str, Any] = {}
    for item in of_addresses:
        body = ask(client, spray["name"], "expand", {**WEEK, "expansionId": item["name"]}).json()
        entities = body["value"]["entities"]
        assert [edge["targetEntityId"] for edge in body["value"]["edges"]] == [one["id"] for one in entities]
        assert sum(total["count"] for total in body["metaData"]["aggregations"]) == len(entities) > 0
        found[item["properties"]["displayName"]] = {one["kind"] for one in entities}
    assert found["Related alerts"] == {"SecurityAlert"}
    assert "Account" in found["Entities of the same alerts"]
    wrong = next(item for item in queries if item["properties"]["inputEntityType"] == "Host")
    assert ask(client, spray["name"], "expand", {**WEEK, "expansionId": wrong["name"]}).status == 400


def test_a_bookmark_expands_to_the_entities_it_maps(client: Client) -> None:
    bookmarks = client.sentinel("GET", "bookmarks").json()["value"]
    mapped = next(item for item in bookmarks if item["properties"]["entityMappings"])
    body = {**WEEK, "expansionId": "27f76e63-c41b-480f-bb18-12ad2e011d49"}
    found = client.sentinel("POST", f"bookmarks/{mapped['name']}/expand", body).json()["value"]["entities"]
    assert [item["properties"]["address"] for item in found] == ["203.0.113.77"]


@pytest.mark.parametrize(
    "body", [{}, {"startTime": "x", "endTime": "y"}, {"startTime": WEEK["endTime"], "endTime": WEEK["startTime"]}]
)
def test_a_window_that_cannot_be_read_is_refused(client: Client, body: Any) -> None:
    name = entity(client, "Ip")["name"]
    for what in ("getInsights", "getTimeline", "expand"):
        assert ask(client, name, what, body).status == 400


def test_activities_are_written_and_expansions_are_not(fresh: Client) -> None:
    activity: dict[str, Any] = {
        "kind": "Activity",
        "properties": {"title": "x", "content": "y", "inputEntityType": "Account", "queryDefinitions": {}},
    }
    assert fresh.sentinel("PUT", "entityQueries/one", activity).status == 201
    assert fresh.sentinel("GET", "entityQueries/one").json()["kind"] == "Activity"
    assert fresh.sentinel("PUT", "entityQueries/one", {**activity, "kind": "Expansion"}).status == 400
    assert fresh.sentinel("DELETE", "entityQueries/one").status == 200
    expansion = fresh.sentinel("GET", "entityQueries").json()["value"][0]
    assert fresh.sentinel("GET", f"entityQueries/{expansion['name']}").json() == expansion


def test_an_entity_that_nobody_named_is_not_found(client: Client) -> None:
    for path in ("entities/x", "entities/x/relations"):
        assert client.sentinel("GET", path).status == 404
    name = entity(client, "Ip")["name"]
    assert client.sentinel("GET", f"entities/{name}/relations").json() == {"value": []}
    assert client.sentinel("GET", f"entities/{name}/relations/x").status == 404
