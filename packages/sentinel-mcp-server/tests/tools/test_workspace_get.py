from sentinel_mcp_server.testing import Session


def test_the_workspace_tells_where_it_is_and_how_it_is_configured(offline: Session) -> None:
    answer = offline.answer("workspace_get")
    assert answer["resource_id"].endswith(f"/workspaces/{answer['name']}")
    assert answer["sku"]
    assert answer["retention_days"] > 0
    assert answer["portal_url"] is None  # the embedded workspace is in no portal


def test_unknown_arguments_are_refused(offline: Session) -> None:
    assert "workspace_get takes no arguments" in offline.refusal("workspace_get", workspace="other")


def test_without_a_workspace_a_call_says_which_settings_are_missing(unconfigured: Session) -> None:
    assert "AZURE_SUBSCRIPTION_ID" in unconfigured.refusal("workspace_get")
