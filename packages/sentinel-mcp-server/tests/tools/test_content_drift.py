from typing import Any

from sentinel_azure_clients import alert_rules
from sentinel_mcp_server.testing import Session, text

SPRAY = "Password spray from one address"


def spray(inside: Any) -> Any:
    return next(rule for rule in inside.azure(alert_rules.list_rules) if rule.display_name == SPRAY)


def test_nothing_has_drifted_in_a_new_workspace_and_what_is_not_told_is_said(offline: Session) -> None:
    answer = offline.answer("content_drift")
    assert (answer["packages"], answer["rules"]) == ([], [])
    rules = offline.answer("rule_list", limit=1000)["rules"]
    assert answer["rules_looked_at"] + answer["rules_of_your_own"] == len(rules)
    assert answer["notes"] == [
        f"{answer['rules_looked_at']} rules do not say which version of their template they were made from."
    ]
    assert "nothing of what was looked at has drifted" in text(offline.call("content_drift"))


def test_all_of_it_is_every_package_and_every_rule_from_a_template(offline: Session) -> None:
    answer = offline.answer("content_drift", all_of_it=True)
    assert len(answer["rules"]) == answer["rules_looked_at"]
    installed = {package["display_name"] for package in offline.answer("content_list")["packages"]}
    assert {package["display_name"] for package in answer["packages"]} == installed
    assert {package["age"] for package in answer["packages"]} == {"current"}


def test_a_newer_package_is_told_with_both_versions(inside: Any) -> None:
    offered = inside.emulator.sentinel.of("contentProductPackages")
    (name,) = [name for name, item in offered.items() if item["properties"]["displayName"] == "Microsoft 365"]
    offered[name]["properties"]["version"] = "3.0.10"
    (package,) = inside.session.answer("content_drift")["packages"]
    assert package == {
        "display_name": "Microsoft 365",
        "installed": "3.0.3",
        "available": "3.0.10",
        "age": "newer available",
    }


def test_a_rule_older_than_its_template_is_told(inside: Any) -> None:
    rule = spray(inside)
    inside.azure(alert_rules.update_rule, rule.name, {"templateVersion": "0.9.1"})
    (found,) = inside.session.answer("content_drift")["rules"]
    assert (found["name"], found["made_from"], found["available"], found["age"], found["changed"]) == (
        rule.name,
        "0.9.1",
        "1.0.0",
        "newer available",
        [],
    )


def test_a_changed_rule_names_its_changed_fields(inside: Any) -> None:
    rule = spray(inside)
    inside.confirmed("rule_update", name=rule.name, threshold=5, query=rule.query + "\n| where Accounts > 30")
    inside.confirmed("rule_update", name=rule.name, title="Another title")
    (found,) = inside.session.answer("content_drift")["rules"]
    assert (found["display_name"], found["changed"]) == ("Another title", ["query", "triggerThreshold"])


def test_a_rule_whose_template_is_gone_is_told(inside: Any) -> None:
    rule = spray(inside)
    for kind in ("alertRuleTemplates", "contentTemplates"):
        inside.emulator.sentinel.of(kind).clear()
    answer = inside.session.answer("content_drift")
    assert rule.name in {found["name"] for found in answer["rules"]}
    assert {found["template_found"] for found in answer["rules"]} == {False}
    assert {found["age"] for found in answer["rules"]} == {"not told"}


def test_an_unknown_argument_is_named(offline: Session) -> None:
    assert "there is no argument 'name'" in offline.refusal("content_drift", name="x")
