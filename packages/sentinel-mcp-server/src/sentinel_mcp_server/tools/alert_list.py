"""Alerts of every product."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from sentinel_azure_clients import AlertRow, alerts
from sentinel_mcp_server._define import tool
from sentinel_mcp_server.context import Services
from sentinel_mcp_server.errors import Refused
from sentinel_mcp_server.listing import Limit, ListAnswer
from sentinel_mcp_server.trust import inline
from sentinel_mcp_server.window import decide_window


class AlertLine(BaseModel):
    """An alert in one line."""

    model_config = ConfigDict(frozen=True)

    name: str = Field(description="SystemAlertId, for alert_get")
    title: str
    severity: str | None
    status: str | None
    product: str | None
    tactics: list[str]
    start: datetime | None
    end: datetime | None

    @staticmethod
    def of(alert: AlertRow) -> "AlertLine":
        """The clients' alert, as answers carry it."""
        return AlertLine(
            name=alert.system_alert_id,
            title=alert.title,
            severity=alert.severity,
            status=alert.status,
            product=alert.product,
            tactics=list(alert.tactics),
            start=alert.start,
            end=alert.end,
        )


class AlertList(ListAnswer):
    """Alerts, the newest first."""

    start: datetime
    end: datetime
    alerts: list[AlertLine]

    def body(self) -> str:
        """One alert a line."""
        return "\n".join(
            f"{a.start}\t{inline(a.severity or '')}\t{inline(a.title)}\t{inline(a.product or '')}\t{inline(a.name)}"
            for a in self.alerts
        )


@tool(title="List alerts", toolset="alert")
async def alert_list(
    services: Services,
    timespan: Annotated[str | None, Field(description="Window: 1d, 12h, P7D, or start/end in ISO 8601")] = None,
    severities: Annotated[
        list[Literal["High", "Medium", "Low", "Informational"]] | None, Field(description="Any of these")
    ] = None,
    title_contains: Annotated[str | None, Field(max_length=200, description="Part of the title, in any case")] = None,
    limit: Limit = 50,
) -> AlertList:
    """List alerts of every product, each once, as its newest row says; also those that no incident holds.

    For the alerts of an incident use incident_get.
    """
    window = decide_window(timespan, None, services.settings.default_timespan, now=services.now())
    if window.start is None or window.end is None:
        raise Refused("Give a timespan with a start and an end.")
    listing = await alerts.list_alerts(
        services.azure,
        timespan=(window.start, window.end),
        severities=severities or (),
        title_contains=title_contains,
        most=limit,
    )
    return AlertList(
        start=window.start,
        end=window.end,
        alerts=[AlertLine.of(alert) for alert in listing.items],
        matched=len(listing.items),
        shown=len(listing.items),
        note=None
        if listing.complete
        else "There are more, or the service looked at part of the rows: narrow or raise.",
    )
