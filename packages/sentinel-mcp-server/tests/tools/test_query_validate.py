from typing import Any

from sentinel_kql_validator import Schema
from sentinel_mcp_server.testing import Session, text
from sentinel_mcp_server.tools.query_validate import QueryVerdict


def test_a_misspelt_column_gets_its_place_and_the_right_name(offline: Session) -> None:
    answer = offline.answer("query_validate", query='SigninLogs | where UserPrincipalNam == "x"')
    assert answer["verdict"] == "invalid"
    assert answer["engine"].split()[0] in ("dotnet", "v8")
    assert answer["schema_source"] == "workspace"
    (diagnostic,) = answer["diagnostics"]
    assert (diagnostic["code"], diagnostic["line"], diagnostic["column"]) == ("KS142", 1, 20)
    assert diagnostic["suggestions"][0] == "UserPrincipalName"


def test_a_valid_query_tells_what_it_reads_and_gives(offline: Session) -> None:
    answer = offline.answer("query_validate", query="SigninLogs | summarize n=count() by ResultType")
    assert answer["verdict"] == "valid"
    assert answer["tables"] == {"SigninLogs": ["ResultType"]}
    assert answer["output_columns"] == {"ResultType": "string", "n": "long"}
    assert answer["refusals"] == []


def test_the_text_keeps_quiet_about_an_analyser_that_was_not_needed() -> None:
    said: dict[str, Any] = {
        "verdict": "valid",
        "reason": None,
        "engine_note": "dotnet: not installed.",
        "schema_source": "built-in",
        "schema_note": None,
        "diagnostics": [],
        "refusals": [],
        "tables": {},
        "output_columns": None,
    }
    assert "not installed" not in QueryVerdict(engine="v8 12.4.1", **said).body()
    assert "not installed" in QueryVerdict(engine="basic", **said).body()


def test_what_query_run_would_refuse_is_said_beside_the_verdict(offline: Session) -> None:
    answer = offline.answer("query_validate", query="SigninLogs | take 1; AuditLogs | take 1")
    assert "several statements" in answer["refusals"][0]


def test_a_table_that_this_workspace_lacks_is_unknown_here(offline: Session) -> None:
    here = {table["name"] for table in offline.answer("table_list", limit=2000)["tables"]}
    elsewhere = min(set(Schema.sentinel().tables) - here)
    answer = offline.answer("query_validate", query=f"{elsewhere} | take 1")
    assert answer["verdict"] == "invalid"
    assert answer["diagnostics"][0]["code"] == "KS204"


def test_without_a_workspace_the_built_in_schema_is_used_and_said(unconfigured: Session) -> None:
    answer = unconfigured.answer("query_validate", query="SigninLogs | take 1")
    assert (answer["verdict"], answer["schema_source"]) == ("valid", "built-in")
    assert "AZURE_SUBSCRIPTION_ID" in answer["schema_note"]


def test_the_text_says_the_verdict_first(offline: Session) -> None:
    assert text(offline.call("query_validate", query="SigninLogs | take 1")).startswith("verdict: valid (")


def test_an_empty_query_is_named(offline: Session) -> None:
    assert "The query is empty" in offline.refusal("query_validate", query=" ")
