import pytest
from hypothesis import given
from hypothesis import strategies as st

from sentinel_kql_validator import KqlValidator
from sentinel_mcp_server import kql_text

VALIDATOR = KqlValidator()


@pytest.mark.parametrize(
    ("text", "literal"),
    [
        ("plain", "'plain'"),
        ("it's", r"'it\'s'"),
        ("a\\b", r"'a\\b'"),
        ("a\nb", r"'a\u000ab'"),
        ("' | take 1 //", r"'\' | take 1 //'"),
        ("\u2028", r"'\u2028'"),
    ],
)
def test_a_text_becomes_one_literal(text: str, literal: str) -> None:
    assert kql_text.string(text) == literal


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=60))
def test_no_text_leaves_its_literal(text: str) -> None:
    bound = VALIDATOR.bind(f"print x = {kql_text.string(text)}")
    assert bound.result.verdict == "valid"
    assert bound.root is not None
    (literal,) = (node for node in bound.root.walk() if node.kind == "StringLiteralExpression")
    assert literal.constant == text


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=60))
def test_no_name_leaves_its_brackets(text: str) -> None:
    bound = VALIDATOR.bind(f"print 1 | extend {kql_text.name(text or 'x')} = 2 | count")
    assert bound.result.facts.operators[-2:] == ("extend", "count")
    assert bound.result.facts.statements == 1
