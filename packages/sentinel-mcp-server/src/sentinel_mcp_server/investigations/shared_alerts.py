"""Alerts that concern the same entities, found in the table of alerts and told apart by who raised them."""

import json
from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Any, cast

from pydantic import BaseModel, ConfigDict, Field

from sentinel_azure_clients import AzureServicesContext, QueryRequest, logs
from sentinel_mcp_server import kql_text
from sentinel_mcp_server.errors import Refused

_SHORTEST = 4
MOST_VALUES = 50
_MOST_EXAMPLES = 5


class SharedAlerts(BaseModel):
    """Alerts of one name that share entities."""

    model_config = ConfigDict(frozen=True)

    alert: str = Field(description="Name of the alerts, which is the title of the rule or detection")
    product: str | None
    alerts: int
    shared: list[str] = Field(description="Values that both have, some of them")


async def alerts_sharing(
    azure: AzureServicesContext, values: Collection[str], window: tuple[datetime, datetime], rule: str, seconds: int
) -> tuple[list[SharedAlerts], int, str | None]:
    """Other alerts of the window that name one of the values, most first; how many the rule itself raised; a note.

    Values under four characters match too much and are left out; so are those after the first fifty. A value counts as
    shared where it is a whole value of the alert's entities, in any case. The rule is told by its GUID in `AlertType`.
    """
    searched = [value for value in dict.fromkeys(values) if len(value) >= _SHORTEST]
    note = f"Overlap was looked for by the first {MOST_VALUES} of {len(searched)} values."
    request = QueryRequest(_query(searched[:MOST_VALUES], rule), timespan=window, server_timeout=seconds)
    response = await logs.run_query(azure, request)
    if response.status != "complete":
        raise Refused("The service could not look at all alerts, so what overlaps is not known; call again.")
    own = 0
    groups: dict[tuple[str, str | None], list[set[str]]] = {}
    wanted = {value.casefold(): value for value in searched[:MOST_VALUES]}
    rows = [row for table in response.result_tables for row in table.rows]
    for name, product, entities, is_own in rows:
        if is_own:
            own += 1
            continue
        shared = {wanted[text] for text in _texts(entities) if text in wanted}
        if shared:
            groups.setdefault((str(name), str(product) if product else None), []).append(shared)
    found = [
        SharedAlerts(
            alert=name,
            product=product,
            alerts=len(alerts),
            shared=sorted(set[str]().union(*alerts))[:_MOST_EXAMPLES],
        )
        for (name, product), alerts in groups.items()
    ]
    found.sort(key=lambda group: (-group.alerts, group.alert))
    return found, own, note if len(searched) > MOST_VALUES else None


def _query(values: Iterable[str], rule: str) -> str:
    words = ", ".join(kql_text.string(value) for value in values)
    own = f"AlertType endswith {kql_text.string(rule)}"
    others = f" or Entities has_any ({words})" if words else ""
    return (
        "SecurityAlert\n"
        "| summarize arg_max(TimeGenerated, *) by SystemAlertId\n"
        f"| extend Own = {own}\n"
        f"| where Own{others}\n"
        "| project AlertName, ProductName, Entities, Own"
    )


def _texts(entities: object) -> set[str]:
    """Every text in the JSON of an alert's entities, lower case, and a user's whole name from its two parts."""
    try:
        parsed: Any = json.loads(str(entities))
    except ValueError:
        return set()
    found: set[str] = set()
    stack: list[Any] = [parsed]
    while stack:
        item = stack.pop()
        if isinstance(item, str):
            found.add(item.casefold())
        elif isinstance(item, list):
            stack += cast("list[Any]", item)
        elif isinstance(item, dict):
            members = cast("dict[str, Any]", item)
            if members.get("Name") and members.get("UPNSuffix"):
                found.add(f"{members['Name']}@{members['UPNSuffix']}".casefold())
            stack += members.values()
    return found
