from datetime import UTC, datetime, timedelta
from typing import Any

from sentinel_azure_clients import alert_rules
from sentinel_mcp_server.testing import Session, text

SILENT = "AmazonWebServicesCloudTrail (logs)"
AREAS = ["cap", "tables", "connectors", "rules", "health reports"]


def of(answer: dict[str, Any], area: str) -> list[dict[str, Any]]:
    return [finding for finding in answer["findings"] if finding["area"] == area]


def forget(inside: Any, table: str, condition: str, *values: object) -> None:
    """Take rows out of a table, as if they had never arrived."""
    inside.emulator.store().read(f"DELETE FROM store.{table} WHERE {condition}", values)


def test_the_generated_workspace_has_what_its_health_table_says_and_its_switched_off_rules(offline: Session) -> None:
    answer = offline.answer("workspace_health")
    assert answer["looked_at"] == AREAS
    assert answer["could_not_look"] == []
    rows = offline.answer(
        "query_run",
        query="SentinelHealth | where Status != 'Success' | summarize N=count(), Last=max(TimeGenerated)"
        " by What=strcat(SentinelResourceType, ' ', SentinelResourceName), Status",
        timespan="7d",
    )["tables"][0]["rows"]
    expected = {what: (f"{status} {times} times", last) for what, status, times, last in rows}
    found = {f["what"]: (f["finding"].split(";")[0], f["since"].replace(".000000", "")) for f in of(answer, "health")}
    assert found == {what: (told, last.replace(".0000000", "")) for what, (told, last) in expected.items()}
    assert len(found) > 1
    off = {rule["display_name"] for rule in offline.answer("rule_list")["rules"] if rule["enabled"] is False}
    assert {finding["what"] for finding in of(answer, "rules")} == off
    assert [finding["severity"] for finding in answer["findings"]] == sorted(
        (finding["severity"] for finding in answer["findings"]), key=["problem", "warning", "information"].index
    )
    assert of(answer, "tables") == of(answer, "cap") == []


def test_the_connector_that_lost_its_role_is_on_and_brings_nothing(offline: Session) -> None:
    (found,) = of(offline.answer("workspace_health"), "connectors")
    assert (found["what"], found["severity"], found["since"]) == (SILENT, "problem", None)
    assert found["finding"] == "It is on, and its table AWSCloudTrail has had no record for 30 days."
    assert offline.answer("query_run", query="AWSCloudTrail | count", timespan="30d")["tables"][0]["rows"] == [[0]]


def test_a_table_that_stopped_is_a_problem_since_its_last_record(inside: Any) -> None:
    inside.session.answer("query_run", query="Usage | count")
    stop = datetime.now(UTC).replace(tzinfo=None) - timedelta(days=2)
    forget(inside, "Usage", "DataType = 'DnsEvents' AND TimeGenerated > ?", stop)
    (found,) = of(inside.session.answer("workspace_health"), "tables")
    assert (found["what"], found["severity"]) == ("DnsEvents", "problem")
    since = datetime.fromisoformat(found["since"]).replace(tzinfo=None)
    assert stop - timedelta(hours=2) <= since <= stop
    assert of(inside.session.answer("workspace_health", silent_hours=72), "tables") == []


def test_a_connector_that_is_on_and_brings_nothing_is_a_problem(inside: Any) -> None:
    inside.session.answer("query_run", query="Usage | count")
    stop = datetime.now(UTC).replace(tzinfo=None) - timedelta(days=3)
    forget(inside, "OfficeActivity", "TimeGenerated > ?", stop)
    found = [f for f in of(inside.session.answer("workspace_health"), "connectors") if f["what"] != SILENT]
    assert {finding["what"] for finding in found} == {
        "Office365 (exchange)",
        "Office365 (sharePoint)",
        "Office365 (teams)",
    }
    assert all("its table OfficeActivity has had no record since then" in finding["finding"] for finding in found)
    assert inside.session.answer("data_connector_get", name=found[0]["name"])["kind"] == "Office365"


def test_a_rule_that_is_on_and_cannot_work_is_a_problem(inside: Any) -> None:
    rule = next(r for r in inside.azure(alert_rules.list_rules) if r.display_name == "Accounts locked out")
    wrong = [{"entityType": "IP", "fieldMappings": [{"identifier": "Address", "columnName": "NoSuchColumn"}]}]
    inside.azure(alert_rules.update_rule, rule.name, {"entityMappings": wrong})
    problems = [f for f in of(inside.session.answer("workspace_health"), "rules") if f["severity"] == "problem"]
    assert [(f["what"], f["name"]) for f in problems] == [("Accounts locked out", rule.name)]
    assert "NoSuchColumn" in problems[0]["finding"]


def test_a_rule_that_the_service_switched_off_is_a_problem(inside: Any) -> None:
    rule = next(r for r in inside.azure(alert_rules.list_rules) if r.display_name == "Accounts locked out")
    inside.azure(
        alert_rules.update_rule, rule.name, {"displayName": "AUTO DISABLED Accounts locked out", "enabled": False}
    )
    (problem,) = [f for f in of(inside.session.answer("workspace_health"), "rules") if f["severity"] == "problem"]
    assert "The service switched it off" in problem["finding"]


def test_what_could_not_be_looked_at_is_said_and_never_taken_for_health(inside: Any) -> None:
    inside.session.answer("workspace_health")
    inside.emulator.faults.add("throttled", retry_after=3600, path="/dataConnectors")
    answer = inside.session.answer("workspace_health")
    assert "connectors" not in answer["looked_at"]
    assert answer["could_not_look"][0].startswith("connectors: ")
    inside.emulator.faults.add("partial", path="/query", times=4)
    shown = text(inside.session.call("workspace_health"))
    assert "could not look at tables: The service looked at part of the rows" in shown[: shown.index("<untrusted-")]


def test_without_the_tables_of_the_workspace_nothing_is_said_to_be_missing(inside: Any) -> None:
    inside.emulator.faults.add("throttled", retry_after=3600, path="/tables", times=5)
    answer = inside.session.answer("workspace_health")
    assert answer["looked_at"] == ["cap", "tables"]
    assert all("the tables of the workspace could not be listed" in reason for reason in answer["could_not_look"])
    assert len(answer["could_not_look"]) == 3


def test_bad_input_is_named_in_a_sentence(offline: Session) -> None:
    assert "silent_hours: input should be greater" in offline.refusal("workspace_health", silent_hours=0)
