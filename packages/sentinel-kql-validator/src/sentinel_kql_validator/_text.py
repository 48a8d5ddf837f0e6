"""Offsets: the analyser counts UTF-16 code units, Python counts characters, people count lines and columns from 1."""

from __future__ import annotations

import re
from bisect import bisect_right

_LINE_END = re.compile(r"\r\n|\r|\n")


class Positions:
    """Converts the analyser's offsets in one text."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._units: list[int] | None = None  # UTF-16 offset of every character; None where both counts agree
        if not text.isascii() and max(text) > "\uffff":
            self._units, unit = [], 0
            for character in text:
                self._units.append(unit)
                unit += 2 if character > "\uffff" else 1
            self._units.append(unit)
        self._lines = [0, *(end.end() for end in _LINE_END.finditer(text))]

    def character(self, unit: int) -> int:
        """Turn a UTF-16 offset into an index of Python's."""
        if self._units is None:
            return min(unit, len(self._text))
        return min(bisect_right(self._units, unit) - 1, len(self._text))

    @staticmethod
    def unit(text: str, index: int) -> int:
        """Turn an index of Python's into a UTF-16 offset."""
        return index + sum(character > "\uffff" for character in text[:index])

    def span(self, start: int, length: int) -> tuple[int, int]:
        """Turn a UTF-16 span into start and length in characters."""
        first = self.character(start)
        return first, self.character(start + length) - first

    def line_and_column(self, index: int) -> tuple[int, int]:
        """Give the 1-based line and column of a character."""
        line = bisect_right(self._lines, index)
        return line, index - self._lines[line - 1] + 1


def unencodable(text: str) -> int | None:
    """Give the index of the first lone surrogate, which no engine can be handed, or None."""
    try:
        text.encode("utf-8")
    except UnicodeEncodeError as error:
        return error.start
    return None
