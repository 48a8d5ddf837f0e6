"""Search the knowledge that the server carries."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from sentinel_mcp_resources import library
from sentinel_mcp_server._define import Answer, tool
from sentinel_mcp_server.context import Services


class FoundDocument(BaseModel):
    """A document with the section that answers best."""

    model_config = ConfigDict(frozen=True)

    uri: str = Field(description="Read the whole of it as a resource")
    title: str
    summary: str
    section: str


class DocsFound(Answer):
    """Documents, the best first."""

    documents: list[FoundDocument]

    def body(self) -> str:
        """Title, address and section of each."""
        if not self.documents:
            return "nothing found: ask with other words, or list the resources"
        return "\n\n".join(f"{d.title} ({d.uri})\n{d.summary}\n{d.section}" for d in self.documents)


@tool(title="Search the knowledge", toolset="docs", untrusted=False, of_workspace=False)
async def docs_search(
    services: Services,  # noqa: ARG001 - every tool takes the services first
    question: Annotated[str, Field(min_length=1, max_length=1000, description="A question or key words, in English")],
    limit: Annotated[int, Field(ge=1, le=20, description="Most documents to give")] = 3,
) -> DocsFound:
    """Search the KQL reference, example queries and table notes for how to do something.

    Gives the fitting section of each document. It knows nothing of this workspace: for its tables use table_list, for
    its data query_run.
    """
    return DocsFound(
        documents=[
            FoundDocument(uri=hit.uri, title=hit.title, summary=hit.summary, section=hit.section)
            for hit in library().index.search(question, limit)
        ]
    )
