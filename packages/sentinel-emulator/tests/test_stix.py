"""STIX objects: conditions over their fields, counts that agree with pages, and indicators among them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from sentinel_emulator.testing import Client

BASE = "threatIntelligence/main"
NOTHING: list[Any] = []


def condition(*clauses: tuple[str, str, list[Any]], kind: str | None = None, joined: str | None = None) -> Any:
    return {
        "stixObjectType": kind,
        "conditionConnective": joined,
        "clauses": [{"field": field, "operator": operator, "values": values} for field, operator, values in clauses],
    }


def found(client: Client, asked: Any, **more: Any) -> list[Any]:
    answer = client.sentinel("POST", f"{BASE}/query", {"condition": asked, "maxPageSize": 1000, **more})
    assert answer.status == 200, answer.content
    return answer.json()["value"]


def names(items: list[Any]) -> set[str]:
    return {item["properties"]["data"].get("name") for item in items}


def test_every_kind_of_object_is_there_and_counted(client: Client) -> None:
    kinds = {item["kind"] for item in found(client, None)}
    assert kinds == {"AttackPattern", "Identity", "Indicator", "Relationship", "ThreatActor"}
    for kind in ("attack-pattern", "identity", "indicator", "relationship", "threat-actor"):
        asked = condition(kind=kind)
        items = found(client, asked)
        assert {item["properties"]["data"]["type"] for item in items} == {kind}
        for body in ({"condition": asked}, {"properties": {"condition": asked}}):
            assert client.sentinel("POST", f"{BASE}/count", body).json() == {"count": len(items)}


def test_relationships_lead_from_one_object_to_another(client: Client) -> None:
    identities = {item["properties"]["data"]["id"] for item in found(client, None)}
    for item in found(client, condition(kind="relationship")):
        data = item["properties"]["data"]
        assert {data["source_ref"], data["target_ref"]} <= identities
        assert data["source_ref"].startswith("threat-actor--")


def test_the_indicators_are_those_of_the_older_operations(fresh: Client) -> None:
    new = {
        "kind": "indicator",
        "properties": {
            "source": "s",
            "displayName": "written here",
            "pattern": "[ipv4-addr:value = '203.0.113.9']",
            "patternType": "ipv4-addr",
            "threatTypes": ["x"],
        },
    }
    assert fresh.sentinel("POST", f"{BASE}/createIndicator", new).status == 201
    (item,) = found(fresh, condition(("name", "Equals", ["written here"]), kind="indicator"))
    assert item["properties"]["data"]["pattern"] == "[ipv4-addr:value = '203.0.113.9']"


@pytest.mark.parametrize(
    ("clause", "expected"),
    [
        (("name", "Equals", ["hollow larch"]), {"Hollow Larch"}),
        (("name", "StringStartsWith", ["Hollow", "Password"]), {"Hollow Larch", "Password spraying"}),
        (("name", "StringEndsWith", ["messages"]), {"Hiding of messages"}),
        (("description", "StringContains", ["inbox rule"]), {"Hiding of messages"}),
        (("labels", "ArrayContains", ["mail", "cloud"]), {"Password spraying", "Hiding of messages"}),
        (("aliases", "ArrayContains", ["HL-7"]), {"Hollow Larch"}),
        (("sophistication", "IsNull", NOTHING), {"Password spraying", "Hiding of messages", "Contoso threat feed"}),
        (("identity_class", "StringIsEmpty", NOTHING), {"Password spraying", "Hiding of messages", "Hollow Larch"}),
        (("lastUpdatedTimeUtc", "OnOrAfterAbsolute", ["2026-03-12"]), set[str]()),
        (("created", "BeforeAbsolute", ["2026-03-11T00:00:01Z"]), "all"),
        (("created", "AfterRelative", ["2d"]), "all"),
        (("created", "OnOrBeforeRelative", ["2d"]), set[str]()),
        (("revoked", "IsTrue", NOTHING), set[str]()),
    ],
)
def test_an_operator_does_what_it_is_called(client: Client, clause: Any, expected: Any) -> None:
    everything = {"Hollow Larch", "Password spraying", "Hiding of messages", "Contoso threat feed"}
    of_feed = names(
        [item for item in found(client, condition(clause)) if item["kind"] not in {"Indicator", "Relationship"}]
    )
    assert of_feed == (everything if expected == "all" else expected)


@pytest.mark.parametrize(
    ("positive", "negative"),
    [
        ("Equals", "NotEquals"),
        ("StringContains", "StringNotContains"),
        ("StringStartsWith", "StringNotStartsWith"),
        ("StringEndsWith", "StringNotEndsWith"),
        ("ArrayContains", "ArrayNotContains"),
    ],
)
def test_an_operator_and_its_negation_part_the_objects(client: Client, positive: str, negative: str) -> None:
    both = [found(client, condition(("name", operator, ["Hollow Larch"]))) for operator in (positive, negative)]
    assert [len(items) for items in both] == [1, len(found(client, None)) - 1]


def test_numbers_are_compared_as_numbers(client: Client) -> None:
    most = found(client, condition(("confidence", "GreaterThanEqual", ["90"]), kind="indicator"))
    least = found(client, condition(("confidence", "LessThan", ["90"]), kind="indicator"))
    assert {item["properties"]["data"]["confidence"] >= 90 for item in most} == {True}
    assert len(most) + len(least) == len(found(client, condition(kind="indicator")))


def test_clauses_are_joined_by_and_or_by_or(client: Client) -> None:
    clauses = (("name", "StringStartsWith", ["Hollow"]), ("name", "StringEndsWith", ["spraying"]))
    assert names(found(client, condition(*clauses, joined="Or"))) == {"Hollow Larch", "Password spraying"}
    assert found(client, condition(*clauses, joined="And")) == []
    both = {"clauses": [{"field": "labels", "operator": "ArrayContains", "values": ["mail", "cloud"]}]}
    both["clauses"][0]["clauseConnective"] = "And"
    assert found(client, both) == []


def test_pages_follow_each_other_in_the_order_that_was_asked(client: Client) -> None:
    body = {
        "condition": condition(kind="indicator"),
        "sortBy": {"field": "confidence", "direction": "ASC"},
        "maxPageSize": 10,
    }
    answer = client.sentinel("POST", f"{BASE}/query", body).json()
    items = list(answer["value"])
    while "nextLink" in answer:
        answer = client.send("GET", answer["nextLink"]).json()
        items += answer["value"]
    assert len(items) == len({item["name"] for item in items}) == len(found(client, condition(kind="indicator")))


@pytest.mark.parametrize(
    "body",
    [
        {"condition": 5},
        {"condition": {"clauses": [{"field": "name", "operator": "Sounds", "values": ["x"]}]}},
        {"condition": {"clauses": [{"field": "name", "operator": "Equals", "values": NOTHING}]}},
        {"condition": {"clauses": [{"operator": "IsNull"}]}},
        {"condition": condition(("created", "AfterAbsolute", ["soon"]))},
        {"condition": condition(("created", "AfterRelative", ["soon"]))},
        {"condition": condition(("confidence", "LessThan", ["many"]), kind="indicator")},
        {"condition": condition(joined="Nor")},
        {"maxPageSize": 0},
        {"minPageSize": "x"},
        {"sortBy": 5},
    ],
)
def test_what_cannot_be_understood_is_refused(client: Client, body: Any) -> None:
    assert client.sentinel("POST", f"{BASE}/query", body).status == 400
