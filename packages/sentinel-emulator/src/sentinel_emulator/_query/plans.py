"""Tables of the plans Basic and Auxiliary: cheaper to keep, and queried by `/search` alone.

What holds for them is what Microsoft's documentation of September 2026 says: any KQL but `externaldata` and
`resource()`, a time range that the request gives, and for Basic tables without an Auxiliary one the last 30 days only.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Literal, TypeAlias

from .faults import Inner, QueryFault, bad_argument, request_fault

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from sentinel_emulator._schema import Catalogue

    from .timespan import Window

#: The paths of the query API that run a query.
Api: TypeAlias = Literal["query", "search"]

#: How far back a query of Basic tables may reach.
BASIC_DAYS = 30


def rowless_tables(api: Api, catalogue: Catalogue) -> frozenset[str]:
    """Return the tables whose rows a path never shows.

    Only a wildcard reaches them on `/query`, since naming one is refused; what the service does then is not known.
    """
    if api == "search":
        return frozenset()
    return frozenset(table for table in catalogue.tables if catalogue.plan(table) != "Analytics")


def check_plans(api: Api, tables: Iterable[str], catalogue: Catalogue, window: Window | None, now: datetime) -> None:
    """Raise a `QueryFault` unless a path may query these tables over this window."""
    plans = {catalogue.plan(table) for table in tables if table in catalogue.tables} - {"Analytics"}
    if api == "query":
        if plans:
            raise _wrong_api(min(plans, key=["Basic", "Auxiliary"].index))
        return
    if window is None:
        raise request_fault("A search needs a time range: give the parameter 'timespan', for example ?timespan=P1D.")
    if plans == {"Basic"} and window.start < now - timedelta(days=BASIC_DAYS, minutes=1):
        raise request_fault(f"A search of Basic tables reaches back {BASIC_DAYS} days at most.")


def _wrong_api(plan: str) -> QueryFault:
    """Return the 400 that users of Basic tables reported in 2024 and 2025; its wording for Auxiliary is not known."""
    address = "https://api.loganalytics.io/v1/workspaces/{workspaceId}"
    message = (
        f"Query of {plan} Logs table is not supported with the API '{address}/query'.\n"
        f"You can use '{address}/search' instead.\n"
        f"To learn more on queries on {plan} Logs table, read here: https://aka.ms/basicLogsQueryAPI."
    )
    return bad_argument(Inner("UnsupportedApiQueryValidationError", message))
