from hypothesis import given
from hypothesis import strategies as st

from sentinel_kql_validator import KqlValidator
from sentinel_mcp_server.investigations.related_incidents import sharing_query

VALIDATOR = KqlValidator()
PLAIN = VALIDATOR.validate(sharing_query("x", ["y"])).facts


@given(st.text(max_size=200), st.lists(st.text(min_size=1, max_size=100), min_size=1, max_size=3))
def test_no_name_changes_the_meaning_of_the_query(incident: str, names: list[str]) -> None:
    result = VALIDATOR.validate(sharing_query(incident, names))
    assert result.verdict == "valid", [d.message for d in result.errors]
    assert result.facts.operators == PLAIN.operators
    assert result.facts.tables == PLAIN.tables
    assert result.facts.statements == 1
