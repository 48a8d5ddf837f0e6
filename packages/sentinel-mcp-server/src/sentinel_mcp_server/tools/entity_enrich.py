"""What is known of an entity beside the logs."""

from typing import Annotated, Any, Literal

from pydantic import Field

from sentinel_azure_clients import enrichment
from sentinel_mcp_server._define import Answer, tool
from sentinel_mcp_server._together import together
from sentinel_mcp_server.context import Services
from sentinel_mcp_server.investigations.enriching import SourceAnswer, ask, indicator_hits, watchlist_hits
from sentinel_mcp_server.trust import inline


class EntityEnrichment(Answer):
    """What each source said."""

    kind: Literal["ip", "domain", "other"]
    value: str
    sources: list[SourceAnswer]

    def body(self) -> str:
        """One source a line, with its facts."""
        lines = [inline(self.value)]
        for source in self.sources:
            lines.append(f"{source.source}: {source.outcome}{f' ({inline(source.note)})' if source.note else ''}")
            lines += [
                "- " + ", ".join(f"{inline(key)}={inline(str(value))}" for key, value in fact.items())
                for fact in source.facts
            ]
        return "\n".join(lines)


@tool(title="Enrich an entity", toolset="entity", timeout=180.0)
async def entity_enrich(
    services: Services,
    kind: Annotated[Literal["ip", "domain", "other"], Field(description="What the value is")],
    value: Annotated[str, Field(min_length=2, max_length=500, description="Address, domain, host, user or hash")],
) -> EntityEnrichment:
    """See what is known of an entity beside the logs: geodata or whois, threat intelligence hits, watchlist hits.

    For what the logs know of it use entity_pivot.
    """
    azure = services.azure
    wanted = value.strip()

    async def geodata() -> tuple[list[dict[str, Any]], str | None]:
        return [dict((await enrichment.get_geodata(azure, wanted)).raw)], None

    async def whois() -> tuple[list[dict[str, Any]], str | None]:
        return [dict((await enrichment.get_whois(azure, wanted)).raw)], None

    own = {"ip": [("geodata", geodata)], "domain": [("whois", whois)], "other": []}[kind]
    sources = await together(
        *(ask(source, question) for source, question in own),
        ask("threat intelligence", lambda: indicator_hits(azure, wanted)),
        ask("watchlists", lambda: watchlist_hits(azure, wanted)),
    )
    return EntityEnrichment(kind=kind, value=wanted, sources=list(sources))
