import re
from typing import Any

import pytest

from sentinel_azure_clients import alert_rules

SPRAY = "Password spray from one address"


def rule(inside: Any, display_name: str = SPRAY) -> dict[str, Any]:
    (name,) = [r["name"] for r in inside.session.answer("rule_list")["rules"] if r["display_name"] == display_name]
    return inside.session.answer("rule_get", name=name)


def test_each_field_is_a_line_of_the_plan_and_the_token_writes_them_once(inside: Any) -> None:
    before = rule(inside)
    call = {"name": before["name"], "enabled": False, "severity": "Informational", "threshold": 7, "period": "2h"}
    plan = inside.session.answer("rule_update", **call)
    changes = {c["field"]: (c["before"], c["after"]) for c in plan["changes"]}
    assert changes == {
        "enabled": (True, False),
        "severity": (before["severity"], "Informational"),
        "threshold": (int(before["trigger"].split()[1]), 7),
        "period": (before["query_period"], "PT2H"),
    }
    assert rule(inside) == before
    token = plan["confirmation_token"]
    receipt = inside.session.answer("rule_update", **call, confirmation_token=token)
    after = rule(inside)
    assert (after["enabled"], after["severity"], after["query_period"]) == (False, "Informational", "PT2H")
    assert (after["query"], after["etag"]) == (before["query"], receipt["etag"])
    assert "There is no such plan" in inside.session.refusal("rule_update", **call, confirmation_token=token)
    assert [line["outcome"] for line in inside.audit()] == ["begun", "applied"]


def test_the_undo_that_is_told_brings_the_rule_back(inside: Any) -> None:
    before = rule(inside)
    receipt = inside.confirmed(
        "rule_update",
        name=before["name"],
        enabled=False,
        query=before["query"] + "\n| extend Seen = 'it''s'",
        tactics=[],
        entities={},
    )
    undo = re.fullmatch(r"rule_update with (.*)", receipt["undo"], re.DOTALL)
    assert undo
    arguments = eval(f"dict({undo[1]})", {"__builtins__": {"dict": dict}})
    inside.confirmed("rule_update", **arguments)
    after = rule(inside)
    assert {k: v for k, v in after.items() if k not in ("etag", "modified_at", "properties")} == {
        k: v for k, v in before.items() if k not in ("etag", "modified_at", "properties")
    }
    assert after["properties"]["entityMappings"] == before["properties"]["entityMappings"]


def test_a_rule_with_a_stale_etag_is_left_as_it_is(inside: Any) -> None:
    name = rule(inside)["name"]
    token = inside.session.answer("rule_update", name=name, threshold=3)["confirmation_token"]
    inside.azure(alert_rules.update_rule, name, {"severity": "Low"})
    between = rule(inside)
    refusal = inside.session.refusal("rule_update", name=name, threshold=3, confirmation_token=token)
    assert "Somebody else changed the object" in refusal
    assert rule(inside) == between
    assert [line["outcome"] for line in inside.audit()] == ["begun", "Conflict"]


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ({}, "Nothing to change was given"),
        ({"query": "SigninLogs | where Nope == 1"}, "error KS142"),
        ({"query": "SigninLogs | project ResultType"}, "which the query does not give"),
        ({"frequency": "13d"}, "the time between is never looked at"),
        ({"severity": "Huge"}, "severity: input should be"),
        ({"enabled": "no"}, "enabled: input should be a valid boolean"),
    ],
)
def test_what_cannot_work_is_refused_and_nothing_is_written(
    untouched: Any, arguments: dict[str, Any], says: str
) -> None:
    before = rule(untouched)
    assert says in untouched.session.refusal("rule_update", name=before["name"], **arguments)
    assert rule(untouched) == before


def test_nothing_to_change_is_said(untouched: Any) -> None:
    before = rule(untouched)
    refusal = untouched.session.refusal("rule_update", name=before["name"], enabled=True, severity=before["severity"])
    assert "there is nothing to change" in refusal


def test_a_broken_rule_can_be_switched_off_and_the_plan_says_what_is_broken(inside: Any) -> None:
    before = rule(inside)
    wrong = [{"entityType": "IP", "fieldMappings": [{"identifier": "Address", "columnName": "NoSuchColumn"}]}]
    inside.azure(alert_rules.update_rule, before["name"], {"entityMappings": wrong})
    assert "NoSuchColumn" in inside.session.refusal("rule_update", name=before["name"], threshold=3)
    plan = inside.session.answer("rule_update", name=before["name"], enabled=False)
    assert any("NoSuchColumn" in note for note in plan["notes"])


def test_a_query_that_leaves_its_template_is_noted(untouched: Any) -> None:
    before = rule(untouched)
    plan = untouched.session.answer("rule_update", name=before["name"], query=before["query"] + "\n| where true")
    assert any("will differ from it" in note for note in plan["notes"])


def test_a_rule_without_a_query_can_only_be_switched(inside: Any) -> None:
    refusal = inside.session.refusal("rule_update", name="BuiltInFusion", severity="Low")
    assert "can only be switched on or off" in refusal
    was = inside.session.answer("rule_get", name="BuiltInFusion")["enabled"]
    inside.confirmed("rule_update", name="BuiltInFusion", enabled=not was)
    assert inside.session.answer("rule_get", name="BuiltInFusion")["enabled"] is not was


def test_an_unknown_rule_is_named(untouched: Any) -> None:
    assert "Nothing was found" in untouched.session.refusal("rule_update", name="no-such", enabled=True)
