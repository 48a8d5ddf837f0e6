"""A text inside another: every character of a query with its place in the file that holds it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class PlacedText:
    """`places[i]` is the index in the file of the query's character `i`; one more place stands for its end.

    `exact` is False where the file's way of writing could not be followed; then every place is the query's beginning.
    """

    text: str
    places: tuple[int, ...]
    exact: bool = True

    @classmethod
    def whole(cls, text: str, start: int = 0) -> PlacedText:
        """Place a text that stands in its file as it is."""
        return cls(text, tuple(range(start, start + len(text) + 1)))

    @classmethod
    def somewhere(cls, text: str, start: int) -> PlacedText:
        """Place a text of which only the beginning is known."""
        return cls(text, (start,) * (len(text) + 1), exact=False)

    def span(self, start: int, length: int) -> tuple[int, int]:
        """Give where in the file a span of the query begins and ends."""
        first = self.places[min(start, len(self.text))]
        if length <= 0 or not self.exact:
            return first, first
        return first, self.places[min(start + length, len(self.text)) - 1] + 1
