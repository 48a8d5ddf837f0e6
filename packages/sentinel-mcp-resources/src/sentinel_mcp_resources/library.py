"""Everything in `content/`, read on first use and kept for the life of the process."""

from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache, cached_property

from sentinel_mcp_resources.examples import Example
from sentinel_mcp_resources.pages import Page
from sentinel_mcp_resources.prompts import PromptTemplate
from sentinel_mcp_resources.search import Entry, SearchIndex
from sentinel_mcp_resources.source import read_folder
from sentinel_mcp_resources.tables import TableNote


class UnknownDocument(LookupError):
    """No document has this address; the message offers the nearest ones."""


@dataclass(frozen=True)
class Library:
    """The content, by kind. Each kind is read when it is first asked for; reading it finds its mistakes.

    Raises:
        ContentError: from any property, when a file of that kind is not as it should be.
    """

    @cached_property
    def pages(self) -> dict[str, Page]:
        """Pages of the KQL reference, by URI."""
        return {page.uri: page for page in map(Page.of, read_folder("kql"))}

    @cached_property
    def examples(self) -> dict[str, Example]:
        """Example queries, by URI."""
        return {example.uri: example for example in map(Example.of, read_folder("examples"))}

    @cached_property
    def table_notes(self) -> dict[str, TableNote]:
        """Notes about tables, by table name."""
        return {note.table: note for note in map(TableNote.of, read_folder("tables"))}

    @cached_property
    def prompts(self) -> dict[str, PromptTemplate]:
        """Prompts, by name."""
        return {prompt.name: prompt for prompt in map(PromptTemplate.of, read_folder("prompts"))}

    @cached_property
    def index(self) -> SearchIndex:
        """Full-text search over pages, examples and table notes; their addresses are resource URIs."""
        entries = [Entry(p.uri, p.title, " ".join(p.covers), p.summary, p.body) for p in self.pages.values()]
        entries += [
            Entry(e.uri, e.title, " ".join((*e.tables, *e.tactics, *e.techniques)), e.purpose, e.render())
            for e in self.examples.values()
        ]
        entries += [
            Entry(f"sentinel://tables/{n.table}", n.table, _table_keywords(n), n.summary, n.render())
            for n in self.table_notes.values()
        ]
        return SearchIndex(entries)

    def document(self, uri: str) -> Page | Example:
        """The page or example at an address.

        Raises:
            UnknownDocument: there is none; the message names the nearest addresses.
        """
        found = self.pages.get(uri) or self.examples.get(uri)
        if found is None:
            raise UnknownDocument(f"There is no document {uri[:200]!r}{nearest(uri, (*self.pages, *self.examples))}")
        return found


def _table_keywords(note: TableNote) -> str:
    return " ".join((note.table, note.connector, *note.key_columns, *note.attacker_writable))


def nearest(name: str, known: Iterable[str]) -> str:
    """The end of a sentence that offers the likeliest known names, or nothing where none is near."""
    folded = {candidate.casefold(): candidate for candidate in known}
    near = get_close_matches(name.casefold()[:200], folded, 3, 0.5)
    return f"; did you mean {', '.join(folded[candidate] for candidate in near)}?" if near else "."


@cache
def library() -> Library:
    """The content that this package carries."""
    return Library()
