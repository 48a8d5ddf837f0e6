from typing import Any

import pytest

from sentinel_azure_clients import threat_intelligence

CALL: dict[str, Any] = {
    "kind": "ip",
    "value": "192.0.2.1",
    "title": "Proxy of the intruder",
    "confidence": 80,
    "tags": ["case 3"],
    "valid_days": 7,
}


def found(inside: Any) -> list[dict[str, Any]]:
    return inside.session.answer("indicator_search", keywords=["192.0.2.1"])["indicators"]


def test_the_token_makes_it_once_and_queries_match_it(inside: Any) -> None:
    plan = inside.session.answer("indicator_create", **CALL)
    assert {c["field"]: c["after"] for c in plan["changes"]}["pattern"] == "[ipv4-addr:value = '192.0.2.1']"
    assert found(inside) == []
    token = plan["confirmation_token"]
    receipt = inside.session.answer("indicator_create", **CALL, confirmation_token=token)
    (made,) = found(inside)
    whole = inside.session.answer("indicator_get", name=made["name"])
    assert (whole["pattern"], whole["confidence"], whole["tags"], whole["threat_types"]) == (
        "[ipv4-addr:value = '192.0.2.1']",
        80,
        ["case 3"],
        ["malicious-activity"],
    )
    days = inside.session.answer(
        "query_run",
        query="ThreatIntelIndicators | where ObservableValue == '192.0.2.1' | project Confidence",
        timespan="1d",
    )
    assert days["tables"][0]["rows"] == [[80]]
    assert "There is no such plan" in inside.session.refusal("indicator_create", **CALL, confirmation_token=token)
    assert len(found(inside)) == 1

    assert "[ipv4-addr:value = '192.0.2.1']" in receipt["undo"]
    inside.azure(threat_intelligence.delete_indicator, made["name"])
    assert found(inside) == []
    assert [line["outcome"] for line in inside.audit()] == ["begun", "applied"]


def test_what_is_there_already_is_refused_before_and_a_conflict_after_the_plan(inside: Any) -> None:
    late = inside.session.answer("indicator_create", **CALL)["confirmation_token"]
    inside.confirmed("indicator_create", **CALL)
    (made,) = found(inside)
    assert "was made in between" in inside.session.refusal("indicator_create", **CALL, confirmation_token=late)
    assert f"already: {made['name']}" in inside.session.refusal("indicator_create", **CALL)
    assert len(found(inside)) == 1
    assert [line["outcome"] for line in inside.audit()] == ["begun", "applied", "begun", "Conflict"]


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ({"value": "192.0.2.0/24"}, "is no IP address"),
        ({"kind": "hash"}, "is no MD5, SHA-1 or SHA-256"),
        ({"kind": "mail"}, "kind: input should be 'ip', 'domain', 'url' or 'hash'"),
        ({"confidence": 101}, "confidence: input should be less than or equal to 100"),
        ({"valid_days": 0}, "valid_days: input should be greater than or equal to 1"),
        ({"tags": "case 3"}, "tags: input should be a valid list"),
    ],
)
def test_bad_input_is_named_in_a_sentence(untouched: Any, arguments: dict[str, Any], says: str) -> None:
    assert says in untouched.session.refusal("indicator_create", **(CALL | arguments))
