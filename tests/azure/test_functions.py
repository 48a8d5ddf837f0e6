"""Functions that take rows go from the workspace to the analyser with their whole signature."""

import pytest

from sentinel_azure_clients import AzureServicesContext, saved_searches, tables
from sentinel_kql_validator import Function, KqlValidator, Parameter, Schema

pytestmark = pytest.mark.anyio


async def test_a_function_that_takes_rows_is_known_to_the_analyser(azure: AzureServicesContext) -> None:
    made = await saved_searches.create_search(
        azure,
        display_name="takes rows",
        query="T | take n | project UserPrincipalName",
        category="tests",
        function_alias="TakesRows",
        function_parameters="T:(TimeGenerated:datetime, UserPrincipalName:string, *), n:int=7",
    )
    schema = await tables.get_schema(azure, fresh=True)
    await saved_searches.delete_search(azure, made.name)
    told = schema.functions["TakesRows"]
    assert told["signature"] == "T:(TimeGenerated:datetime, UserPrincipalName:string, *), n:int=7"
    function = Function(
        "TakesRows", tuple(Parameter(**parameter) for parameter in told["tabular_parameters"]), body=told["body"]
    )
    validator = KqlValidator(Schema(schema.tables, [function]))
    outcomes = {
        query: validator.validate(query).verdict
        for query in ("TakesRows(SigninLogs)", "TakesRows(SigninLogs, 3)", "TakesRows((print a=1))", "TakesRows()")
    }
    if validator.validate("print 1").verdict != "valid":
        pytest.skip("no engine that can say valid is installed here")
    assert outcomes == {
        "TakesRows(SigninLogs)": "valid",
        "TakesRows(SigninLogs, 3)": "valid",
        "TakesRows((print a=1))": "invalid",
        "TakesRows()": "invalid",
    }
