"""Example queries: `content/examples/<scenario>/<id>.md` at `sentinel://examples/<scenario>/<id>`."""

from dataclasses import dataclass
from typing import Self

from sentinel_mcp_resources.source import ContentError, Source


@dataclass(frozen=True, slots=True)
class Example:
    """A query that answers one question, with what a reader needs to use it and to go on from it."""

    uri: str
    title: str
    scenario: str
    purpose: str
    tables: tuple[str, ...]
    tactics: tuple[str, ...]
    techniques: tuple[str, ...]
    parameters: tuple[str, ...]
    next_steps: tuple[str, ...]
    query: str
    notes: str

    @classmethod
    def of(cls, source: Source) -> Self:
        """The example that a content file holds: exactly one KQL block, notes around it."""
        source.only("title", "purpose", "tables", "tactics", "techniques", "parameters", "next")
        if len(source.queries) != 1:
            raise ContentError(f"{source.path}: an example has exactly one ```kql block")
        notes = source.body.replace(f"```kql\n{source.queries[0]}\n```", "").strip()
        return cls(
            uri=f"sentinel://{source.path}",
            title=source.text("title"),
            scenario=source.path.split("/")[1],
            purpose=source.text("purpose"),
            tables=source.texts("tables"),
            tactics=source.texts("tactics"),
            techniques=source.texts("techniques"),
            parameters=source.texts("parameters"),
            next_steps=source.texts("next"),
            query=source.queries[0],
            notes=notes,
        )

    def render(self) -> str:
        """The example as Markdown: purpose, query, then what to look at next."""
        lines = [f"# {self.title}", "", self.purpose, "", f"Tables: {', '.join(self.tables)}"]
        if self.techniques:
            lines.append(f"ATT&CK: {', '.join((*self.tactics, *self.techniques))}")
        if self.parameters:
            lines += ["", "Change to fit:", *(f"- {parameter}" for parameter in self.parameters)]
        lines += ["", "```kql", self.query, "```"]
        if self.notes:
            lines += ["", self.notes]
        if self.next_steps:
            lines += ["", "Look at next:", *(f"- {step}" for step in self.next_steps)]
        return "\n".join(lines) + "\n"
