"""Find the row of a watchlist that is meant."""

from dataclasses import dataclass

from sentinel_azure_clients import AzureServicesContext, Listing, Watchlist, WatchlistItem, watchlists
from sentinel_mcp_server.errors import Refused

_MOST_NAMED = 5


@dataclass(frozen=True, slots=True)
class Rows:
    """A watchlist with all of its items, or as many as the service gave."""

    watchlist: Watchlist
    items: Listing[WatchlistItem]

    @property
    def columns(self) -> frozenset[str]:
        """The columns that its items have."""
        return frozenset(column for item in self.items for column in item.values)

    def find(self, wanted: str) -> WatchlistItem | None:
        """The item with this name, or this value in the search key; None where there is none.

        Raises:
            Refused: several items have the value, or not all items could be looked at.
        """
        if named := [item for item in self.items if item.name.casefold() == wanted.casefold()]:
            return named[0]
        key = self.watchlist.search_key
        found = [item for item in self.items if key and str(item.values.get(key)) == wanted]
        if len(found) > 1:
            names = ", ".join(item.name for item in found[:_MOST_NAMED])
            raise Refused(
                f"{len(found)} items of {self.watchlist.alias} have {wanted[:80]!r} in {key} ({names}): "
                "say which by its name."
            )
        if not found and not self.items.complete:
            raise Refused(
                f"Not all items of {self.watchlist.alias} could be looked at ({self.items.note}), so whether "
                f"{wanted[:80]!r} is among them is not known."
            )
        return found[0] if found else None


async def read_rows(azure: AzureServicesContext, alias: str) -> Rows:
    """A watchlist and its items.

    Raises:
        SentinelError: there is none of this alias, or it could not be read.
    """
    watchlist = await watchlists.get_watchlist(azure, alias)
    return Rows(watchlist, await watchlists.list_items(azure, watchlist.alias))
