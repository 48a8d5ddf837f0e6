"""What issue 3 asks of the clients, by both ways in."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from sentinel_azure_clients import (
    AzureServicesContext,
    NotFound,
    QueryRejected,
    QueryRequest,
    batch,
    connection,
    data_connectors,
    incidents,
    logs,
    tables,
    workspace,
)
from sentinel_emulator import Emulator

pytestmark = pytest.mark.anyio


async def test_a_query_gives_its_rows_with_types(azure: AzureServicesContext) -> None:
    query = "SigninLogs | summarize n=count() by ResultType | order by n desc"
    response = await logs.run_query(azure, QueryRequest(query, timespan="P3D", include_statistics=True))
    (table,) = response.result_tables
    assert response.status == "complete"
    assert [(column.name, column.type) for column in table.columns] == [("ResultType", "string"), ("n", "long")]
    counts = [row[1] for row in table.rows]
    assert counts == sorted(counts, reverse=True)
    assert table.rows[0][0] == "0"
    assert response.statistics is not None


async def test_the_timespan_bounds_the_rows(azure: AzureServicesContext, emulator: Emulator) -> None:
    end = emulator.started - timedelta(days=1)
    start = end - timedelta(days=1)
    query = "SigninLogs | summarize earliest=min(TimeGenerated), latest=max(TimeGenerated), n=count()"
    response = await logs.run_query(azure, QueryRequest(query, timespan=(start, end)))
    ((earliest, latest, count),) = response.result_tables[0].rows
    assert count > 0
    assert start <= datetime.fromisoformat(earliest) <= datetime.fromisoformat(latest) <= end


async def test_a_faulty_query_is_rejected_with_its_reason(azure: AzureServicesContext) -> None:
    with pytest.raises(QueryRejected) as rejected:
        await logs.run_query(azure, QueryRequest("SigninLogs | where UserPrincipalNam == 'x'"))
    assert "UserPrincipalNam" in rejected.value.message
    with pytest.raises(QueryRejected) as rejected:
        await logs.run_query(azure, QueryRequest("SigninLogs | wherever x"))
    assert rejected.value.line == 1


async def test_incidents_are_listed_in_pages_and_found_by_number(azure: AzureServicesContext) -> None:
    everything = await incidents.list_page(azure, top=50, count_up_to=1000)
    assert everything.total_count == len(everything.items) >= 3
    first = await incidents.list_page(azure, top=2, count_up_to=1000)
    assert first.skip_token is not None
    assert first.total_count == everything.total_count
    second = await incidents.list_page(azure, top=2, skip_token=first.skip_token)
    assert [i.name for i in (*first.items, *second.items)] == [
        i.name for i in everything.items[: 2 + len(second.items)]
    ]
    chosen = everything.items[0]
    assert chosen.number is not None
    assert await incidents.get(azure, chosen.number) == await incidents.get(azure, chosen.name)


async def test_incidents_are_filtered_by_each_condition(azure: AzureServicesContext) -> None:
    everything = (await incidents.list_page(azure, top=200)).items
    high = (await incidents.list_page(azure, severities=("High",), top=200)).items
    assert {i.name for i in high} == {i.name for i in everything if i.severity == "High"}
    new = (await incidents.list_page(azure, statuses=("New", "Active"), top=200)).items
    assert {i.name for i in new} == {i.name for i in everything if i.status in {"New", "Active"}}
    word = everything[0].title.split()[0]
    named = (await incidents.list_page(azure, title_contains=word, top=200)).items
    assert {i.name for i in named} >= {i.name for i in everything if word in i.title}
    created = everything[0].created_at
    assert created is not None
    later = (await incidents.list_page(azure, created_after=created, top=200)).items
    assert {i.name for i in later} == {i.name for i in everything if i.created_at and i.created_at >= created}
    none = await incidents.list_page(azure, title_contains="it's not' there")
    assert (none.items, none.total_count, none.skip_token) == ((), 0, None)


async def test_alerts_and_entities_agree_with_their_incident(azure: AzureServicesContext) -> None:
    for incident in (await incidents.list_page(azure)).items:
        alerts = await incidents.list_alerts(azure, incident.name)
        entities = await incidents.list_entities(azure, incident.name)
        assert len(alerts) == incident.alert_count
        assert all(entity.kind for entity in entities)
        comments = await incidents.list_comments(azure, incident.name)
        assert len(comments) == incident.comment_count


async def test_an_unknown_incident_is_not_found(azure: AzureServicesContext) -> None:
    with pytest.raises(NotFound):
        await incidents.get(azure, "00000000-0000-0000-0000-000000000000")
    with pytest.raises(NotFound):
        await incidents.get(azure, 999_999)


async def test_the_workspace_and_its_tables_are_read(azure: AzureServicesContext, emulator: Emulator) -> None:
    found = await workspace.get_workspace(azure)
    assert found.workspace_id == emulator.workspace.workspace_id
    listed = await tables.list_tables(azure)
    assert listed.complete
    assert {"SigninLogs", "SecurityIncident", "Heartbeat"} <= {table.name for table in listed}
    signins = await tables.get_table(azure, "SigninLogs")
    assert (signins.columns["TimeGenerated"], signins.columns["UserPrincipalName"]) == ("datetime", "string")
    with pytest.raises(NotFound):
        await tables.get_table(azure, "NoSuchTable")


async def test_the_schema_is_read_once_for_ten_callers(azure: AzureServicesContext) -> None:
    snapshots = await asyncio.gather(*(tables.get_schema(azure) for _ in range(10)))
    assert len({id(snapshot) for snapshot in snapshots}) == 1
    assert snapshots[0].tables["SigninLogs"]["TimeGenerated"] == "datetime"
    assert snapshots[0].read_at <= datetime.now(UTC)


async def test_the_schema_of_a_workspace_known_by_its_id_alone_is_read(azure: AzureServicesContext) -> None:
    snapshot = await tables.get_schema(azure.workspace("by id"))
    assert snapshot.tables["SigninLogs"]["TimeGenerated"] == "datetime"


async def test_a_batch_gives_each_query_its_own_outcome(azure: AzureServicesContext) -> None:
    good, bad = await batch.run_batch(azure, [QueryRequest("print answer=42"), QueryRequest("NoSuchTable | take 1")])
    assert good.response is not None
    assert good.response.result_tables[0].rows == ((42,),)
    assert isinstance(bad.error, QueryRejected)


async def test_an_answer_by_column_is_the_same_as_by_row(azure: AzureServicesContext) -> None:
    request = QueryRequest("SigninLogs | sort by TimeGenerated asc, CorrelationId asc", timespan="P3D")
    by_row = await logs.run_query(azure, request)
    by_column = await logs.run_query_by_column(azure, request)
    assert by_column.status == "complete"
    assert tuple(by_column.tables[0].rows()) == by_row.result_tables[0].rows
    assert by_column.tables[0].columns == by_row.result_tables[0].columns


async def test_data_connectors_are_listed_as_incomplete_and_read(azure: AzureServicesContext) -> None:
    listed = await data_connectors.list_connectors(azure)
    assert listed
    assert not listed.complete
    assert await data_connectors.get_connector(azure, listed[0].name) == listed[0]
    with pytest.raises(NotFound):
        await data_connectors.get_connector(azure, "no-such-connector")


async def test_the_connection_test_finds_reading_to_work(azure: AzureServicesContext) -> None:
    report = await connection.test_connection(azure)
    assert {c.name: c.outcome for c in report.capabilities[:6]} == {
        "sign-in for queries": "works",
        "sign-in for Azure Resource Manager": "works",
        "workspace": "works",
        "query": "works",
        "tables": "works",
        "incidents": "works",
    }


async def test_the_sdks_own_clients_are_answered_too(azure: AzureServicesContext, emulator: Emulator) -> None:
    place = (emulator.workspace.resource_group, emulator.workspace.workspace_name)
    result = await azure.logs_client.query_workspace(
        emulator.workspace.workspace_id, "print answer=42", timespan=timedelta(days=1)
    )
    assert result.tables[0].rows[0]["answer"] == 42  # pyright: ignore[reportAttributeAccessIssue, reportUnknownMemberType, reportUnknownVariableType] - the SDK's two kinds of result
    found = [incident async for incident in azure.security_insights_client.incidents.list(*place)]
    assert len(found) >= 3
    names = [table.name async for table in azure.loganalytics_client.tables.list_by_workspace(*place)]
    assert "SigninLogs" in names
