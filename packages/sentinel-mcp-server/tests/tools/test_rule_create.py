from typing import Any

import pytest

from sentinel_azure_clients import alert_rules

CALL: dict[str, Any] = {
    "title": "Sign-ins of one account",
    "query": "SigninLogs | where ResultType == '0' | project TimeGenerated, UserPrincipalName, IPAddress",
    "severity": "Low",
    "frequency": "1h",
    "period": "PT1H",
    "threshold": 2,
    "tactics": ["InitialAccess"],
    "techniques": ["T1078"],
    "entities": {"Account": {"FullName": "UserPrincipalName"}, "IP": {"Address": "IPAddress"}},
}


def rules(inside: Any) -> list[str]:
    return [rule["name"] for rule in inside.session.answer("rule_list")["rules"]]


def after(plan: dict[str, Any]) -> dict[str, Any]:
    return {change["field"]: change["after"] for change in plan["changes"]}


def test_the_token_makes_the_rule_once_as_planned_and_off(inside: Any) -> None:
    before = rules(inside)
    plan = inside.session.answer("rule_create", **CALL)
    assert after(plan)["frequency"] == "PT1H"
    assert after(plan)["kind"] == "Scheduled"
    assert rules(inside) == before
    token = plan["confirmation_token"]
    receipt = inside.session.answer("rule_create", **CALL, confirmation_token=token)
    name = receipt["object"].removeprefix("new rule ")
    made = inside.session.answer("rule_get", name=name)
    assert (made["display_name"], made["query"], made["enabled"], made["etag"]) == (
        CALL["title"],
        CALL["query"],
        False,
        receipt["etag"],
    )
    assert (made["query_frequency"], made["query_period"], made["trigger"]) == ("PT1H", "PT1H", "GreaterThan 2")
    assert made["properties"]["entityMappings"][1] == {
        "entityType": "IP",
        "fieldMappings": [{"identifier": "Address", "columnName": "IPAddress"}],
    }
    assert receipt["undo"] == "it is off; only the portal can delete it"
    assert "There is no such plan" in inside.session.refusal("rule_create", **CALL, confirmation_token=token)
    assert len(rules(inside)) == len(before) + 1
    assert [line["outcome"] for line in inside.audit()] == ["begun", "applied"]
    assert "SigninLogs" not in str(inside.audit())


def test_a_rule_that_runs_from_the_start_is_switched_off_by_the_undo_that_is_told(inside: Any) -> None:
    receipt = inside.confirmed("rule_create", **CALL, enabled=True)
    name = receipt["object"].removeprefix("new rule ")
    assert receipt["undo"].startswith(f"rule_update with name='{name}', enabled=False;")
    assert inside.session.answer("rule_get", name=name)["enabled"] is True
    inside.confirmed("rule_update", name=name, enabled=False)
    assert inside.session.answer("rule_get", name=name)["enabled"] is False


def test_a_template_gives_what_is_not_said(inside: Any) -> None:
    templates = inside.session.answer("rule_template_list", limit=100)["templates"]
    name = next(t["name"] for t in templates if t["kind"] == "Scheduled")
    template = inside.session.answer("rule_template_get", name=name)
    receipt = inside.confirmed("rule_create", template=name, severity="Informational")
    made = inside.session.answer("rule_get", name=receipt["object"].removeprefix("new rule "))
    assert (made["query"], made["display_name"], made["severity"], made["template_name"]) == (
        template["query"],
        template["display_name"],
        "Informational",
        name,
    )
    assert made["properties"]["entityMappings"] == template["properties"]["entityMappings"]


def test_a_near_real_time_rule_has_no_schedule(inside: Any) -> None:
    call = {"kind": "NRT", "title": "At once", "query": "SigninLogs | where ResultType == '50053'", "severity": "High"}
    receipt = inside.confirmed("rule_create", **call)
    made = inside.session.answer("rule_get", name=receipt["object"].removeprefix("new rule "))
    assert (made["kind"], made["query_frequency"], made["trigger"]) == ("NRT", None, None)
    refusal = inside.session.refusal("rule_create", **call, frequency="1h", threshold=1)
    assert "takes no frequency, threshold" in refusal


def test_findings_stand_in_the_plan(untouched: Any) -> None:
    plan = untouched.session.answer(
        "rule_create", **(CALL | {"query": "SigninLogs | where TimeGenerated > ago(7d) | take 5", "entities": None})
    )
    notes = " ".join(plan["notes"])
    assert "looks back 7d and the rule lets it see PT1H" in notes


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ({"query": "SigninLogs | where Nope == 1"}, "query: line 1, column 20: error KS142"),
        ({"query": "externaldata(a:string)['x']"}, "externaldata"),
        ({"entities": {"Account": {"FullName": "NoSuch"}}}, "mapped to NoSuch, which the query does not give"),
        ({"frequency": "2h"}, "The rule runs every PT2H and looks back PT1H"),
        ({"frequency": "soon"}, "is no timespan"),
        ({"period": "2026-01-01/2026-01-02"}, "period is a duration"),
        ({"frequency": None}, "The rule has no queryFrequency"),
        ({"tactics": ["Cooking"]}, "'Cooking' is no tactic"),
        ({"techniques": ["T1078.004"]}, "techniques.0: string should match pattern"),
        ({"title": None}, "The rule needs title"),
        ({"template": "no-such"}, "Nothing was found"),
        ({"threshold": -1}, "threshold: input should be greater than or equal to 0"),
    ],
)
def test_what_cannot_work_is_refused_and_nothing_is_made(untouched: Any, arguments: dict[str, Any], says: str) -> None:
    call = {key: value for key, value in (CALL | arguments).items() if value is not None}
    assert says in untouched.session.refusal("rule_create", **call)
    assert untouched.audit() == []


def test_a_template_without_a_query_is_refused(untouched: Any) -> None:
    templates = untouched.session.answer("rule_template_list", limit=100)["templates"]
    fusion = next(t["name"] for t in templates if t["kind"] == "Fusion")
    assert "of the kind Fusion has no query" in untouched.session.refusal("rule_create", template=fusion)


def test_a_rule_of_that_name_that_is_there_already_is_a_conflict(inside: Any) -> None:
    plan = inside.session.answer("rule_create", **CALL)
    name = plan["object"].removeprefix("new rule ")
    theirs = {
        **inside.azure(alert_rules.list_rules).items[0].properties,
        "displayName": "Theirs",
        "enabled": False,
        "suppressionDuration": "PT5H",
        "suppressionEnabled": False,
    }
    kind = inside.azure(alert_rules.list_rules).items[0].kind
    inside.azure(alert_rules.create_rule, kind, theirs, name=name)
    refusal = inside.session.refusal("rule_create", **CALL, confirmation_token=plan["confirmation_token"])
    assert "already an object of this name" in refusal
    assert inside.session.answer("rule_get", name=name)["display_name"] == "Theirs"
