import pytest

from sentinel_mcp_resources import ContentError
from sentinel_mcp_resources.source import parse


def test_a_file_is_its_head_and_its_body() -> None:
    source = parse("kql/x", "---\ntitle: X\ncovers: [where]\n---\nText.\n\n```kql\nT | take 1\n```\n")
    assert source.text("title") == "X"
    assert source.texts("covers") == ("where",)
    assert source.queries == ("T | take 1",)


def test_windows_line_ends_change_nothing() -> None:
    assert parse("x", "---\r\ntitle: X\r\n---\r\nText.\r\n") == parse("x", "---\ntitle: X\n---\nText.\n")


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("no head at all", "starts with a YAML head"),
        ("---\n- a\n- b\n---\n", "takes fields with values"),
        ("---\na: [\n---\n", "is not YAML"),
    ],
)
def test_a_file_without_a_proper_head_is_refused_by_name(text: str, says: str) -> None:
    with pytest.raises(ContentError, match=f"kql/broken.*{says}"):
        parse("kql/broken", text)


@pytest.mark.parametrize("head", ["title: 3", "title: ''", "other: x"])
def test_a_missing_or_mistyped_text_is_named(head: str) -> None:
    with pytest.raises(ContentError, match="needs a text 'title'"):
        parse("x", f"---\n{head}\n---\n").text("title")


def test_a_list_of_something_else_is_named() -> None:
    with pytest.raises(ContentError, match="'covers' takes a list of texts"):
        parse("x", "---\ncovers: [1, 2]\n---\n").texts("covers")


def test_a_misspelt_field_is_refused() -> None:
    with pytest.raises(ContentError, match="no field 'sumary'; it takes title, summary"):
        parse("x", "---\ntitle: X\nsumary: Y\n---\n").only("title", "summary")
