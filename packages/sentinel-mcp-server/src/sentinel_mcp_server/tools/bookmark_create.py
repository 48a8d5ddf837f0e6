"""Keep what a hunt found."""

import json
from typing import Annotated, Any
from uuid import uuid4

from pydantic import Field

from sentinel_azure_clients import bookmarks
from sentinel_mcp_server._define import write_tool
from sentinel_mcp_server.context import Services
from sentinel_mcp_server.plans import Plan, made
from sentinel_mcp_server.query_check import check_query, refuse_invalid
from sentinel_mcp_server.window import parse_instant
from sentinel_mcp_server.writing import ConfirmationToken, DespiteSuspicions, WriteAnswer, plan_or_apply


@write_tool(title="Create a bookmark", toolset="hunting")
async def bookmark_create(
    services: Services,
    title: Annotated[str, Field(min_length=1, max_length=200, description="What was found, in a line")],
    query: Annotated[str, Field(min_length=1, description="KQL that finds it again")],
    row: Annotated[dict[str, Any] | None, Field(description="The row to keep, by column")] = None,
    notes: Annotated[str | None, Field(max_length=3000, description="Why it matters")] = None,
    labels: Annotated[list[str] | None, Field(max_length=20, description="Tags")] = None,
    event_time: Annotated[
        str | None, Field(max_length=40, description="When it happened, ISO 8601; UTC without a zone")
    ] = None,
    confirmation_token: ConfirmationToken = None,
    despite_suspicions: DespiteSuspicions = False,
) -> WriteAnswer:
    """Keep a finding of a hunt with its query: first a plan, then the same call with its token.

    Not for a finding about an incident that exists: use incident_comment_add.
    """
    event_at = None if event_time is None else parse_instant(event_time)
    refuse_invalid(await check_query(services, query))
    kept = None if row is None else json.dumps(row, ensure_ascii=False)

    async def make_plan() -> Plan:
        # The bookmark's id is part of the plan: applying it twice cannot make two bookmarks.
        name = str(uuid4())

        async def apply() -> str | None:
            bookmark = await bookmarks.create_bookmark(
                services.azure,
                display_name=title,
                query=query,
                query_result=kept,
                notes=notes,
                labels=labels or (),
                event_at=event_at,
                name=name,
            )
            return bookmark.etag

        changes = made(title=title, query=query, row=row, notes=notes, labels=labels, event_time=event_time)
        return Plan(f"new bookmark {name}", changes, f"delete the bookmark {name} in the portal", apply)

    arguments: dict[str, Any] = {
        "title": title,
        "query": query,
        "row": row,
        "notes": notes,
        "labels": labels,
        "event_time": event_time,
    }
    return await plan_or_apply(
        services, "bookmark_create", arguments, (confirmation_token, despite_suspicions), make_plan
    )
