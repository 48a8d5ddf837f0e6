"""One alert."""

from datetime import datetime
from typing import Annotated, Any

from pydantic import Field

from sentinel_azure_clients import alerts
from sentinel_mcp_server._define import Answer, tool
from sentinel_mcp_server.context import Services


class AlertDetails(Answer):
    """An alert as its newest row has it."""

    name: str
    title: str
    description: str | None
    severity: str | None
    status: str | None
    provider: str | None
    product: str | None
    alert_type: str | None
    tactics: list[str]
    techniques: list[str]
    start: datetime | None
    end: datetime | None
    generated_at: datetime | None
    compromised_entity: str | None
    url: str | None
    entities: list[dict[str, Any]]


@tool(title="Get an alert", toolset="alert")
async def alert_get(
    services: Services,
    name: Annotated[str, Field(min_length=1, max_length=200, description="SystemAlertId from alert_list")],
) -> AlertDetails:
    """Get one alert of the last 90 days with its entities. For an incident's alerts use incident_get."""
    alert = await alerts.get_alert(services.azure, name)
    return AlertDetails(
        name=alert.system_alert_id,
        title=alert.title,
        description=alert.description,
        severity=alert.severity,
        status=alert.status,
        provider=alert.provider,
        product=alert.product,
        alert_type=alert.alert_type,
        tactics=list(alert.tactics),
        techniques=list(alert.techniques),
        start=alert.start,
        end=alert.end,
        generated_at=alert.generated_at,
        compromised_entity=alert.compromised_entity,
        url=alert.url,
        entities=[dict(entity) for entity in alert.entities],
    )
