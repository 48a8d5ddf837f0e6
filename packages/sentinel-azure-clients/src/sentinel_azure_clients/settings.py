"""How Sentinel is set up in the workspace: onboarding, product settings, anomaly rules and source controls."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sentinel_azure_clients import resource
from sentinel_azure_clients._area import Area
from sentinel_azure_clients._call import arm
from sentinel_azure_clients._paging import Listing, collect

if TYPE_CHECKING:
    from sentinel_azure_clients.context import AzureServicesContext
    from sentinel_azure_clients.resource import Resource

_ONBOARDING = Area("onboarding", "onboarding state", "onboardingStates").listing()
_PRODUCT_AREA = Area("product settings", "product setting", "settings", api="2024-10-01-preview")
_PRODUCT = _PRODUCT_AREA.listing()
_ONE_PRODUCT = _PRODUCT_AREA.reading()
_ANOMALY_AREA = Area("ML analytics settings", "anomaly rule", "securityMLAnalyticsSettings")
_ANOMALY = _ANOMALY_AREA.listing()
_ONE_ANOMALY = _ANOMALY_AREA.reading()
_SOURCES = Area("source controls", "source control", "sourcecontrols").listing()


async def list_onboarding_states(context: AzureServicesContext) -> Listing[Resource]:
    """Whether Sentinel is switched on: one state named "default" when it is, none when it is not."""
    return await collect(context, _ONBOARDING, context.sentinel_path("onboardingStates"), resource.from_wire)


async def list_product_settings(context: AzureServicesContext) -> Listing[Resource]:
    """The settings of the product by kind: EyesOn, EntityAnalytics, Ueba, Anomalies. What is absent is off."""
    return await collect(context, _PRODUCT, context.sentinel_path("settings"), resource.from_wire)


async def get_product_setting(context: AzureServicesContext, name: str) -> Resource:
    """One setting of the product, such as Ueba. Raises `NotFound` when it is not set."""
    return resource.from_wire(await arm(context, _ONE_PRODUCT, "GET", context.sentinel_path("settings", name)))


async def list_anomaly_rules(context: AzureServicesContext) -> Listing[Resource]:
    """The machine-learning rules that find anomalies, with their thresholds."""
    path = context.sentinel_path("securityMLAnalyticsSettings")
    return await collect(context, _ANOMALY, path, resource.from_wire)


async def get_anomaly_rule(context: AzureServicesContext, name: str) -> Resource:
    """One machine-learning rule. Raises `NotFound`."""
    path = context.sentinel_path("securityMLAnalyticsSettings", name)
    return resource.from_wire(await arm(context, _ONE_ANOMALY, "GET", path))


async def list_source_controls(context: AzureServicesContext) -> Listing[Resource]:
    """The repositories that content is deployed from."""
    return await collect(context, _SOURCES, context.sentinel_path("sourcecontrols"), resource.from_wire)
