from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sentinel_mcp_server.errors import Refused
from sentinel_mcp_server.rule_fields import as_argument, iso_duration, on_the_wire
from sentinel_mcp_server.window import parse_timespan


@given(st.integers(1, 14 * 86_400))
def test_a_duration_is_read_back_as_it_was(seconds: int) -> None:
    assert parse_timespan(iso_duration(timedelta(seconds=seconds))) == timedelta(seconds=seconds)


@pytest.mark.parametrize(
    ("span", "text"),
    [
        (timedelta(minutes=5), "PT5M"),
        (timedelta(days=1), "P1D"),
        (timedelta(days=1, hours=12), "P1DT12H"),
        (timedelta(seconds=90), "PT1M30S"),
    ],
)
def test_a_duration_is_written_as_the_api_writes_it(span: timedelta, text: str) -> None:
    assert iso_duration(span) == text


def test_only_what_was_given_is_sent() -> None:
    assert on_the_wire({"title": "x", "query": None, "enabled": False, "tactics": []}) == {
        "displayName": "x",
        "enabled": False,
        "tactics": [],
    }


def test_a_span_between_two_moments_is_no_duration() -> None:
    with pytest.raises(Refused, match="frequency is a duration"):
        on_the_wire({"frequency": "2026-01-01/2026-01-02"})


@given(st.dictionaries(st.text(), st.dictionaries(st.text(), st.text(), min_size=1)))
def test_entities_come_back_as_they_were_given(entities: dict[str, dict[str, str]]) -> None:
    assert as_argument("entityMappings", on_the_wire({"entities": entities})["entityMappings"]) == entities
