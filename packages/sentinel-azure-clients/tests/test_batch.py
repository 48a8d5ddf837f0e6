import pytest

from sentinel_azure_clients import InvalidInput, MalformedAnswer, QueryRejected, QueryRequest, Throttled, batch
from sentinel_azure_clients.testing import FakeAzure, fake_context

TABLE = {"name": "t", "columns": [{"name": "n", "type": "long"}], "rows": [[1]]}


async def test_each_query_of_a_batch_gets_its_own_outcome_in_order() -> None:
    azure = FakeAzure()
    rejected = {"error": {"code": "BadArgumentError", "innererror": {"code": "SEM0100", "message": "no such table"}}}
    answers = [
        {"id": "2", "status": 429, "headers": {"Retry-After": "7"}, "body": {"error": {"code": "x"}}},
        {"id": "1", "status": 400, "body": rejected},
        {"id": "0", "status": 200, "body": {"tables": [TABLE]}},
    ]
    azure.answer("POST", "/v1/$batch", json={"responses": answers})
    requests = [QueryRequest(f"T{n}", timespan="P1D", include_statistics=n == 1, server_timeout=9) for n in range(4)]
    async with fake_context(azure) as context:
        good, bad, later, lost = await batch.run_batch(context, requests)
    assert good.response is not None
    assert good.response.tables == [TABLE]
    assert isinstance(bad.error, QueryRejected)
    assert bad.error.code == "SEM0100"
    assert isinstance(later.error, Throttled)
    assert later.error.retry_after == 7
    assert isinstance(lost.error, MalformedAnswer)
    sent = azure.requests[0].body["requests"]
    assert [part["body"] for part in sent] == [{"query": f"T{n}", "timespan": "P1D"} for n in range(4)]
    assert sent[1]["headers"]["Prefer"] == "wait=9,include-statistics=true"
    assert {part["workspace"] for part in sent} == {"22222222-2222-2222-2222-222222222222"}


async def test_a_batch_that_cannot_be_is_refused_unsent() -> None:
    azure = FakeAzure()
    async with fake_context(azure) as context:
        for requests in ([], [QueryRequest("T")] * 101, [QueryRequest("T", timespan="P1D", plan="Basic")]):
            with pytest.raises(InvalidInput):
                await batch.run_batch(context, requests)
    assert azure.requests == []


@pytest.mark.parametrize("body", [True, [1], "text"])
async def test_a_query_of_a_batch_that_is_answered_with_no_object_is_malformed(body: object) -> None:
    azure = FakeAzure()
    azure.answer("POST", "/$batch", json={"responses": [{"id": "0", "status": 200, "body": body}]})
    async with fake_context(azure) as context:
        (item,) = await batch.run_batch(context, [QueryRequest("T")])
    assert isinstance(item.error, MalformedAnswer)
    assert item.response is None
