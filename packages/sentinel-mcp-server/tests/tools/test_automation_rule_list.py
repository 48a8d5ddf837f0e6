from sentinel_mcp_server.testing import Session


def test_automation_rules_are_listed_with_their_trigger(offline: Session) -> None:
    answer = offline.answer("automation_rule_list")
    assert answer["matched"] == len(answer["rules"]) > 0
    assert all(rule["action_count"] > 0 and rule["triggers_on"] for rule in answer["rules"])


def test_without_a_workspace_a_call_says_which_settings_are_missing(unconfigured: Session) -> None:
    assert "AZURE_SUBSCRIPTION_ID" in unconfigured.refusal("automation_rule_list")
