from sentinel_mcp_server.testing import Session


def test_the_embedded_workspace_is_onboarded_and_set_up(offline: Session) -> None:
    answer = offline.answer("setting_list")
    assert answer["onboarded"] is True
    assert {"EyesOn", "EntityAnalytics", "Ueba"} <= {setting["kind"] for setting in answer["product_settings"]}
    assert "Login from unusual region" in {rule["display_name"] for rule in answer["anomaly_rules"]}
    assert answer["source_controls"]
    assert answer["notes"] == []


def test_without_a_workspace_it_says_what_is_missing(unconfigured: Session) -> None:
    assert "AZURE_SUBSCRIPTION_ID" in unconfigured.refusal("setting_list")
