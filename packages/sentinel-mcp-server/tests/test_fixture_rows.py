import csv
import io
import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sentinel_mcp_server import fixture_rows
from sentinel_mcp_server.errors import Refused
from sentinel_mcp_server.fixture_rows import newest, read_rows, timed

COLUMNS = {
    "TimeGenerated": "datetime",
    "Text": "string",
    "Count": "long",
    "Share": "real",
    "Flag": "bool",
    "Bag": "dynamic",
    "Id": "guid",
}
GUID = "11111111-1111-1111-1111-111111111111"


@given(st.lists(st.text(st.characters(codec="utf-8", exclude_characters="\r\n\0"), min_size=1), min_size=1))
def test_a_text_is_kept_as_it_is_in_json_and_in_csv(texts: list[str]) -> None:
    file = io.StringIO()
    writer = csv.writer(file)
    writer.writerows([["Text"], *([text] for text in texts)])
    expected = [{"Text": text} for text in texts]
    assert read_rows("T", json.dumps(expected), COLUMNS) == expected
    assert read_rows("T", file.getvalue(), COLUMNS) == expected


def test_values_become_what_their_columns_hold() -> None:
    row = {
        "TimeGenerated": "2026-01-31T08:00+02:00",
        "Count": "7",
        "Share": "0.5",
        "Flag": "True",
        "Bag": '{"a": [1]}',
        "Id": GUID,
    }
    expected = {
        "TimeGenerated": datetime(2026, 1, 31, 6, tzinfo=UTC),
        "Count": 7,
        "Share": 0.5,
        "Flag": True,
        "Bag": {"a": [1]},
        "Id": GUID,
    }
    assert read_rows("T", json.dumps([row]), COLUMNS) == [expected]


def test_nothing_is_the_empty_text_or_null() -> None:
    assert read_rows("T", "Text,Count\n,\n", COLUMNS) == [{"Text": "", "Count": None}]


@pytest.mark.parametrize(
    ("row", "says"),
    [
        ({"Count": "x"}, "Row 1 of T: Count cannot hold 'x' as long"),
        ({"Count": 1.5}, "Count cannot hold '1.5' as long"),
        ({"Count": True}, "Count cannot hold 'True' as long"),
        ({"Count": 2**63}, "as long"),
        ({"Share": "nan"}, "as real"),
        ({"Flag": "perhaps"}, "as bool"),
        ({"TimeGenerated": "noon"}, "as datetime"),
        ({"Id": "x"}, "as guid"),
        ({"Nope": 1}, "the table has no column 'Nope'"),
    ],
)
def test_a_value_that_does_not_fit_is_named_with_its_place(row: dict[str, Any], says: str) -> None:
    with pytest.raises(Refused, match=says):
        read_rows("T", json.dumps([row]), COLUMNS)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("[1]", "Row 1 of T is no object"),
        ("[", "are no JSON"),
        ("[" * 100_000, "are no JSON"),
        ('{"Text": "a"}\n{', "are no JSON"),
        ("Text,Count\na\n", "does not have the columns of the header"),
        ("Text\na,b\n", "does not have the columns of the header"),
        ('Text\n"a"b\n', "are no CSV"),
    ],
)
def test_what_cannot_be_read_is_said_so(text: str, says: str) -> None:
    with pytest.raises(Refused, match=says):
        read_rows("T", text, COLUMNS)


@given(st.text())
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        rows = read_rows("T", text, COLUMNS)
    except Refused:
        return
    assert all(set(row) <= set(COLUMNS) for row in rows)


def test_too_much_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fixture_rows, "MOST_ROWS", 2)
    with pytest.raises(Refused, match="3 rows; at most 2"):
        read_rows("T", "Text\na\nb\nc\n", COLUMNS)
    monkeypatch.setattr(fixture_rows, "MOST_CHARACTERS", 5)
    with pytest.raises(Refused, match="at most 5 are read"):
        read_rows("T", "Text\na\n", COLUMNS)


def test_the_newest_moment_is_that_of_all_tables() -> None:
    early, late = datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 1, 2, tzinfo=UTC)
    assert newest({"A": [{"TimeGenerated": early}], "B": [{"TimeGenerated": late}, {}]}) == late
    assert newest({"A": [{}]}) is None
    assert timed([{"TimeGenerated": early}, {}], late) == ([{"TimeGenerated": early}, {"TimeGenerated": late}], 1)
