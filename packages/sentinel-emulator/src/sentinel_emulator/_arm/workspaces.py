"""The workspace resource and its tables, as Microsoft.OperationalInsights describes them."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from sentinel_emulator._query.values import write_datetime
from sentinel_emulator._schema import STANDARD

from .faults import table_not_found
from .routing import Call, Operation, Reply, operation

if TYPE_CHECKING:
    from sentinel_emulator._json import Resource
    from sentinel_emulator.emulator import Emulator
    from sentinel_emulator.workspace import Workspace

_READ = "Microsoft.OperationalInsights/workspaces/read"
_READ_TABLES = "Microsoft.OperationalInsights/workspaces/tables/read"

#: KQL types whose names in ARM's schema differ.
_ARM_TYPES = {"datetime": "dateTime", "bool": "boolean"}
_RETENTION = 90
#: What the schema of a table says when nobody described it.
_UNDESCRIBED: Resource = {
    "displayName": None,
    "description": None,
    "source": None,
    "labels": None,
    "categories": None,
}


def list_workspaces(call: Call) -> Reply:
    """Answer the workspaces of the subscription, or of the resource group that the path names."""
    group = call.names.get("group", "").lower()
    shown = [item for item in call.emulator.workspaces if group in {"", item.resource_group}]
    return Reply({"value": [workspace_resource(call.emulator, item) for item in shown]})


def operations() -> list[Operation]:
    """Return the operations below a workspace."""
    return [
        operation("GET", "tables", _READ_TABLES, list_tables),
        operation("GET", "tables/{table}", _READ_TABLES, get_table),
        operation("GET", "usages", "Microsoft.OperationalInsights/workspaces/usages/read", list_usages),
        operation("POST", "schema", "Microsoft.OperationalInsights/workspaces/schema/read", get_schema),
        operation(
            "GET",
            "availableServiceTiers",
            "Microsoft.OperationalInsights/workspaces/availableservicetiers/read",
            list_tiers,
        ),
        operation("GET", "linkedServices", "Microsoft.OperationalInsights/workspaces/linkedServices/read", _nothing),
    ]


def get_workspace(call: Call) -> Reply:
    """Answer the workspace that the path names."""
    name = call.names["workspace"].lower()
    found = next(item for item in call.emulator.workspaces if item.workspace_name == name)
    return Reply(workspace_resource(call.emulator, found))


def workspace_resource(emulator: Emulator, workspace: Workspace) -> Resource:
    """Return a workspace as a resource."""
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


def list_usages(call: Call) -> Reply:
    """Answer how much was taken in today, of a quota that is never reached."""
    midnight = call.now.replace(hour=0, minute=0, second=0, microsecond=0)
    taken = call.emulator.store().read(
        "SELECT coalesce(sum(Quantity), 0) FROM store.Usage WHERE StartTime >= ?::TIMESTAMP",
        [midnight.replace(tzinfo=None)],
    )
    usage = {
        "name": {"value": "DataAnalyzed", "localizedValue": "Data Analyzed"},
        "unit": "Bytes",
        "currentValue": float(taken[0][0]) * 1e6,
        "limit": -1.0,
        "nextResetTime": write_datetime(midnight + timedelta(days=1)),
        "quotaPeriod": "P1D",
    }
    return Reply({"value": [usage]})


def get_schema(call: Call) -> Reply:
    """Answer every column of every table, with the tables that have it."""
    owners: dict[tuple[str, str], list[str]] = {}
    for table, columns in call.emulator.catalogue.tables.items():
        for column, kind in columns.items():
            owners.setdefault((column, kind), []).append(table)
    value = [
        {
            "name": column,
            "displayName": column,
            "type": kind.capitalize(),
            "indexed": True,
            "stored": True,
            "facet": False,
            "ownerType": tables,
        }
        for (column, kind), tables in owners.items()
    ]
    metadata = {"schema": {"name": "CloudOps", "version": 2}, "resultType": "schema", "requestTime": 0}
    return Reply({"metadata": metadata, "value": value})


def list_tiers(_: Call) -> Reply:
    """Answer the one price tier there is."""
    tier = {"serviceTier": "PerGB2018", "enabled": True, "minimumRetention": 30, "maximumRetention": 730}
    return Reply([{**tier, "defaultRetention": 30}])


def list_playbooks(call: Call) -> Reply:
    """Answer the Logic Apps of the subscription, or of the resource group that the path names."""
    workspace = call.emulator.workspace
    if call.names["group"].lower() not in {"", workspace.resource_group}:
        return Reply({"value": []})
    group = f"/subscriptions/{workspace.subscription_id}/resourceGroups/{workspace.resource_group}"
    return Reply(
        {
            "value": [
                {
                    "properties": {
                        "provisioningState": "Succeeded",
                        "createdTime": write_datetime(call.emulator.started),
                        "changedTime": write_datetime(call.emulator.started),
                        "state": state,
                        "version": "08585000000000000000",
                        "accessEndpoint": f"https://workflows.contoso.example/{name}",
                    },
                    "id": f"{group}/providers/Microsoft.Logic/workflows/{name}",
                    "name": name,
                    "type": "Microsoft.Logic/workflows",
                    "location": workspace.location,
                    "tags": {},
                }
                for name, state in (
                    ("Revoke-Sessions", "Enabled"),
                    ("Isolate-Device", "Enabled"),
                    ("Old-Notifier", "Disabled"),
                )
            ]
        }
    )


def _nothing(_: Call) -> Reply:
    return Reply({"value": []})


def list_tables(call: Call) -> Reply:
    """Answer every table with its columns; the service does not page this list."""
    return Reply({"value": [_table(call, name) for name in call.emulator.catalogue.tables]})


def get_table(call: Call) -> Reply:
    """Answer one table; the name is found in any case."""
    asked = call.names["table"]
    name = call.emulator.catalogue.find(asked)
    if name is None:
        raise table_not_found(asked)
    return Reply(_table(call, name))


def _table(call: Call, name: str) -> Resource:
    """Return a table as the api-version shows it: before 2021 without its plan and its columns."""
    table = table_resource(call.emulator, name)
    if call.query["api-version"] < "2021":
        return {**table, "properties": {"retentionInDays": table["properties"]["retentionInDays"]}}
    return table


def table_resource(emulator: Emulator, name: str) -> Resource:
    """Return a table resource; the columns of a custom table stand apart from those that every table has."""
    catalogue = emulator.catalogue
    plan = catalogue.plan(name)
    # Basic and Auxiliary tables can be queried for 30 days, whatever the workspace keeps.
    shown = _RETENTION if plan == "Analytics" else 30
    kept = _RETENTION if plan == "Analytics" else 365
    columns = [_column(column, kind) for column, kind in catalogue.tables[name].items()]
    schema: Resource = {
        **_UNDESCRIBED,
        "tableSubType": "Any",
        "name": name,
        "tableType": "Microsoft",
        "standardColumns": columns,
        "solutions": ["LogManagement", "SecurityInsights"],
    }
    if name in catalogue.custom:
        own = [column for column in columns if column["name"] not in STANDARD or column["name"] == "TimeGenerated"]
        schema = {
            **_UNDESCRIBED,
            "tableSubType": "DataCollectionRuleBased",
            "name": name,
            "tableType": "CustomLog",
            "columns": own,
            "standardColumns": [column for column in columns if column not in own],
            "solutions": ["LogManagement"],
        }
    return {
        "properties": {
            "totalRetentionInDays": kept,
            "archiveRetentionInDays": kept - shown,
            "plan": plan,
            "retentionInDaysAsDefault": plan == "Analytics",
            "totalRetentionInDaysAsDefault": plan == "Analytics",
            "schema": schema,
            "provisioningState": "Succeeded",
            "retentionInDays": shown,
        },
        "id": f"{emulator.workspace.resource_id}/tables/{name}",
        "name": name,
    }


def _column(name: str, kind: str) -> Resource:
    return {
        "name": name,
        "type": _ARM_TYPES.get(kind, kind),
        "dataTypeHint": None,
        "displayName": None,
        "description": None,
        "isDefaultDisplay": False,
        "isHidden": name.startswith("_") or name == "TenantId",
    }
