from datetime import UTC, datetime, timedelta

import pytest

from sentinel_azure_clients import (
    Column,
    InvalidInput,
    MalformedAnswer,
    QueryRejected,
    QueryRequest,
    Table,
    Throttled,
    TimedOut,
    Unreachable,
    logs,
)
from sentinel_azure_clients.testing import Answer, FakeAzure, fake_context

ONE_ROW = {
    "tables": [
        {
            "name": "PrimaryResult",
            "columns": [{"name": "TimeGenerated", "type": "datetime"}, {"name": "n", "type": "long"}],
            "rows": [["2026-01-01T00:00:00.1234567Z", 7]],
        }
    ]
}


async def test_a_query_is_sent_once_with_what_was_asked() -> None:
    azure = FakeAzure()
    azure.answer(
        "POST", "/query", json={**ONE_ROW, "statistics": {"query": {"executionTime": 0.5}}, "render": {"v": 1.5}}
    )
    request = QueryRequest(
        "SigninLogs | take 1",
        timespan=(datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 1, 2, tzinfo=UTC)),
        additional_workspaces=("other",),
        include_statistics=True,
        include_visualization=True,
        server_timeout=30,
    )
    async with fake_context(azure) as context:
        response = await logs.run_query(context, request)
    (sent,) = azure.requests
    assert sent.path == "/v1/workspaces/22222222-2222-2222-2222-222222222222/query"
    assert sent.headers["prefer"] == "wait=30,include-statistics=true,include-render=true"
    assert sent.body == {
        "query": "SigninLogs | take 1",
        "timespan": "2026-01-01T00:00:00Z/2026-01-02T00:00:00Z",
        "workspaces": ["other"],
    }
    assert response.status == "complete"
    assert response.error is None
    assert response.tables == ONE_ROW["tables"]
    assert response.statistics == {"query": {"executionTime": 0.5}}
    assert response.visualization == {"v": 1.5}
    assert response.execution_time > 0
    assert response.row_count == 1
    assert response.result_tables == (
        Table(
            "PrimaryResult",
            (Column("TimeGenerated", "datetime"), Column("n", "long")),
            (("2026-01-01T00:00:00.1234567Z", 7),),
        ),
    )


async def test_without_options_nothing_but_the_query_is_sent() -> None:
    azure = FakeAzure()
    azure.answer("POST", "/query", json=ONE_ROW)
    async with fake_context(azure, query_timeout=45) as context:
        await logs.run_query(context, QueryRequest("T", timespan=timedelta(days=1), workspace_id="elsewhere"))
    (sent,) = azure.requests
    assert sent.path == "/v1/workspaces/elsewhere/query"
    assert sent.headers["prefer"] == "wait=45"
    assert sent.body == {"query": "T", "timespan": "P1D"}


async def test_a_partial_answer_keeps_its_rows_and_says_why() -> None:
    azure = FakeAzure()
    error = {
        "code": "PartialError",
        "message": "There were some errors.",
        "details": [{"code": "EngineError", "innererror": {"code": "-2133196788", "message": "overflow"}}],
    }
    azure.answer("POST", "/query", json={**ONE_ROW, "error": error})
    async with fake_context(azure) as context:
        response = await logs.run_query(context, QueryRequest("T"))
    assert response.status == "partial"
    assert response.row_count == 1
    assert response.error == {
        "code": "PartialError",
        "message": "overflow",
        "innermost_code": "-2133196788",
        "raw": error,
    }


@pytest.mark.parametrize("answer", [Answer(status=204), Answer(status=200)])
async def test_an_empty_answer_has_no_tables(answer: Answer) -> None:
    azure = FakeAzure()
    azure.answer("POST", "/query", answer)
    async with fake_context(azure) as context:
        response = await logs.run_query(context, QueryRequest("T"))
    assert (response.status, response.tables, response.row_count) == ("complete", [], 0)


