"""How Sentinel is set up."""

from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from sentinel_azure_clients import Listing, Resource, settings
from sentinel_mcp_server._define import Answer, tool
from sentinel_mcp_server._together import together
from sentinel_mcp_server.context import Services


class SettingSummary(BaseModel):
    """One object of the set-up."""

    model_config = ConfigDict(frozen=True)

    name: str
    kind: str
    display_name: str
    properties: dict[str, Any]


class SettingList(Answer):
    """Onboarding, product settings, anomaly rules and source controls."""

    own_words = frozenset({"notes"})

    onboarded: bool = Field(description="Sentinel is switched on in the workspace")
    product_settings: list[SettingSummary] = Field(description="What is absent here is off")
    anomaly_rules: list[SettingSummary]
    source_controls: list[SettingSummary]
    notes: list[str] = Field(description="Why a list may not be all there is")


@tool(title="List settings", toolset="settings")
async def setting_list(services: Services) -> SettingList:
    """List how Sentinel is set up: onboarding, UEBA and other product settings, anomaly rules, source controls.

    For the workspace's own tier, retention and cap use workspace_get.
    """
    onboarding, product, anomalies, sources = await together(
        settings.list_onboarding_states(services.azure),
        settings.list_product_settings(services.azure),
        settings.list_anomaly_rules(services.azure),
        settings.list_source_controls(services.azure),
    )
    lists = {"product settings": product, "anomaly rules": anomalies, "source controls": sources}
    return SettingList(
        onboarded=any(state.name == "default" for state in onboarding),
        product_settings=_told(product),
        anomaly_rules=_told(anomalies),
        source_controls=_told(sources),
        notes=[f"{name}: {listing.note}" for name, listing in lists.items() if not listing.complete],
    )


def _told(listing: Listing[Resource]) -> list[SettingSummary]:
    return [
        SettingSummary(name=r.name, kind=r.kind, display_name=r.display_name, properties=dict(r.properties))
        for r in listing
    ]
