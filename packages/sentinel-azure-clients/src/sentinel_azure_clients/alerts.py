"""Alerts of every product, from the workspace's table SecurityAlert.

The API lists alerts only as part of an incident (`incidents.list_alerts`); the table has them all, one row for every
change of an alert. These calls give each alert once, as its newest row has it.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from sentinel_azure_clients import _kql, _wire, logs
from sentinel_azure_clients.errors import InvalidInput, MalformedAnswer, NotFound

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sentinel_azure_clients._timespan import Timespan
    from sentinel_azure_clients._wire import Json
    from sentinel_azure_clients.context import AzureServicesContext

SEVERITIES = ("High", "Medium", "Low", "Informational")
_NEWEST = "SecurityAlert\n| summarize arg_max(TimeGenerated, *) by SystemAlertId"


@dataclass(frozen=True, slots=True)
class AlertRow:
    """An alert as the table has it. `entities` are the objects of its column Entities; `row` has every column."""

    system_alert_id: str
    title: str
    description: str | None
    severity: str | None
    status: str | None
    provider: str | None
    vendor: str | None
    product: str | None
    alert_type: str | None
    tactics: tuple[str, ...]
    techniques: tuple[str, ...]
    start: datetime | None
    end: datetime | None
    generated_at: datetime | None
    compromised_entity: str | None
    url: str | None
    entities: tuple[Json, ...] = field(repr=False)
    row: Json = field(repr=False)


@dataclass(frozen=True, slots=True)
class AlertListing:
    """Alerts, newest first. `complete` is False when there are more, or when the service could not look at all rows."""

    items: tuple[AlertRow, ...]
    complete: bool


async def list_alerts(
    context: AzureServicesContext,
    *,
    timespan: Timespan = "P1D",
    severities: Sequence[str] = (),
    title_contains: str | None = None,
    product: str | None = None,
    most: int = 100,
) -> AlertListing:
    """The alerts of a timespan that match every given condition, at most `most` (1 to 10,000)."""
    if not 1 <= most <= 10_000:
        raise InvalidInput(f"most is {most}, but must be from 1 to 10,000.")
    lines = [_NEWEST]
    if severities:
        known = {severity.lower(): severity for severity in SEVERITIES}
        unknown = [severity for severity in severities if severity.lower() not in known]
        if unknown:
            raise InvalidInput(f"There is no severity {unknown[0][:40]!r}; use {', '.join(SEVERITIES)}.")
        lines.append(f"| where AlertSeverity in ({_kql.literals(known[s.lower()] for s in severities)})")
    if title_contains:
        lines.append(f"| where DisplayName contains {_kql.literal(title_contains)}")
    if product:
        lines.append(f"| where ProductName =~ {_kql.literal(product)}")
    lines.append(f"| top {most + 1} by TimeGenerated desc")
    answer = await logs.run_query(context, logs.QueryRequest("\n".join(lines), timespan=timespan))
    found = _rows(answer)
    return AlertListing(found[:most], complete=answer.status == "complete" and len(found) <= most)


async def get_alert(context: AzureServicesContext, system_alert_id: str, *, timespan: Timespan = "P90D") -> AlertRow:
    """The alert with this id, as its newest row in the timespan has it. Raises `NotFound`."""
    if not system_alert_id.strip():
        raise InvalidInput("Give the SystemAlertId of an alert.")
    wanted = _kql.literal(system_alert_id.strip())
    query = f"SecurityAlert\n| where SystemAlertId =~ {wanted}\n| top 1 by TimeGenerated desc"
    found = _rows(await logs.run_query(context, logs.QueryRequest(query, timespan=timespan)))
    if not found:
        raise NotFound(f"The table SecurityAlert has no alert {system_alert_id[:60]!r} in the time that was looked at.")
    return found[0]


def from_row(row: Json) -> AlertRow:
    """Make an `AlertRow` of a row of the table, given by column."""
    return AlertRow(
        system_alert_id=_wire.needed(row, "SystemAlertId"),
        title=_wire.text(row, "DisplayName") or _wire.text(row, "AlertName") or "",
        description=_wire.text(row, "Description"),
        severity=_wire.text(row, "AlertSeverity"),
        status=_wire.text(row, "Status"),
        provider=_wire.text(row, "ProviderName"),
        vendor=_wire.text(row, "VendorName"),
        product=_wire.text(row, "ProductName"),
        alert_type=_wire.text(row, "AlertType"),
        tactics=_words(_wire.text(row, "Tactics")),
        techniques=_words(_wire.text(row, "Techniques")),
        start=_wire.moment(row, "StartTime"),
        end=_wire.moment(row, "EndTime"),
        generated_at=_wire.moment(row, "TimeGenerated"),
        compromised_entity=_wire.text(row, "CompromisedEntity"),
        url=_wire.text(row, "AlertLink"),
        entities=_entities(_wire.text(row, "Entities")),
        row=row,
    )


def _rows(answer: logs.QueryResponse) -> tuple[AlertRow, ...]:
    if not answer.tables:
        return ()
    names = [column.name for column in answer.result_tables[0].columns]
    if "SystemAlertId" not in names:
        raise MalformedAnswer("The rows of SecurityAlert have no SystemAlertId.")
    return tuple(from_row(dict(zip(names, row, strict=True))) for row in answer.result_tables[0].rows)


def _entities(text: str | None) -> tuple[Json, ...]:
    # The column is free text to the service; what is no list of objects stays in the row and is not made up here.
    try:
        value: Any = json.loads(text or "[]")
    except (ValueError, RecursionError):
        return ()
    return tuple(entity for entity in value if _wire.is_object(entity)) if _wire.is_array(value) else ()


def _words(text: str | None) -> tuple[str, ...]:
    """A list of words, written with commas or as a JSON array."""
    if text and text.lstrip().startswith("["):
        try:
            value: Any = json.loads(text)
        except (ValueError, RecursionError):
            return ()
        return tuple(word for word in value if isinstance(word, str))
    return tuple(word.strip() for word in (text or "").split(",") if word.strip())
