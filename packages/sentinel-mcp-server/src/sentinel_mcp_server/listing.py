"""What all list tools share: narrowing by a part of the name, a cap that is told, and the service's own note."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Annotated, Generic, TypeVar

from pydantic import Field

from sentinel_azure_clients import Listing
from sentinel_mcp_server._define import Answer

T = TypeVar("T")

NameContains = Annotated[str | None, Field(max_length=200, description="Part of the name, in any case")]
Limit = Annotated[int, Field(ge=1, le=1000, description="Most to show")]


class ListAnswer(Answer):
    """A list that says how much of it is missing."""

    own_words = frozenset({"note"})

    matched: int = Field(description="How many match")
    shown: int = Field(description="How many of them are in this answer")
    note: str | None = Field(description="Why the list may not be all there is")

    def summary(self) -> str:
        """Counts, and what is missing."""
        more = "" if self.shown == self.matched else "; raise limit or narrow by name for the rest"
        return f"{self.shown} of {self.matched} shown{more}" + (f". {self.note}" if self.note else "")


@dataclass(frozen=True, slots=True)
class Narrowed(Generic[T]):
    """The part of a listing that an answer shows."""

    items: Sequence[T]
    matched: int
    note: str | None


def narrow(listing: Listing[T], name: Callable[[T], str], contains: str | None, limit: int) -> Narrowed[T]:
    """The items whose name contains a text, in order of their names, at most `limit`."""
    needle = (contains or "").casefold()
    found = sorted(
        (item for item in listing if needle in name(item).casefold()), key=lambda item: name(item).casefold()
    )
    note = None if listing.complete else listing.note or "The service did not give everything."
    return Narrowed(found[:limit], len(found), note)
