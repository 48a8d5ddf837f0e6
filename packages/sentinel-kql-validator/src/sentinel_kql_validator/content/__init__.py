"""Reading Sentinel content: KQL in YAML rules, ARM templates, Markdown and files of its own, each at its place."""

from __future__ import annotations

from pathlib import PurePath

from .json_file import read_json
from .markdown import read_markdown
from .model import ContentError, ContentQuery
from .placed import PlacedText
from .rule_checks import check_rule
from .yaml_file import read_yaml

__all__ = ["SUFFIXES", "ContentError", "ContentQuery", "PlacedText", "check_rule", "read_content"]

_READERS = {
    ".json": read_json,
    ".markdown": read_markdown,
    ".md": read_markdown,
    ".yaml": read_yaml,
    ".yml": read_yaml,
}
_QUERY_FILES = (".csl", ".kql", ".kusto")
SUFFIXES = (*_QUERY_FILES, *_READERS)


def read_content(name: str, text: str) -> list[ContentQuery]:
    """Give the queries of a file, by the suffix of its name; a file of any other name is one query.

    An empty list: the file was understood and holds no query. Raises `ContentError` with the place for broken files.
    """
    reader = _READERS.get(PurePath(name).suffix.lower())
    if reader is None:
        return [ContentQuery(PlacedText.whole(text))]
    return reader(text)
