import pytest
from hypothesis import given
from hypothesis import strategies as st

from sentinel_azure_clients import InvalidInput, _kql

ESCAPED = {"\\\\": "\\", '\\"': '"', "\\n": "\n", "\\r": "\r", "\\t": "\t"}


@given(st.text(st.characters(min_codepoint=32) | st.sampled_from('\n\r\t"\\'), max_size=200))
def test_a_value_cannot_leave_its_literal_and_stays_what_it_is(value: str) -> None:
    written = _kql.literal(value)
    assert (written[0], written[-1]) == ('"', '"')
    inside, read = written[1:-1], ""
    while inside:
        size = 2 if inside[0] == "\\" else 1
        assert inside[0] != '"'
        read += ESCAPED[inside[:2]] if size == 2 else inside[0]
        inside = inside[size:]
    assert read == value
    assert "\n" not in written


@pytest.mark.parametrize("value", ["\x00", "\x1b", "x" * 1001])
def test_what_has_no_literal_is_refused(value: str) -> None:
    with pytest.raises(InvalidInput):
        _kql.literal(value)


def test_several_are_separated_by_commas() -> None:
    assert _kql.literals(["a", 'b"']) == '"a", "b\\""'
