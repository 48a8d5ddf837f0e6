"""What a caller may set: which workspace, which cloud, which credential, and how long to wait."""

from __future__ import annotations

import math
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from sentinel_azure_clients._clouds import CLOUDS, Cloud, CloudName
from sentinel_azure_clients.errors import InvalidInput

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkspaceAddress:
    """Another workspace, under a `name` of the caller's choosing. What is None is taken from the main settings."""

    name: str
    workspace_name: str | None = None
    workspace_id: str | None = None
    resource_group: str | None = None
    subscription_id: str | None = None

    def settings(self) -> dict[str, Any]:
        """The settings of `AzureConfig` that are different for this workspace."""
        given = {
            "resource_group": self.resource_group,
            "subscription_id": self.subscription_id,
        }
        # A workspace's own two names belong together: half of another workspace's would mix the two.
        names = {"workspace_name": self.workspace_name, "workspace_id": self.workspace_id}
        return {**{key: value for key, value in given.items() if value}, **names, "workspaces": ()}


@dataclass(frozen=True, slots=True, kw_only=True)
class AzureConfig:
    """Settings of one workspace and of the way to it. Nothing here is a secret, and nothing is read from Azure.

    The four names of the workspace may be None; a call that needs a missing one raises `NotConfigured`.
    `credential` is "default" (DefaultAzureCredential) or one of the kinds in `CREDENTIAL_KINDS`.
    `ca_bundle` is a PEM file that replaces the system's certificate authorities.
    `arm_endpoint` and `logs_endpoint` replace the cloud's addresses (https only); tokens keep the cloud's audience.

    Times are seconds. `deadline` is the whole time for one call, retries included; a query has
    `query_timeout` (asked of the service, at most 600) plus `deadline` on top for the way there and back.
    `max_retry_wait` is the longest single wait: a longer `Retry-After` ends in `Throttled` at once.
    `workspaces` are others than the one above, each reached with `context.workspace(name)`.
    The limits on queries default to what the service grants one user: 5 at a time and 200 in 30 seconds.
    """

    subscription_id: str | None = None
    resource_group: str | None = None
    workspace_name: str | None = None
    workspace_id: str | None = None
    cloud: CloudName = "public"
    credential: str = "default"
    authority_host: str | None = None
    ca_bundle: str | None = None
    disable_instance_discovery: bool = False
    logs_endpoint: str | None = None
    arm_endpoint: str | None = None
    max_retries: int = 3
    max_retry_wait: float = 10.0
    deadline: float = 60.0
    query_timeout: int = 180
    concurrent_queries: int = 5
    queries_per_30_seconds: int = 200
    concurrent_reads: int = 10
    page_limit: int = 200
    schema_ttl: float = 900.0
    workspaces: tuple[WorkspaceAddress, ...] = ()

    def __post_init__(self) -> None:
        """Refuse a value that could only fail later, in a place where the reason is hard to see."""
        if self.cloud not in CLOUDS:
            raise InvalidInput(f"cloud is {self.cloud!r}, but must be one of {', '.join(CLOUDS)}.")
        for name in ("logs_endpoint", "arm_endpoint", "authority_host"):
            _check_address(name, getattr(self, name))
        whole: dict[str, tuple[int, int]] = {
            "max_retries": (0, 20),
            "query_timeout": (1, 600),
            "concurrent_queries": (1, 100),
            "queries_per_30_seconds": (1, 10_000),
            "concurrent_reads": (1, 100),
            "page_limit": (1, 100_000),
        }
        for name, (least, most) in whole.items():
            value = getattr(self, name)
            if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= most:
                raise InvalidInput(f"{name} is {value!r}, but must be a whole number from {least} to {most}.")
        for name in ("max_retry_wait", "deadline", "schema_ttl"):
            value = getattr(self, name)
            if not isinstance(value, int | float) or not math.isfinite(value) or value < 0:
                raise InvalidInput(f"{name} is {value!r}, but must be a number of seconds, 0 or more.")
        if not self.deadline:
            raise InvalidInput("deadline is 0, but every call needs some time; give seconds.")

    @classmethod
    def from_environment(cls, environment: Mapping[str, str], **overrides: object) -> AzureConfig:
        """Read AZURE_SUBSCRIPTION_ID, AZURE_RESOURCE_GROUP, AZURE_WORKSPACE_NAME and AZURE_WORKSPACE_ID.

        An empty variable counts as missing. `overrides` are fields of this class and win.
        """
        known = {field.name for field in fields(cls)}
        unknown = sorted(set(overrides) - known)
        if unknown:
            raise InvalidInput(f"AzureConfig has no setting {', '.join(unknown)}.")
        found = {name: environment.get(variable) or None for name, variable in VARIABLES.items()}
        settings: dict[str, Any] = {**found, **overrides}
        return cls(**settings)

    @property
    def endpoints(self) -> Cloud:
        """The cloud's own addresses and audiences, before any override."""
        return CLOUDS[self.cloud]

    @property
    def arm(self) -> str:
        """The address of Azure Resource Manager that calls go to, without a slash at the end."""
        return (self.arm_endpoint or self.endpoints.arm_endpoint).rstrip("/")

    @property
    def logs(self) -> str:
        """The address of the Log Analytics query API that calls go to, without a slash at the end."""
        return (self.logs_endpoint or self.endpoints.logs_endpoint).rstrip("/")


VARIABLES = {
    "subscription_id": "AZURE_SUBSCRIPTION_ID",
    "resource_group": "AZURE_RESOURCE_GROUP",
    "workspace_name": "AZURE_WORKSPACE_NAME",
    "workspace_id": "AZURE_WORKSPACE_ID",
}


def _check_address(name: str, value: str | None) -> None:
    if value is None:
        return
    parts = urlsplit(value)
    if parts.scheme != "https" or not parts.hostname or parts.query or parts.fragment or parts.username:
        raise InvalidInput(f"{name} must be an https address such as https://management.azure.com.")
