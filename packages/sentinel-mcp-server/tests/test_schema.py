"""The workspace's schema as the validator gets it, whatever the service says of a type or a function."""

from datetime import UTC, datetime
from typing import Any

import pytest

from sentinel_azure_clients import SchemaSnapshot, tables
from sentinel_mcp_server.schema import WorkspaceSchema

NOW = datetime(2026, 1, 31, tzinfo=UTC)

pytestmark = pytest.mark.anyio


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


def workspace(monkeypatch: pytest.MonkeyPatch, functions: dict[str, Any]) -> WorkspaceSchema:
    known = {"Odd_CL": {"TimeGenerated": "datetime", "Shape_s": "polygon", "Name_s": "string"}}

    async def read(_: object, *, fresh: bool = False) -> SchemaSnapshot:
        return SchemaSnapshot(known, functions, f"1{fresh}", NOW)

    monkeypatch.setattr(tables, "get_schema", read)
    azure: Any = object()
    return WorkspaceSchema(azure, "auto", now=lambda: NOW)


async def test_a_column_of_an_unknown_type_is_taken_for_dynamic_and_the_rest_is_checked(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    checked = await workspace(monkeypatch, {}).current()
    assert checked.source == "workspace"
    assert (await checked.validator.avalidate("Odd_CL | where Shape_s.area > 3 and Name_s has 'x'")).verdict == "valid"
    assert (await checked.validator.avalidate("Odd_CL | where Nope == 1")).verdict == "invalid"


async def test_a_function_that_cannot_be_declared_is_not_checked_rather_than_wrong(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    rows = {"name": "R", "type": "(Name_s:string)", "required": True}
    functions = {
        "Odd": {"parameters": [{"name": "p", "type": "polygon", "required": True}]},
        "Over": {"tabular_parameters": [rows], "body": "R | count"},
        "Dark": {"signature": "(…)"},
    }
    checked = await workspace(monkeypatch, functions).current()
    assert checked.opaque_functions == {"Odd", "Dark"}
    assert (await checked.validator.avalidate("Odd_CL | invoke Over()")).verdict == "valid"
