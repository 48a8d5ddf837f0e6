import re
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sentinel_azure_clients import InvalidInput
from sentinel_azure_clients import _odata as odata

PRINTABLE = st.text(st.characters(min_codepoint=32, exclude_characters="\x7f"), max_size=200)


@given(PRINTABLE)
def test_a_value_cannot_leave_its_literal(value: str) -> None:
    written = odata.literal(value)
    inside = re.fullmatch(r"'((?:[^']|'')*)'", written, re.DOTALL)
    assert inside is not None
    assert inside[1].replace("''", "'") == value


@pytest.mark.parametrize("value", ["a\nb", "\x00", "\x7f", "x" * 1001])
def test_control_characters_and_floods_are_refused(value: str) -> None:
    with pytest.raises(InvalidInput):
        odata.literal(value)


def test_conditions_combine() -> None:
    condition = odata.every(
        odata.any_of("s", ["New", "Active"]),
        "",
        odata.compares("t", "ge", datetime(2026, 1, 1, tzinfo=UTC)),
        odata.contains("title", "it's"),
    )
    assert condition == "(s eq 'New' or s eq 'Active') and t ge 2026-01-01T00:00:00Z and contains(title, 'it''s')"


def test_a_time_without_a_zone_is_refused() -> None:
    with pytest.raises(InvalidInput, match="time zone"):
        odata.compares("t", "ge", datetime(2026, 1, 1))  # noqa: DTZ001 - the point of the test
