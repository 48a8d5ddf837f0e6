from sentinel_mcp_server.testing import Session, text


def test_everything_that_reads_works_on_the_embedded_workspace(offline: Session) -> None:
    answer = offline.answer("connection_test")
    assert answer["offline"]
    assert answer["reading_works"]
    assert answer["missing_settings"] == []
    outcomes = {capability["name"]: capability["outcome"] for capability in answer["capabilities"]}
    assert {"query", "tables", "incidents"} <= {name for name, outcome in outcomes.items() if outcome == "works"}
    assert "failed" not in outcomes.values()
    assert "denied" not in outcomes.values()


def test_without_a_workspace_it_answers_and_says_what_is_missing(unconfigured: Session) -> None:
    answer = unconfigured.answer("connection_test")
    assert not answer["reading_works"]
    assert answer["missing_settings"] == [
        "AZURE_SUBSCRIPTION_ID",
        "AZURE_RESOURCE_GROUP",
        "AZURE_WORKSPACE_NAME",
        "AZURE_WORKSPACE_ID",
    ]
    assert "not set: AZURE_SUBSCRIPTION_ID" in text(unconfigured.call("connection_test"))
