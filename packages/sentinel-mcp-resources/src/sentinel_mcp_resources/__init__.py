"""What a model must know to work a Microsoft Sentinel workspace: KQL reference, examples, tables and prompts, as files.

Everything lies in `content/` as Markdown with a YAML head; adding a page, an example, a table or a prompt means
adding a file. `library()` gives them all, read once, on first use.
"""

from sentinel_mcp_resources.examples import Example
from sentinel_mcp_resources.library import Library, UnknownDocument, library
from sentinel_mcp_resources.pages import Page
from sentinel_mcp_resources.prompts import BadArguments, PromptArgument, PromptTemplate
from sentinel_mcp_resources.search import Hit
from sentinel_mcp_resources.source import ContentError
from sentinel_mcp_resources.tables import TableNote

__all__ = [
    "BadArguments",
    "ContentError",
    "Example",
    "Hit",
    "Library",
    "Page",
    "PromptArgument",
    "PromptTemplate",
    "TableNote",
    "UnknownDocument",
    "library",
]
