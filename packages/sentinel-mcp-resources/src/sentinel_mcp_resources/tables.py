"""What is worth knowing of a table beyond its columns: `content/tables/<Table>.md`."""

from dataclasses import dataclass
from typing import Self

from sentinel_mcp_resources.source import Source


@dataclass(frozen=True, slots=True)
class TableNote:
    """Prose about one table; columns and types come from the schema, which is not kept here."""

    table: str
    summary: str
    connector: str
    key_columns: tuple[str, ...]
    attacker_writable: tuple[str, ...]
    body: str
    queries: tuple[str, ...]

    @classmethod
    def of(cls, source: Source) -> Self:
        """The note that a content file holds; the file is named after the table."""
        source.only("summary", "connector", "key_columns", "attacker_writable")
        return cls(
            table=source.path.rpartition("/")[2],
            summary=source.text("summary"),
            connector=source.text("connector"),
            key_columns=source.texts("key_columns"),
            attacker_writable=source.texts("attacker_writable"),
            body=source.body,
            queries=source.queries,
        )

    def render(self) -> str:
        """The note as Markdown."""
        return (
            f"# {self.table}\n\n{self.summary}\n\nFilled by: {self.connector}\n\n"
            f"Columns to start from: {', '.join(self.key_columns)}\n\n"
            f"Columns whose text others can write: {', '.join(self.attacker_writable) or 'none known'}\n\n{self.body}\n"
        )
