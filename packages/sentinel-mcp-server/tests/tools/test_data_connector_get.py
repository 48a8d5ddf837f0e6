from datetime import datetime

from sentinel_mcp_server.testing import Session


def test_each_listed_connector_can_be_read(offline: Session) -> None:
    for connector in offline.answer("data_connector_list")["connectors"]:
        answer = offline.answer("data_connector_get", name=connector["name"])
        assert (answer["kind"], answer["data_types"]) == (connector["kind"], connector["data_types"])


def test_the_tables_that_it_fills_come_with_their_newest_record(offline: Session) -> None:
    names = {c["kind"]: c["name"] for c in offline.answer("data_connector_list")["connectors"]}
    office = offline.answer("data_connector_get", name=names["Office365"])
    newest = offline.answer("query_run", query="OfficeActivity | summarize Newest=max(TimeGenerated)", timespan="30d")[
        "tables"
    ][0]["rows"][0][0]
    assert {table["data_type"] for table in office["tables"]} == {"exchange", "sharePoint", "teams"}
    for table in office["tables"]:
        assert (table["table"], table["exists"]) == ("OfficeActivity", True)
        assert datetime.fromisoformat(table["newest"]) == datetime.fromisoformat(newest)
    assert office["note"] is None


def test_a_connector_that_brings_nothing_has_no_newest_record(offline: Session) -> None:
    names = {c["kind"]: c["name"] for c in offline.answer("data_connector_list")["connectors"]}
    (table,) = offline.answer("data_connector_get", name=names["AmazonWebServicesCloudTrail"])["tables"]
    assert (table["table"], table["exists"], table["newest"]) == ("AWSCloudTrail", True, None)


def test_a_connector_of_alerts_names_no_table_and_says_why(offline: Session) -> None:
    names = {c["kind"]: c["name"] for c in offline.answer("data_connector_list")["connectors"]}
    answer = offline.answer("data_connector_get", name=names["AzureActiveDirectory"])
    assert answer["tables"] == []
    assert "It brings alerts" in answer["note"]


def test_an_unknown_connector_is_named(offline: Session) -> None:
    offline.refusal("data_connector_get", name="00000000-0000-4000-8000-000000000000")
