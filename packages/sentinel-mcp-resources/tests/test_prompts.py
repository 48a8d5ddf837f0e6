import pytest
from hypothesis import given
from hypothesis import strategies as st

from sentinel_mcp_resources import BadArguments, ContentError, PromptTemplate
from sentinel_mcp_resources.source import parse

HEAD = """---
title: Look
description: Looks.
arguments:
  - {name: user, description: "Who", required: true}
  - {name: span, description: "How long", required: false}
tools: [query_run]
---
"""


def template(body: str = "Look at {{user}}{{#span}} over {{span}}{{/span}}.") -> PromptTemplate:
    return PromptTemplate.of(parse("prompts/look-at", HEAD + body))


def test_values_go_to_their_places() -> None:
    assert template().render({"user": "adele", "span": "7d"}) == "Look at adele over 7d.\n"


def test_a_section_is_left_out_without_its_argument() -> None:
    assert template().render({"user": "adele"}) == "Look at adele.\n"
    assert template().render({"user": "adele", "span": "  "}) == "Look at adele.\n"


def test_the_name_is_the_file_in_snake_case() -> None:
    assert template().name == "look_at"


@pytest.mark.parametrize(
    ("values", "says"),
    [
        ({}, "needs the argument 'user': Who."),
        ({"user": " "}, "needs the argument 'user'"),
        ({"user": "a", "uesr": "b"}, "no argument 'uesr'; did you mean user?"),
        ({"user": "a", "zzz": "b"}, "it takes user, span."),
        ({"user": "a" * 10_001}, "longer than 10,000 characters"),
    ],
)
def test_wrong_arguments_are_named_in_a_sentence(values: dict[str, str], says: str) -> None:
    with pytest.raises(BadArguments, match=says.replace("?", r"\?")):
        template().render(values)


def test_an_argument_that_is_no_text_is_named() -> None:
    assert template().fault({"user": 3}) == "The argument 'user' of the prompt look_at takes a text."


@pytest.mark.parametrize("body", ["Only {{user}}.", "{{user}} {{span}} {{other}}"])
def test_declared_and_used_arguments_must_agree(body: str) -> None:
    with pytest.raises(ContentError, match="declared or used, but not both"):
        template(body)


@given(st.text(min_size=1).filter(lambda text: text.strip()))
def test_a_value_is_never_read_as_a_template(value: str) -> None:
    assert template("<{{user}}>{{#span}}{{span}}{{/span}}").render({"user": value}) == f"<{value.strip()}>\n"
