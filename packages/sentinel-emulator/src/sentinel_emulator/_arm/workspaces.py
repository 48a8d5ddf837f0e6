"""The workspace resource and its tables, as Microsoft.OperationalInsights describes them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sentinel_emulator._query.values import write_datetime
from sentinel_emulator._schema import workspace_tables

from .faults import table_not_found
from .routing import Call, Operation, Reply, operation

if TYPE_CHECKING:
    from sentinel_emulator._json import Resource
    from sentinel_emulator.emulator import Emulator

_READ = "Microsoft.OperationalInsights/workspaces/read"
_READ_TABLES = "Microsoft.OperationalInsights/workspaces/tables/read"

#: KQL types whose names in ARM's schema differ.
_ARM_TYPES = {"datetime": "dateTime", "bool": "boolean"}
_RETENTION = 90


def list_workspaces(call: Call) -> Reply:
    """Answer the one workspace as a list."""
    return Reply({"value": [workspace_resource(call.emulator)]})


def operations() -> list[Operation]:
    """Return the operations below a workspace."""
    return [
        operation("GET", "tables", _READ_TABLES, list_tables),
        operation("GET", "tables/{table}", _READ_TABLES, get_table),
    ]


def get_workspace(call: Call) -> Reply:
    """Answer the workspace."""
    return Reply(workspace_resource(call.emulator))


def workspace_resource(emulator: Emulator) -> Resource:
    """Return the workspace resource."""
    workspace = emulator.workspace
    moment = write_datetime(emulator.started.replace(microsecond=0))
    return {
        "properties": {
            "customerId": workspace.workspace_id,
            "provisioningState": "Succeeded",
            "sku": {"name": "PerGB2018", "lastSkuUpdate": moment},
            "retentionInDays": _RETENTION,
            "features": {"legacy": 0, "searchVersion": 1, "enableLogAccessUsingOnlyResourcePermissions": True},
            "workspaceCapping": {
                "dailyQuotaGb": -1.0,
                "quotaNextResetTime": moment,
                "dataIngestionStatus": "RespectQuota",
            },
            "publicNetworkAccessForIngestion": "Enabled",
            "publicNetworkAccessForQuery": "Enabled",
            "createdDate": moment,
            "modifiedDate": moment,
        },
        "location": workspace.location,
        "id": workspace.resource_id,
        "name": workspace.workspace_name,
        "type": "Microsoft.OperationalInsights/workspaces",
    }


def list_tables(call: Call) -> Reply:
    """Answer every table with its columns; the service does not page this list."""
    return Reply({"value": [table_resource(call.emulator, name) for name in workspace_tables()]})


def get_table(call: Call) -> Reply:
    """Answer one table; the name is found in any case."""
    asked = call.names["table"]
    name = next((name for name in workspace_tables() if name.lower() == asked.lower()), None)
    if name is None:
        raise table_not_found(asked)
    return Reply(table_resource(call.emulator, name))


def table_resource(emulator: Emulator, name: str) -> Resource:
    """Return a table resource with its standard columns."""
    return {
        "properties": {
            "totalRetentionInDays": _RETENTION,
            "archiveRetentionInDays": 0,
            "plan": "Analytics",
            "retentionInDaysAsDefault": True,
            "totalRetentionInDaysAsDefault": True,
            "schema": {
                "tableSubType": "Any",
                "name": name,
                "tableType": "Microsoft",
                "standardColumns": [
                    {
                        "name": column,
                        "type": _ARM_TYPES.get(kind, kind),
                        "isDefaultDisplay": False,
                        "isHidden": column.startswith("_") or column == "TenantId",
                    }
                    for column, kind in workspace_tables()[name].items()
                ],
                "solutions": ["LogManagement", "SecurityInsights"],
            },
            "provisioningState": "Succeeded",
            "retentionInDays": _RETENTION,
        },
        "id": f"{emulator.workspace.resource_id}/tables/{name}",
        "name": name,
    }
