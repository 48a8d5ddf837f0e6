import asyncio
from typing import Any

import pytest

from sentinel_azure_clients import NotConfigured, Unreachable, tables
from sentinel_azure_clients.testing import Answer, FakeAzure, fake_context


def table(name: str, *columns: tuple[str, str], **properties: Any) -> dict[str, Any]:
    described = [{"name": column, "type": kind} for column, kind in columns]
    schema = {"name": name, "standardColumns": [{"name": "TenantId", "type": "guid"}], "columns": described}
    return {"id": f"/tables/{name}", "name": name, "properties": {"plan": "Analytics", "schema": schema, **properties}}


def workspace_with(*functions: dict[str, Any]) -> FakeAzure:
    azure = FakeAzure()
    azure.answer("GET", "/tables", json={"value": [table("T", ("TimeGenerated", "dateTime"), ("Ok", "boolean"))]})
    saved = [{"id": f"/{n}", "name": str(n), "properties": function} for n, function in enumerate(functions)]
    azure.answer("GET", "/savedSearches", json={"value": saved})
    return azure


async def test_a_table_has_its_columns_with_kql_types() -> None:
    azure = workspace_with()
    azure.answer("GET", "/tables/T", json=table("T", ("n", "Long"), retentionInDays=30, totalRetentionInDays=365))
    async with fake_context(azure) as context:
        (listed,) = await tables.list_tables(context)
        found = await tables.get_table(context, "T")
    assert listed.columns == {"TenantId": "guid", "TimeGenerated": "datetime", "Ok": "bool"}
    assert found.columns == {"TenantId": "guid", "n": "long"}
    assert (found.plan, found.retention_days, found.total_retention_days) == ("Analytics", 30, 365)


async def test_a_table_without_a_schema_has_no_columns() -> None:
    assert tables.from_wire({"id": "/t", "name": "t", "properties": {"retentionInDays": 30}}).columns == {}


async def test_the_schema_has_tables_and_functions() -> None:
    azure = workspace_with(
        {"displayName": "hunt", "query": "T"},
        {"functionAlias": "Recent", "functionParameters": "days:int=7, who : string", "query": "T | take 1"},
        {"functionAlias": "OfTable", "functionParameters": "X : (a:Int, b:string, *)", "query": "X"},
        {"functionAlias": "Odd", "functionParameters": "x:money", "query": "print x"},
    )
    async with fake_context(azure) as context:
        schema = await tables.get_schema(context)
    assert schema.tables == {"T": {"TenantId": "guid", "TimeGenerated": "datetime", "Ok": "bool"}}
    assert schema.functions == {
        "Recent": {
            "parameters": [
                {"name": "days", "type": "int", "required": False, "default": "7"},
                {"name": "who", "type": "string", "required": True},
            ],
            "body": "T | take 1",
        },
        "OfTable": {
            "signature": "X : (a:Int, b:string, *)",
            "tabular_parameters": [{"name": "X", "type": "(a:int, b:string)", "required": True}],
            "body": "X",
        },
        "Odd": {"signature": "x:money", "body": "print x"},
    }
    assert schema.notes == ()


async def test_the_schema_is_read_once_for_many_and_again_when_asked() -> None:
    azure = workspace_with()
    async with fake_context(azure) as context:
        many = await asyncio.gather(*(tables.get_schema(context) for _ in range(10)))
        assert len(azure.requests) == 2
        again = await tables.get_schema(context, fresh=True)
        assert len(azure.requests) == 4
    assert {schema.version for schema in many} == {again.version}


async def test_the_version_changes_with_the_content() -> None:
    azure = workspace_with()
    async with fake_context(azure) as context:
        before = await tables.get_schema(context)
        azure.answer("GET", "/tables", json={"value": [table("T", ("TimeGenerated", "dateTime"))]})
        after = await tables.get_schema(context, fresh=True)
    assert before.version != after.version


async def test_a_failed_read_is_not_remembered() -> None:
    azure = workspace_with()
    azure.answer("GET", "/tables", Answer(status=500), Answer(json={"value": []}))
    async with fake_context(azure, max_retries=0) as context:
        with pytest.raises(Unreachable):
            await tables.get_schema(context)
        assert (await tables.get_schema(context)).tables == {}


async def test_functions_that_may_not_be_read_are_noted() -> None:
    azure = workspace_with()
    azure.answer("GET", "/savedSearches", status=403, json={"error": {"code": "AuthorizationFailed", "message": "no"}})
    async with fake_context(azure) as context:
        schema = await tables.get_schema(context)
    assert list(schema.tables) == ["T"]
    assert len(schema.notes) == 1
    assert "functions could not be read" in schema.notes[0]


async def test_with_the_workspace_id_alone_the_schema_comes_from_the_metadata() -> None:
    azure = FakeAzure()
    metadata = {
        "tables": [{"id": "T", "name": "T", "columns": [{"name": "n", "type": "long"}]}],
        "functions": [{"id": "f", "name": "f", "body": "T", "parameters": "d:int=1"}],
    }
    azure.answer("GET", "/v1/workspaces/22222222-2222-2222-2222-222222222222/metadata", json=metadata)
    async with fake_context(azure, subscription_id=None) as context:
        schema = await tables.get_schema(context)
        with pytest.raises(NotConfigured):
            await tables.list_tables(context)
    assert schema.tables == {"T": {"n": "long"}}
    assert schema.functions["f"]["parameters"] == [{"name": "d", "type": "int", "required": False, "default": "1"}]


async def test_the_plans_that_are_not_analytics_are_named_and_a_new_one_changes_the_version() -> None:
    versions: set[str] = set()
    for plan in ("Analytics", "Basic", "Auxiliary"):
        azure = FakeAzure()
        listed = [table("T", ("a", "string")), table("U", ("a", "string"), plan=plan)]
        azure.answer("GET", "/tables", json={"value": listed})
        azure.answer("GET", "/savedSearches", json={"value": []})
        async with fake_context(azure) as context:
            schema = await tables.get_schema(context)
        assert schema.plans == ({} if plan == "Analytics" else {"U": plan})
        versions.add(schema.version)
    assert len(versions) == 3
