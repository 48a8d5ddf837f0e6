import pytest

import sentinel_mcp_resources
from sentinel_mcp_resources import UnknownDocument, library


def test_the_public_face_is_exactly_this() -> None:
    assert sentinel_mcp_resources.__all__ == [
        "BadArguments",
        "ContentError",
        "Example",
        "Hit",
        "Library",
        "Page",
        "PromptArgument",
        "PromptTemplate",
        "TableNote",
        "UnknownDocument",
        "library",
    ]
    assert all(hasattr(sentinel_mcp_resources, name) for name in sentinel_mcp_resources.__all__)


def test_every_file_of_every_kind_reads() -> None:
    content = library()
    assert content.pages
    assert content.examples
    assert content.table_notes
    assert content.prompts


def test_every_page_has_title_summary_and_something_to_say() -> None:
    for page in library().pages.values():
        assert page.render().startswith(f"# {page.title}\n\n{page.summary}\n\n")
        assert page.body


def test_a_page_that_teaches_a_construct_shows_it_in_a_query() -> None:
    for page in library().pages.values():
        assert page.queries, f"{page.uri} has no KQL block"


def test_links_between_documents_lead_somewhere() -> None:
    content = library()
    known = {*content.pages, *content.examples}
    for text in [
        *(d.render() for d in (*content.pages.values(), *content.examples.values())),
        *(p.body for p in content.prompts.values()),
    ]:
        for word in text.split():
            if word.strip('().,;`"').startswith("sentinel://") and "{" not in word:
                assert word.strip('().,;`"') in known, word


def test_an_example_names_the_tables_it_reads() -> None:
    for example in library().examples.values():
        assert example.tables
        for table in example.tables:
            assert table in example.query


def test_an_unknown_address_is_answered_with_the_nearest_ones() -> None:
    with pytest.raises(UnknownDocument, match="did you mean sentinel://kql/operators/where"):
        library().document("sentinel://kql/operators/wher")
    with pytest.raises(UnknownDocument, match="There is no document 'x'"):
        library().document("x")


def test_the_content_is_read_once() -> None:
    assert library() is library()
    assert library().pages is library().pages
