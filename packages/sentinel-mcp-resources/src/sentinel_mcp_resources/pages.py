"""Pages of the KQL reference: `content/kql/**/*.md` at `sentinel://kql/**`."""

from dataclasses import dataclass
from typing import Self

from sentinel_mcp_resources.source import Source


@dataclass(frozen=True, slots=True)
class Page:
    """A page of the reference.

    `covers` names the KQL constructs that it teaches (operators, functions, aggregates); `queries` are its KQL blocks.
    """

    uri: str
    title: str
    summary: str
    covers: tuple[str, ...]
    body: str
    queries: tuple[str, ...]

    @classmethod
    def of(cls, source: Source) -> Self:
        """The page that a content file holds."""
        source.only("title", "summary", "covers")
        return cls(
            uri=f"sentinel://{source.path}",
            title=source.text("title"),
            summary=source.text("summary"),
            covers=source.texts("covers"),
            body=source.body,
            queries=source.queries,
        )

    def render(self) -> str:
        """The page as Markdown, title and summary first."""
        return f"# {self.title}\n\n{self.summary}\n\n{self.body}\n"
