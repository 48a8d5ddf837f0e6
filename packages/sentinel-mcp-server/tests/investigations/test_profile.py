from hypothesis import given
from hypothesis import strategies as st

from sentinel_kql_validator import KqlValidator, Schema
from sentinel_mcp_server.investigations.profile import profile_query


def test_the_query_is_valid_over_every_column_of_a_table() -> None:
    validator = KqlValidator()
    columns = list(validator.schema.tables["SigninLogs"])
    result = validator.validate(profile_query("SigninLogs", columns, 100))
    assert result.verdict == "valid", [d.message for d in result.errors]
    assert set(columns) <= set(result.facts.tables["SigninLogs"])


@given(st.text(min_size=1, max_size=60).filter(str.strip))
def test_no_name_changes_the_meaning_of_the_query(name: str) -> None:
    facts = KqlValidator(Schema({"T": {"C": "string"}})).validate(profile_query(name, [name], 100)).facts
    assert facts.operators == ("take", "summarize")
    assert facts.statements == 1
