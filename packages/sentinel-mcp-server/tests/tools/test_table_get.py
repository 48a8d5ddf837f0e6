import pytest

from sentinel_mcp_server.testing import Session, text


def test_a_table_comes_with_columns_types_and_retention(offline: Session) -> None:
    answer = offline.answer("table_get", name="SigninLogs")
    assert answer["columns"]["TimeGenerated"] == "datetime"
    assert answer["columns"]["UserPrincipalName"] == "string"
    assert answer["plan"] == "Analytics"
    assert answer["retention_days"] > 0


def test_its_columns_are_those_that_queries_give_and_the_hidden_ones(offline: Session) -> None:
    columns = offline.answer("table_get", name="Usage")["columns"]
    given = offline.answer("query_run", query="Usage | take 1")["tables"][0]["columns"]
    visible = {name: kind for name, kind in columns.items() if not name.startswith("_") or name == "_ResourceId"}
    assert {column["name"]: column["type"] for column in given} == visible


def test_the_text_groups_columns_by_type(offline: Session) -> None:
    assert "datetime: " in text(offline.call("table_get", name="Usage"))


def test_an_unknown_table_is_named(offline: Session) -> None:
    assert "NoSuchTable" in offline.refusal("table_get", name="NoSuchTable")
    offline.refusal("table_get", name="../workspaces")
    offline.refusal("table_get", name="")


def test_newest_record_and_volume_are_those_that_queries_find_and_what_cannot_be_seen_is_said(offline: Session) -> None:
    answer = offline.answer("table_get", name="SigninLogs")
    newest = offline.answer("query_run", query="SigninLogs | summarize max(TimeGenerated)", timespan="30d")
    assert answer["newest"][:19] == newest["tables"][0]["rows"][0][0][:19]
    usage = offline.answer("workspace_usage", days=7)["tables"]
    (volume,) = (table["total_mb"] for table in usage if table["table"] == "SigninLogs")
    assert answer["mb_per_day"] == pytest.approx(volume / 7)
    assert answer["lag_seconds"] is None
    (why,) = answer["not_seen"]
    assert why.startswith(
        "The ingestion lag could not be looked at: The engine does not have the function ingestion_time"
    )


def test_an_empty_table_has_no_newest_record(offline: Session) -> None:
    answer = offline.answer("table_get", name="AWSCloudTrail")
    assert (answer["newest"], answer["mb_per_day"]) == (None, 0)


def test_without_freshness_nothing_is_asked_but_the_schema(offline: Session) -> None:
    answer = offline.answer("table_get", name="SigninLogs", freshness=False)
    assert (answer["newest"], answer["lag_seconds"], answer["mb_per_day"], answer["not_seen"]) == (None, None, None, [])


def test_a_table_on_basic_has_its_newest_record(offline: Session) -> None:
    assert offline.answer("table_get", name="ContainerLogV2")["newest"]
