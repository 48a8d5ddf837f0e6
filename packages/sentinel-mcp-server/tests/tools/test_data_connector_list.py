from sentinel_mcp_server.testing import Session


def test_connectors_are_listed_with_what_they_collect(offline: Session) -> None:
    answer = offline.answer("data_connector_list")
    kinds = {connector["kind"]: connector["data_types"] for connector in answer["connectors"]}
    assert kinds["AzureActiveDirectory"]
    assert "may still be delivering" in answer["note"]


def test_without_a_workspace_a_call_says_which_settings_are_missing(unconfigured: Session) -> None:
    assert "AZURE_SUBSCRIPTION_ID" in unconfigured.refusal("data_connector_list")
