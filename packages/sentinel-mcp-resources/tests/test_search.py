from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from sentinel_mcp_resources import library
from sentinel_mcp_resources.search import Entry, SearchIndex, sections

QUESTIONS: list[dict[str, list[str] | str]] = yaml.safe_load(
    Path(__file__).with_name("questions.yaml").read_text("utf-8")
)


def test_the_questions_name_documents_that_exist() -> None:
    content = library()
    known = {*content.pages, *content.examples, *(f"sentinel://tables/{table}" for table in content.table_notes)}
    assert len(QUESTIONS) >= 60
    assert {uri for question in QUESTIONS for uri in question["answers"]} <= known


def test_nine_of_ten_questions_find_their_page_in_the_top_three() -> None:
    missed = [
        (question["ask"], [hit.uri for hit in library().index.search(str(question["ask"]), 3)])
        for question in QUESTIONS
        if not {hit.uri for hit in library().index.search(str(question["ask"]), 3)} & set(question["answers"])
    ]
    assert len(missed) <= len(QUESTIONS) // 10, missed


def test_a_section_is_given_rather_than_a_page() -> None:
    hit = library().index.search("my join multiplies rows", 1)[0]
    assert hit.uri == "sentinel://kql/topics/joins"
    assert "multiplies rows" in hit.section
    assert not hit.whole
    assert len(hit.section) < len(library().pages[hit.uri].body)


def test_a_table_is_found_by_the_words_of_its_name() -> None:
    assert library().index.search("device process events", 3)[0].uri == "sentinel://tables/DeviceProcessEvents"


def test_nothing_known_finds_nothing() -> None:
    assert library().index.search("zzzzqqqq") == []
    assert library().index.search("") == []
    assert library().index.search("?!") == []


@given(st.text(max_size=200))
def test_no_text_is_read_as_a_search_language(text: str) -> None:
    index = SearchIndex([Entry("u", "title", "key", "summary", "body")])
    assert len(index.search(text)) <= 1


@pytest.mark.parametrize(
    "text", ['"', "a AND", "NEAR(a b)", "title:x", "a*", "(", "-x", "x OR", "'; DROP TABLE documents"]
)
def test_operators_of_the_engine_are_only_words(text: str) -> None:
    index = SearchIndex([Entry("u", "title", "key", "summary", "body")])
    index.search(text)
    assert index.search("title")[0].uri == "u"


def test_sections_lose_nothing_and_keep_blocks_with_their_words() -> None:
    body = "Intro.\n\n```kql\nT\n\n| take 1\n```\n\nNext.\n- a\n- b\n\nLast."
    assert list(sections(body)) == ["Intro.\n\n```kql\nT\n\n| take 1\n```", "Next.\n- a\n- b", "Last."]
