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
