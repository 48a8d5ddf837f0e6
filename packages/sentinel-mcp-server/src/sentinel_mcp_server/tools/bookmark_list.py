"""Hunting bookmarks."""

from datetime import datetime

from pydantic import BaseModel, ConfigDict

from sentinel_azure_clients import bookmarks
from sentinel_mcp_server._define import tool
from sentinel_mcp_server.context import Services
from sentinel_mcp_server.listing import Limit, ListAnswer, NameContains, narrow
from sentinel_mcp_server.trust import inline


class BookmarkSummary(BaseModel):
    """A bookmark with the query behind it."""

    model_config = ConfigDict(frozen=True)

    name: str
    display_name: str
    query: str
    notes: str | None
    labels: list[str]
    created_by: str | None
    created_at: datetime | None


class BookmarkList(ListAnswer):
    """Bookmarks, by their display names."""

    bookmarks: list[BookmarkSummary]

    def body(self) -> str:
        """One bookmark a line."""
        return "\n".join(
            f"{inline(b.display_name)}\t{inline(b.created_by or '?')}\t{inline(b.notes or '')}\t{inline(b.query)}"
            for b in self.bookmarks
        )


@tool(title="List bookmarks", toolset="hunting")
async def bookmark_list(services: Services, name_contains: NameContains = None, limit: Limit = 50) -> BookmarkList:
    """List what analysts bookmarked while hunting, with the query and notes; an incident's are in incident_get."""
    listing = await bookmarks.list_bookmarks(services.azure)
    found = narrow(listing, lambda bookmark: bookmark.display_name, name_contains, limit)
    return BookmarkList(
        bookmarks=[
            BookmarkSummary(
                name=bookmark.name,
                display_name=bookmark.display_name,
                query=bookmark.query,
                notes=bookmark.notes,
                labels=list(bookmark.labels),
                created_by=bookmark.created_by,
                created_at=bookmark.created_at,
            )
            for bookmark in found.items
        ],
        matched=found.matched,
        shown=len(found.items),
        note=found.note,
    )
