"""A list of parameters is told exactly, or not at all."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sentinel_azure_clients import _signature

GOOD: list[tuple[str | None, list[dict[str, Any]]]] = [
    (None, []),
    ("  ", []),
    ("days:int=7", [{"name": "days", "type": "int", "required": False, "default": "7"}]),
    ("T:(*)", [{"name": "T", "type": "(*)", "required": True}]),
    ("T : ( a : STRING , ['odd name'] : double )", [{"name": "T", "type": "(a:string, ['odd name']:real)"}]),
    ("T:(a:string, *)", [{"name": "T", "type": "(a:string)"}]),
    (
        "T:(TimeGenerated:datetime), lookback:timespan=1.5d, ['my name']:dynamic=dynamic([\"a,b\"])",
        [
            {"name": "T", "type": "(TimeGenerated:datetime)"},
            {"name": "lookback", "type": "timespan", "default": "1.5d"},
            {"name": "my name", "type": "dynamic", "default": 'dynamic(["a,b"])'},
        ],
    ),
    ('x:string="a\\", b", y:bool=False', [{"name": "x", "default": '"a\\", b"'}, {"name": "y", "default": "False"}]),
    ("x:string=@'it''s', y:guid=guid(null)", [{"name": "x", "default": "@'it''s'"}, {"name": "y"}]),
    ("start:datetime=datetime(2026-01-01), n:long=-5", [{"name": "start"}, {"name": "n", "default": "-5"}]),
]
UNREADABLE = [
    ",",
    "x",
    "x:",
    "x:money",
    "x:int,",
    "x:int y:int",
    "x:int, x:int",
    "x:int=",
    "x:int=now()",
    "x:int=5) { T } //",
    "x:string='open",
    "T:()",
    "T:(a:string",
    "T:(a:string,)",
    "T:(*, a:string)",
    "T:(a:string)=1",
    "T:(a:(b:int))",
    "['a'b']:int",
    "['a\\']:int",
    "é:int",
]


@pytest.mark.parametrize(("text", "expected"), GOOD)
def test_parameters_are_told(text: str | None, expected: list[dict[str, Any]]) -> None:
    found = _signature.read(text)
    assert found is not None
    assert [{key: one[key] for key in wanted} for one, wanted in zip(found, expected, strict=True)] == expected
    assert all(("default" in one) != one["required"] for one in found)
    assert _signature.takes_rows(found) == (text is not None and text.startswith("T"))


@pytest.mark.parametrize("text", UNREADABLE)
def test_what_is_not_understood_is_not_told(text: str) -> None:
    assert _signature.read(text) is None


@given(st.text(st.sampled_from("ab:=,()*'\"[]@ 7dint\\\n"), max_size=40) | st.text(max_size=20))
def test_no_text_breaks_the_reader_and_what_it_tells_reads_the_same_again(text: str) -> None:
    found = _signature.read(text)
    if not found:
        return
    again = ", ".join(
        f"['{one['name']}']:{one['type']}" + (f"={one['default']}" if "default" in one else "") for one in found
    )
    assert _signature.read(again) == found
