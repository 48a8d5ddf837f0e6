"""A name in the settings becomes one of azure-identity's async credentials."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from sentinel_azure_clients.errors import NotConfigured

if TYPE_CHECKING:
    from azure.core.credentials_async import AsyncTokenCredential

    from sentinel_azure_clients.config import AzureConfig

# Kind -> (class in azure.identity.aio, whether it talks HTTP itself and so takes authority, CA and discovery).
_KINDS: dict[str, tuple[str, bool]] = {
    "default": ("DefaultAzureCredential", True),
    "environment": ("EnvironmentCredential", True),
    "workload_identity": ("WorkloadIdentityCredential", True),
    "managed_identity": ("ManagedIdentityCredential", True),
    "azure_cli": ("AzureCliCredential", False),
    "azure_powershell": ("AzurePowerShellCredential", False),
    "azure_developer_cli": ("AzureDeveloperCliCredential", False),
    "visual_studio_code": ("VisualStudioCodeCredential", False),
}
CREDENTIAL_KINDS = tuple(_KINDS)


def build_credential(config: AzureConfig) -> AsyncTokenCredential:
    """The credential that the settings name; its class name in azure-identity is accepted as well.

    These are the ones that take what they need from the machine. Any other is handed to the context as an object.

    Raises `NotConfigured` for an unknown kind, and for one whose own settings (AZURE_CLIENT_ID and the like) are
    missing.
    """
    by_class = {class_name.lower(): kind for kind, (class_name, _) in _KINDS.items()}
    wanted = config.credential.strip().lower()
    kind = by_class.get(wanted, wanted.replace("-", "_"))
    if kind not in _KINDS:
        raise NotConfigured(
            f"There is no credential kind {config.credential!r}; choose one of {', '.join(CREDENTIAL_KINDS)}."
        )
    class_name, speaks_http = _KINDS[kind]
    options: dict[str, Any] = {}
    if speaks_http:
        options["disable_instance_discovery"] = config.disable_instance_discovery
        # Without a word from the settings azure-identity's own AZURE_AUTHORITY_HOST stays in force.
        if config.authority_host or config.cloud != "public":
            options["authority"] = config.authority_host or config.endpoints.authority_host
        if config.ca_bundle:
            options["connection_verify"] = config.ca_bundle
    try:
        return getattr(import_module("azure.identity.aio"), class_name)(**options)
    except ValueError as error:
        raise NotConfigured(f"The credential {kind!r} cannot be used: {error}") from error
