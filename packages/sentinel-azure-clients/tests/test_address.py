from urllib.parse import unquote, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sentinel_azure_clients import InvalidInput
from sentinel_azure_clients._address import join, segment

NAMES = st.text(min_size=1, max_size=100).filter(
    lambda name: name not in {".", ".."} and not any(ord(c) < 32 or ord(c) == 127 for c in name)
)


@given(NAMES)
def test_a_name_stays_one_segment_whatever_it_holds(name: str) -> None:
    path = urlsplit(f"https://host/before{join(name)}/after?q=1").path
    assert path.count("/") == 3
    assert unquote(path.split("/")[2]) == name


@pytest.mark.parametrize("name", ["", ".", "..", "a\nb", "a\x00", "x" * 501])
def test_what_can_be_no_name_is_refused(name: str) -> None:
    with pytest.raises(InvalidInput):
        segment(name)
