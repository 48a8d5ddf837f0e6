"""Queries in the fences of a Markdown file: ```kql, ```kusto, ```csl."""

from __future__ import annotations

import re

from .model import ContentQuery
from .placed import PlacedText

_FENCE = re.compile(
    r"^ {0,3}(?P<fence>`{3,}|~{3,})[ \t]*(?:kql|kusto|csl)\b[^\n]*\n(?P<body>.*?)^ {0,3}(?P=fence)[`~]*[ \t]*$",
    re.MULTILINE | re.DOTALL | re.IGNORECASE,
)


def read_markdown(text: str) -> list[ContentQuery]:
    """Give the queries of the fences, in order."""
    return [
        ContentQuery(PlacedText.whole(match["body"], match.start("body")), start=match.start())
        for match in _FENCE.finditer(text)
    ]
