from sentinel_mcp_server.testing import Session


def test_a_rule_has_what_the_list_says_and_its_actions(offline: Session) -> None:
    for listed in offline.answer("automation_rule_list")["rules"]:
        answer = offline.answer("automation_rule_get", name=listed["name"])
        assert len(answer["actions"]) == listed["action_count"] > 0
        assert answer["display_name"] == listed["display_name"]
        assert answer["properties"]["triggeringLogic"]["triggersOn"] == answer["triggers_on"]


def test_an_unknown_rule_is_named(offline: Session) -> None:
    assert "Nothing was found" in offline.refusal("automation_rule_get", name="unknown")
