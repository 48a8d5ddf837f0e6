"""Ask several sources about a value, and tell of each what came of it: one that fails does not silence the others."""

from collections.abc import Awaitable, Callable
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from sentinel_azure_clients import (
    AzureServicesContext,
    InvalidInput,
    NotFound,
    SentinelError,
    threat_intelligence,
    watchlists,
)

MOST_HITS = 20
MOST_ITEMS = 1000


class SourceAnswer(BaseModel):
    """What one source said."""

    model_config = ConfigDict(frozen=True)

    source: str
    outcome: Literal["found", "nothing", "failed"]
    facts: list[dict[str, Any]]
    note: str | None = Field(description="Why it failed, or why it may not be everything")


async def ask(source: str, question: Callable[[], Awaitable[tuple[list[dict[str, Any]], str | None]]]) -> SourceAnswer:
    """The answer of a source, also where it has nothing or cannot be asked.

    Raises:
        InvalidInput: the value is not what this source takes.
    """
    try:
        facts, note = await question()
    except NotFound:
        facts, note = [], None
    except InvalidInput:
        raise
    except SentinelError as error:
        return SourceAnswer(source=source, outcome="failed", facts=[], note=str(error))
    return SourceAnswer(source=source, outcome="found" if facts else "nothing", facts=facts, note=note)


async def indicator_hits(azure: AzureServicesContext, value: str) -> tuple[list[dict[str, Any]], str | None]:
    """Indicators whose STIX pattern has the value as a literal of its own."""
    listing = await threat_intelligence.query_indicators(azure, keywords=(value,), most=MOST_ITEMS)
    literal = f"'{value.casefold()}'"
    hits = [
        {
            "name": indicator.name,
            "pattern": indicator.pattern,
            "source": indicator.source,
            "confidence": indicator.confidence,
            "revoked": indicator.revoked,
            "threat_types": list(indicator.threat_types),
        }
        for indicator in listing
        if literal in (indicator.pattern or "").casefold()
    ]
    note = f"Only the first {MOST_HITS} of {len(hits)} are shown." if len(hits) > MOST_HITS else None
    return hits[:MOST_HITS], note or listing.note


async def watchlist_hits(azure: AzureServicesContext, value: str) -> tuple[list[dict[str, Any]], str | None]:
    """Items of any watchlist in which a value is the wanted one, whatever its case."""
    hits: list[dict[str, Any]] = []
    cut: list[str] = []
    for watchlist in await watchlists.list_watchlists(azure):
        items = await watchlists.list_items(azure, watchlist.alias, most=MOST_ITEMS)
        if not items.complete:
            cut.append(watchlist.alias)
        hits += [
            {"watchlist": watchlist.alias, "item": item.values}
            for item in items
            if any(str(held).casefold() == value.casefold() for held in item.values.values())
        ]
    note = f"Only the first {MOST_ITEMS} items were looked at in {', '.join(cut)}." if cut else None
    return hits[:MOST_HITS], note
