"""What a file of Sentinel content holds."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

from sentinel_kql_validator.errors import KqlValidatorError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from .placed import PlacedText

Kind: TypeAlias = Literal["query", "analytic rule", "hunting query", "parser"]


class ContentError(KqlValidatorError, ValueError):
    """A file that cannot be read as content. `line` and `column` count from 1; 0 where no place is known."""

    def __init__(self, message: str, line: int = 0, column: int = 0) -> None:
        super().__init__(message)
        self.line = line
        self.column = column


@dataclass(frozen=True, slots=True)
class ContentQuery:
    """One query of a file, its place there, and the rule around it.

    `fields` are the rule's own fields by their names in YAML (`queryFrequency`, `entityMappings`, ...), as plain data;
    `field_places` gives the index in the file of each one's value. Both are empty for a bare query.
    """

    placed: PlacedText
    kind: Kind = "query"
    name: str = ""
    fields: Mapping[str, Any] = field(default_factory=dict[str, Any])
    field_places: Mapping[str, int] = field(default_factory=dict[str, int])
    start: int = 0
    """Where the rule begins in the file."""
    unread: str | None = None
    """Why the query cannot be checked though it is there (an ARM template expression), else None."""

    @property
    def text(self) -> str:
        """The query."""
        return self.placed.text
