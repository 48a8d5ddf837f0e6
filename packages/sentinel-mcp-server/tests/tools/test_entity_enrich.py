from typing import Any

from sentinel_mcp_server.testing import Session


def sources(session: Session, kind: str, value: str) -> dict[str, Any]:
    answer = session.answer("entity_enrich", kind=kind, value=value)
    return {source["source"]: source for source in answer["sources"]}


def test_an_address_has_geodata_and_its_indicators(offline: Session) -> None:
    found = sources(offline, "ip", "203.0.113.77")
    assert found["geodata"]["facts"][0]["ipAddr"] == "203.0.113.77"
    listed = offline.answer("indicator_search", limit=1000)["indicators"]
    expected = {i["name"] for i in listed if i["pattern"] == "[ipv4-addr:value = '203.0.113.77']"}
    assert {fact["name"] for fact in found["threat intelligence"]["facts"]} == expected


def test_a_value_of_a_watchlist_is_found_in_any_case(offline: Session) -> None:
    for listed in offline.answer("watchlist_list")["watchlists"]:
        item = offline.answer("watchlist_item_list", alias=listed["alias"])["items"][0]["values"]
        key = offline.answer("watchlist_get", alias=listed["alias"])["search_key"]
        facts = sources(offline, "other", item[key].upper())["watchlists"]["facts"]
        assert {"watchlist": listed["alias"], "item": item} in facts


def test_what_nobody_knows_is_nothing_rather_than_a_failure(offline: Session) -> None:
    found = sources(offline, "domain", "example.com")
    assert {source["outcome"] for source in found.values()} == {"nothing"}


def test_a_source_that_cannot_be_asked_fails_by_itself(unconfigured: Session) -> None:
    found = sources(unconfigured, "other", "somebody")
    assert {source["outcome"] for source in found.values()} == {"failed"}
    assert "AZURE_SUBSCRIPTION_ID" in found["watchlists"]["note"]


def test_what_is_no_address_is_named(offline: Session) -> None:
    assert "is no IP address" in offline.refusal("entity_enrich", kind="ip", value="somebody")
