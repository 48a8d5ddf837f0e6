"""Microsoft Sentinel and Log Analytics for Python engineers: Azure in, frozen dataclasses out.

::

    from sentinel_azure_clients import AzureConfig, AzureServicesContext, QueryRequest, incidents, logs

    async with AzureServicesContext(AzureConfig.from_environment(os.environ)) as context:
        page = await incidents.list_page(context, statuses=["New"], severities=["High"])
        answer = await logs.run_query(context, QueryRequest("SigninLogs | take 10", timespan="P1D"))

Each area is a module whose functions take the context first. Nothing is loaded before it is used: importing this
package costs next to nothing, and no Azure library is imported before the first call.
`sentinel_azure_clients.asgi` and `sentinel_azure_clients.testing` are imported by name.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sentinel_azure_clients import (
        connection,
        data_connectors,
        incidents,
        logs,
        permissions,
        tables,
        workspace,
    )
    from sentinel_azure_clients._credentials import CREDENTIAL_KINDS
    from sentinel_azure_clients._paging import Listing
    from sentinel_azure_clients.config import AzureConfig
    from sentinel_azure_clients.connection import Capability, ConnectionReport
    from sentinel_azure_clients.context import AzureServicesContext
    from sentinel_azure_clients.data_connectors import DataConnector
    from sentinel_azure_clients.errors import (
        Conflict,
        InvalidInput,
        MalformedAnswer,
        NotAllowed,
        NotConfigured,
        NotFound,
        NotSignedIn,
        QueryRejected,
        Rejected,
        SentinelError,
        Throttled,
        TimedOut,
        Unreachable,
    )
    from sentinel_azure_clients.incidents import Alert, Comment, Entity, Incident, Owner, SecurityIncidentListing
    from sentinel_azure_clients.logs import Column, QueryRequest, QueryResponse, Table
    from sentinel_azure_clients.permissions import Grant, Permissions
    from sentinel_azure_clients.tables import SchemaSnapshot, TableInfo
    from sentinel_azure_clients.workspace import Workspace

__all__ = [
    "CREDENTIAL_KINDS",
    "Alert",
    "AzureConfig",
    "AzureServicesContext",
    "Capability",
    "Column",
    "Comment",
    "Conflict",
    "ConnectionReport",
    "DataConnector",
    "Entity",
    "Grant",
    "Incident",
    "InvalidInput",
    "Listing",
    "MalformedAnswer",
    "NotAllowed",
    "NotConfigured",
    "NotFound",
    "NotSignedIn",
    "Owner",
    "Permissions",
    "QueryRejected",
    "QueryRequest",
    "QueryResponse",
    "Rejected",
    "SchemaSnapshot",
    "SecurityIncidentListing",
    "SentinelError",
    "Table",
    "TableInfo",
    "Throttled",
    "TimedOut",
    "Unreachable",
    "Workspace",
    "connection",
    "data_connectors",
    "incidents",
    "logs",
    "permissions",
    "tables",
    "workspace",
]

_AREAS = ("connection", "data_connectors", "incidents", "logs", "permissions", "tables", "workspace")
_HOMES = {
    "_credentials": ("CREDENTIAL_KINDS",),
    "_paging": ("Listing",),
    "config": ("AzureConfig",),
    "connection": ("Capability", "ConnectionReport"),
    "context": ("AzureServicesContext",),
    "data_connectors": ("DataConnector",),
    "errors": (
        "Conflict",
        "InvalidInput",
        "MalformedAnswer",
        "NotAllowed",
        "NotConfigured",
        "NotFound",
        "NotSignedIn",
        "QueryRejected",
        "Rejected",
        "SentinelError",
        "Throttled",
        "TimedOut",
        "Unreachable",
    ),
    "incidents": ("Alert", "Comment", "Entity", "Incident", "Owner", "SecurityIncidentListing"),
    "logs": ("Column", "QueryRequest", "QueryResponse", "Table"),
    "permissions": ("Grant", "Permissions"),
    "tables": ("SchemaSnapshot", "TableInfo"),
    "workspace": ("Workspace",),
}
_HOME = {name: home for home, names in _HOMES.items() for name in names}


def __getattr__(name: str) -> Any:  # noqa: ANN401 - whatever the name stands for
    if name in _AREAS:
        return import_module(f"{__name__}.{name}")
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(f"{__name__}.{_HOME[name]}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