async def test_a_rejected_query_gives_the_deepest_reason_and_its_place() -> None:
    azure = FakeAzure()
    inner = {"code": "SYN0002", "message": "Query could not be parsed at 'x' on line [2,5]", "line": 2, "pos": 5}
    error = {"code": "BadArgumentError", "message": "outer", "innererror": {"code": "SyntaxError", "innererror": inner}}
    azure.answer("POST", "/query", status=400, json={"error": error})
    async with fake_context(azure) as context:
        with pytest.raises(QueryRejected) as rejected:
            await logs.run_query(context, QueryRequest("T | x"))
    found = rejected.value
    assert (found.code, found.line, found.position) == ("SYN0002", 2, 5)
    assert found.message == "Query could not be parsed at 'x' on line [2,5]"


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (Answer(status=504, headers={"preference-applied": "wait=1"}), TimedOut),
        (Answer(status=500), Unreachable),
        (Answer(status=503, headers={"retry-after": "0"}), Unreachable),
        (Answer(status=429, headers={"retry-after": "3600"}), Throttled),
        (Answer(json=ONE_ROW, break_after=0), Unreachable),
        (Answer(json=ONE_ROW, break_after=20), Unreachable),
        (Answer(body=b'{"tables": ['), MalformedAnswer),
        (Answer(body=b"<html>"), MalformedAnswer),
    ],
)
async def test_a_query_that_may_have_run_is_never_sent_again(answer: Answer, expected: type[Exception]) -> None:
    azure = FakeAzure()
    azure.answer("POST", "/query", answer)
    async with fake_context(azure) as context:
        with pytest.raises(expected):
            await logs.run_query(context, QueryRequest("T"))
    assert len(azure.requests) == 1


async def test_the_services_own_limit_is_told() -> None:
    azure = FakeAzure()
    azure.answer("POST", "/query", Answer(status=504, headers={"preference-applied": "wait=7"}))
    async with fake_context(azure) as context:
        with pytest.raises(TimedOut) as late:
            await logs.run_query(context, QueryRequest("T"))
    assert (late.value.limit, late.value.by) == (7.0, "service")


async def test_without_the_services_word_the_limit_is_the_one_asked_for() -> None:
    azure = FakeAzure()
    azure.answer("POST", "/query", Answer(status=504))
    async with fake_context(azure) as context:
        with pytest.raises(TimedOut) as late:
            await logs.run_query(context, QueryRequest("T", server_timeout=33))
    assert late.value.limit == 33
    assert "did not finish within 33 s" in str(late.value)


async def test_a_refused_start_is_tried_again_after_the_wait() -> None:
    azure = FakeAzure()
    azure.answer("POST", "/query", Answer(status=429, headers={"retry-after": "0"}), Answer(json=ONE_ROW))
    async with fake_context(azure) as context:
        assert (await logs.run_query(context, QueryRequest("T"))).row_count == 1
    assert len(azure.requests) == 2


async def test_the_query_text_is_in_no_error() -> None:
    azure = FakeAzure()
    azure.answer("POST", "/query", Answer(status=500, body=b"boom"))
    async with fake_context(azure) as context:
        with pytest.raises(Unreachable) as lost:
            await logs.run_query(context, QueryRequest("SecretTable | where Password == 'hunter2'"))
    assert "hunter2" not in str(lost.value)


@pytest.mark.parametrize(
    ("settings", "told"),
    [
        ({"query": " \n"}, "empty"),
        ({"query": "T", "server_timeout": 0}, "1 to 600"),
        ({"query": "T", "server_timeout": 601}, "1 to 600"),
        ({"query": "T", "timespan": "yesterday"}, "ISO 8601"),
        ({"query": "T", "additional_workspaces": ("w",) * 100}, "100 workspaces"),
    ],
)
def test_a_request_that_cannot_be_sent_is_refused(settings: dict[str, object], told: str) -> None:
    arguments: dict[str, object] = {"query": "T", **settings}
    with pytest.raises(InvalidInput, match=told):
        QueryRequest(**arguments)  # pyright: ignore[reportArgumentType] - each case is one wrong argument


async def test_basic_tables_have_a_path_and_a_queue_of_their_own() -> None:
    azure = FakeAzure()
    azure.answer("POST", "/search", json=ONE_ROW)
    async with fake_context(azure) as context:
        async with context.queries.place():
            response = await logs.run_query(context, QueryRequest("T_CL | take 1", timespan="P1D", plan="Basic"))
        assert response.row_count == 1
    assert azure.requests[0].path.endswith("/search")
    assert azure.requests[0].query == {"timespan": "P1D"}
    assert azure.requests[0].body == {"query": "T_CL | take 1"}


@pytest.mark.parametrize(
    "arguments", [{"plan": "Cheap"}, {"plan": "Basic"}, {"plan": "Auxiliary", "additional_workspaces": ("w",)}]
)
def test_a_plan_that_does_not_fit_is_refused(arguments: dict[str, object]) -> None:
    given: dict[str, object] = {"query": "T", **arguments}
    with pytest.raises(InvalidInput, match=r"plan|timespan"):
        QueryRequest(**given)  # pyright: ignore[reportArgumentType] - each case is one wrong argument
