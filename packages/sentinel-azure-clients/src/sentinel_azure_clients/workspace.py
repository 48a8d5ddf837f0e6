"""The workspace itself, and its neighbours in the subscription."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from sentinel_azure_clients import _wire, resource
from sentinel_azure_clients._address import join
from sentinel_azure_clients._call import arm
from sentinel_azure_clients._operation import LOG_ANALYTICS, operation
from sentinel_azure_clients._paging import Listing, collect
from sentinel_azure_clients.errors import MalformedAnswer, NotConfigured

if TYPE_CHECKING:
    from datetime import datetime

    from sentinel_azure_clients._wire import Json
    from sentinel_azure_clients.context import AzureServicesContext
    from sentinel_azure_clients.resource import Resource

_GET = operation(
    "workspace",
    "get",
    "reading the workspace",
    way="LogAnalyticsManagementClient.send_request GET workspaces/{name}",
    api=LOG_ANALYTICS,
)
_LIST = operation(
    "workspace",
    "list",
    "listing the workspaces of the subscription",
    way="LogAnalyticsManagementClient.send_request GET subscriptions/{id}/providers/.../workspaces",
    api=LOG_ANALYTICS,
)
_LINKED = operation(
    "workspace",
    "list linked services",
    "listing the services linked to the workspace",
    way="LogAnalyticsManagementClient.send_request GET linkedServices",
    api=LOG_ANALYTICS,
)


@dataclass(frozen=True, slots=True)
class Workspace:
    """A Log Analytics workspace. `workspace_id` is the GUID that queries use; `daily_quota_gb` is None without a cap.

    `raw` is the object as the service sent it.
    """

    name: str
    id: str
    location: str | None
    workspace_id: str
    sku: str | None
    retention_days: int | None
    daily_quota_gb: float | None
    quota_resets_at: str | None
    ingestion_status: str | None
    public_query_access: str | None
    public_ingestion_access: str | None
    provisioning_state: str | None
    created_at: datetime | None
    modified_at: datetime | None
    features: Json
    tags: dict[str, str]
    raw: Json = field(repr=False)

    @property
    def subscription_id(self) -> str | None:
        """The subscription that the id names."""
        return _after("subscriptions", self.id)

    @property
    def resource_group(self) -> str | None:
        """The resource group that the id names, in the case in which the service writes it."""
        return _after("resourcegroups", self.id)


async def get_workspace(context: AzureServicesContext) -> Workspace:
    """The workspace as Azure has it now."""
    return from_wire(await arm(context, _GET, "GET", context.workspace_path()))


async def list_linked_services(context: AzureServicesContext) -> Listing[Resource]:
    """What is linked to the workspace, such as a cluster or an automation account (`properties["resourceId"]`)."""
    return await collect(context, _LINKED, context.workspace_path("linkedServices"), resource.from_wire)


async def list_workspaces(context: AzureServicesContext) -> Listing[Workspace]:
    """Every workspace of the subscription that the identity may see; only the subscription needs to be configured.

    A workspace that is still being made may have no GUID yet; it is left out, and the note names it. Whether Sentinel
    is switched on in a workspace is no part of this answer: ask `settings.list_onboarding_states` in that workspace.
    """
    (subscription,) = context.required("subscription_id")
    path = join("subscriptions", subscription, "providers", "Microsoft.OperationalInsights", "workspaces")
    found = await collect(context, _LIST, path, lambda source: source)
    listed = tuple(from_wire(source) for source in found if _guid(source))
    unfinished = ", ".join(_wire.name_of(source) for source in found if not _guid(source))
    left_out = f"Left out, because they have no id for queries yet: {unfinished}." if unfinished else None
    return Listing(
        listed,
        complete=found.complete and not left_out,
        note=" ".join(note for note in (found.note, left_out) if note) or None,
        extra=found.extra,
    )


async def get_workspace_id(context: AzureServicesContext) -> str:
    """The workspace's GUID: from the settings, else asked of the workspace resource once and remembered.

    Raises `NotConfigured` when neither AZURE_WORKSPACE_ID nor the three names of the resource are set.
    """
    if context.workspace_id:
        return context.workspace_id
    try:
        context.workspace_path()
    except NotConfigured as error:
        others = " and ".join(error.variables)
        raise NotConfigured(
            f"No workspace is configured for this call: set AZURE_WORKSPACE_ID (or {others}, and it is looked up).",
            variables=("AZURE_WORKSPACE_ID", *error.variables),
        ) from error

    async def load() -> str:
        return (await get_workspace(context)).workspace_id

    return await context.facts.get("workspace_id", load)


def from_wire(source: Json) -> Workspace:
    """Make a `Workspace` of the object that the service sends."""
    properties = _wire.section(source, "properties")
    capping = _wire.section(properties, "workspaceCapping")
    quota = _wire.real(capping, "dailyQuotaGb")
    guid = _guid(source)
    if not guid:
        raise MalformedAnswer("The workspace resource has no customerId, which is the GUID that queries use.")
    return Workspace(
        name=_wire.name_of(source),
        id=_wire.needed(source, "id"),
        location=_wire.text(source, "location"),
        workspace_id=guid,
        sku=_wire.text(_wire.section(properties, "sku"), "name"),
        retention_days=_wire.whole(properties, "retentionInDays"),
        daily_quota_gb=None if quota is None or quota < 0 else quota,  # -1 is the service's "no cap"
        quota_resets_at=_wire.text(capping, "quotaNextResetTime"),
        ingestion_status=_wire.text(capping, "dataIngestionStatus"),
        public_query_access=_wire.text(properties, "publicNetworkAccessForQuery"),
        public_ingestion_access=_wire.text(properties, "publicNetworkAccessForIngestion"),
        provisioning_state=_wire.text(properties, "provisioningState"),
        created_at=_wire.moment(properties, "createdDate"),
        modified_at=_wire.moment(properties, "modifiedDate"),
        features=_wire.section(properties, "features"),
        tags={key: str(value) for key, value in _wire.section(source, "tags").items()},
        raw=source,
    )


def _guid(source: Json) -> str | None:
    return _wire.text(_wire.section(source, "properties"), "customerId")


def _after(word: str, resource_id: str) -> str | None:
    # The services write the words of an id in different cases.
    parts = resource_id.split("/")
    for place, part in enumerate(parts[:-1]):
        if part.lower() == word:
            return parts[place + 1]
    return None
