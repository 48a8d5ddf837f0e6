from urllib.parse import parse_qsl, unquote, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sentinel_azure_clients import InvalidInput
from sentinel_azure_clients._address import join, query_string, segment

NAMES = st.text(min_size=1, max_size=100).filter(
    lambda name: name not in {".", ".."} and not any(ord(c) < 32 or ord(c) == 127 for c in name)
)


@given(NAMES)
def test_a_name_stays_one_segment_whatever_it_holds(name: str) -> None:
    path = urlsplit(f"https://host/before{join(name)}/after?q=1").path
    assert path.count("/") == 3
    assert unquote(path.split("/")[2]) == name


@pytest.mark.parametrize("name", ["", ".", "..", "a\nb", "a\x00", "x" * 501, "half \ud800"])
def test_what_can_be_no_name_is_refused(name: str) -> None:
    with pytest.raises(InvalidInput):
        segment(name)


@given(st.dictionaries(st.text(min_size=1), st.text()))
def test_parameters_come_out_as_they_went_in(parameters: dict[str, str]) -> None:
    query = urlsplit(f"https://host/path?{query_string(parameters)}").query
    assert dict(parse_qsl(query, keep_blank_values=True)) == parameters


def test_half_a_character_is_refused_in_a_parameter() -> None:
    with pytest.raises(InvalidInput, match="half a character"):
        query_string({"$filter": "title eq '\udfff'"})
