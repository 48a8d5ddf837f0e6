import asyncio
import json
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sentinel_azure_clients import (
    Conflict,
    NotSignedIn,
    Rejected,
    SentinelError,
    Throttled,
    TimedOut,
    Unreachable,
    data_connectors,
    incidents,
    logs,
    tables,
    workspace,
)
from sentinel_azure_clients._waiting import retry_after
from sentinel_azure_clients.testing import Answer, FakeAzure, Request, fake_context

GOOD = Answer(json={"value": []})


async def listing(azure: FakeAzure, **settings: object) -> None:
    async with fake_context(azure, **settings) as context:
        await incidents.list_page(context)


@pytest.mark.parametrize("status", [500, 502, 503, 504, 429])
async def test_a_read_is_repeated_until_it_works(status: int) -> None:
    azure = FakeAzure()
    bad = Answer(status=status, headers={"retry-after": "0"})
    azure.answer("GET", "/incidents", bad, bad, GOOD)
    await listing(azure)
    assert len(azure.requests) == 3


@pytest.mark.parametrize(
    ("status", "error"), [(500, Unreachable), (503, Unreachable), (504, TimedOut), (429, Throttled)]
)
async def test_repeating_has_an_end(status: int, error: type[SentinelError]) -> None:
    azure = FakeAzure()
    azure.answer("GET", "/incidents", Answer(status=status, headers={"retry-after-ms": "1"}))
    with pytest.raises(error):
        await listing(azure, max_retries=2)
    assert len(azure.requests) == 3


@pytest.mark.parametrize("broken", [0, 5])
async def test_a_read_that_breaks_off_is_repeated(broken: int) -> None:
    azure = FakeAzure()
    azure.answer("GET", "/incidents", Answer(json={"value": []}, break_after=broken), GOOD)
    await listing(azure)
    assert len(azure.requests) == 2


async def test_a_long_wait_is_not_waited_but_told() -> None:
    azure = FakeAzure()
    azure.answer("GET", "/incidents", Answer(status=429, headers={"retry-after": "3600"}))
    with pytest.raises(Throttled) as throttled:
        await listing(azure)
    assert throttled.value.retry_after == 3600
    assert "try again in 3600 s" in str(throttled.value)
    assert len(azure.requests) == 1


async def test_a_refused_token_is_renewed_once() -> None:
    azure = FakeAzure()
    azure.answer("GET", "/incidents", Answer(status=401), GOOD)
    await listing(azure)
    tokens = [request.headers["authorization"] for request in azure.requests]
    assert len(tokens) == 2
    assert tokens[0] != tokens[1]


async def test_a_token_that_is_always_refused_ends_in_not_signed_in() -> None:
    azure = FakeAzure()
    error = {"error": {"code": "ExpiredAuthenticationToken", "message": "The access token expiry UTC time is earlier."}}
    azure.answer("GET", "/incidents", Answer(status=401, json=error))
    with pytest.raises(NotSignedIn, match="ExpiredAuthenticationToken"):
        await listing(azure)
    assert len(azure.requests) == 2


async def test_the_deadline_is_for_the_whole_call() -> None:
    azure = FakeAzure()
    azure.answer("GET", "/incidents", Answer(status=503, headers={"retry-after": "0.01"}, slow=0.6))
    with pytest.raises(TimedOut) as late:
        await listing(azure, deadline=1, max_retries=20)
    assert (late.value.limit, late.value.by) == (1, "client")
    assert len(azure.requests) == 2


@pytest.mark.parametrize(("status", "error"), [(429, Throttled), (503, Unreachable)])
async def test_a_wait_that_the_deadline_would_cut_off_is_not_begun(status: int, error: type[SentinelError]) -> None:
    azure = FakeAzure()
    azure.answer("GET", "/incidents", Answer(status=status, headers={"retry-after": "5"}))
    with pytest.raises(error) as raised:
        await listing(azure, deadline=2)
    if isinstance(raised.value, Throttled):
        assert raised.value.retry_after == 5
    assert len(azure.requests) == 1


async def test_looking_for_a_name_and_creating_share_one_deadline() -> None:
    azure = FakeAzure()
    azure.answer("GET", "/incidents/x", Answer(status=404, slow=0.2))
    azure.answer("PUT", "/incidents/x", Answer(json={"id": "/x", "name": "x", "properties": {}}, slow=0.2))
    async with fake_context(azure, deadline=0.3) as context:
        with pytest.raises(TimedOut):
            await incidents.create(context, title="t", severity="Low", name="x")


async def test_looking_the_workspace_up_counts_for_the_deadline_of_a_query() -> None:
    azure = FakeAzure()
    found = {"id": "/w", "name": "w", "properties": {"customerId": "g"}}
    azure.answer("GET", "/workspaces/{}", Answer(json=found, slow=0.5))
    azure.answer("POST", "/query", Answer(json={"tables": []}, slow=1.4))
    async with fake_context(azure, deadline=0.7, query_timeout=1, workspace_id=None) as context:
        with pytest.raises(TimedOut):
            await logs.run_query(context, logs.QueryRequest("T"))


async def test_reading_the_schema_has_one_deadline() -> None:
    azure = FakeAzure()
    azure.answer("GET", "/tables", Answer(json={"value": []}, slow=0.2))
    azure.answer("GET", "/savedSearches", Answer(json={"value": []}, slow=0.2))
    async with fake_context(azure, deadline=0.3) as context:
        with pytest.raises(TimedOut):
            await tables.get_schema(context)


async def test_the_deadline_of_a_list_is_for_all_its_pages() -> None:
    azure = FakeAzure()

    def answer(request: Request) -> Answer:
        turn = int(request.query.get("$skipToken", "0")) + 1
        link = f"https://management.azure.com{request.path}?$skipToken={turn}"
        return Answer(json={"value": [], "nextLink": link}, slow=0.05)

    azure.answer("GET", "/dataConnectors", answer)
    async with fake_context(azure, deadline=0.3) as context:
        with pytest.raises(TimedOut, match=r"within 0\.3 s while listing data connectors"):
            await data_connectors.list_connectors(context)
    assert 1 < len(azure.requests) < 10


async def test_waiting_for_a_place_counts_for_the_deadline() -> None:
    azure = FakeAzure()
    azure.answer("GET", "/incidents", GOOD)
    async with fake_context(azure, concurrent_reads=1, deadline=0.05) as context, context.calls.place():
        with pytest.raises(TimedOut):
            await incidents.list_page(context)
    assert azure.requests == []


async def test_a_cancelled_call_frees_its_place_at_once() -> None:
    azure = FakeAzure()
    asked = asyncio.Event()

    def answer(_request: Request) -> Answer:
        asked.set()
        return Answer(status=503, headers={"retry-after": "9"})

    azure.answer("GET", "/incidents", answer)
    async with fake_context(azure) as context:
        call = asyncio.create_task(incidents.list_page(context))
        await asked.wait()
        assert context.calls.held == 1
        call.cancel()
        with pytest.raises(asyncio.CancelledError):
            await call
        assert context.calls.held == 0


@pytest.mark.parametrize(
    ("status", "code", "error"),
    [(400, "BadRequest", Rejected), (409, "Conflict", Conflict), (412, "PreconditionFailed", Conflict)],
)
async def test_a_refusal_is_not_repeated(status: int, code: str, error: type[SentinelError]) -> None:
    azure = FakeAzure()
    azure.answer("GET", "/workspaces/{}", status=status, json={"error": {"code": code, "message": "no"}})
    async with fake_context(azure) as context:
        with pytest.raises(error, match=f"{code}: no"):
            await workspace.get_workspace(context)
    assert len(azure.requests) == 1


async def test_a_missing_provider_registration_is_not_made_up_for() -> None:
    azure = FakeAzure()
    error = {"error": {"code": "MissingSubscriptionRegistration", "message": "not registered to use namespace 'x'"}}
    azure.answer("GET", "/workspaces/{}", status=409, json=error)
    async with fake_context(azure) as context:
        with pytest.raises(Rejected, match="not registered for what this call needs"):
            await workspace.get_workspace(context)
        with pytest.raises(Exception, match="MissingSubscriptionRegistration"):
            await context.loganalytics_client.workspaces.get("rg", "law")
    assert [request.method for request in azure.requests] == ["GET", "GET"]


async def test_an_error_within_an_error_is_unfolded() -> None:
    azure = FakeAzure()
    inner = json.dumps({"error": {"code": "BadRequest", "message": "Workspace 'x' is not onboarded"}})
    azure.answer("GET", "/incidents", status=400, json={"error": {"code": "BadRequest", "message": inner}})
    with pytest.raises(Rejected, match=r"\(BadRequest: Workspace 'x' is not onboarded\)"):
        await listing(azure)


@pytest.mark.parametrize("status", [200, 400, 500])
async def test_a_body_without_end_or_sense_is_an_error_of_ours(status: int) -> None:
    for body in (b"[" * 200_000, b"\xff\xfe\x00", b'{"error": 7}', b'{"error": {"message": "{\\"error\\": 1}"}}', b"7"):
        azure = FakeAzure()
        azure.answer("GET", "/incidents", Answer(status=status, body=body))
        if status == 200 and body.startswith(b'{"error"'):
            await listing(azure, max_retries=0)
            continue
        with pytest.raises(SentinelError):
            await listing(azure, max_retries=0)


async def test_a_redirect_is_not_followed() -> None:
    azure = FakeAzure()
    azure.answer("GET", "/incidents", Answer(status=302, headers={"location": "https://evil.example/"}))
    with pytest.raises(SentinelError, match="redirects"):
        await listing(azure)
    assert len(azure.requests) == 1


async def test_a_token_in_a_services_message_is_not_repeated() -> None:
    azure = FakeAzure()
    message = "The header 'Bearer abc.def.ghi' with eyJhbGciOi.eyJzdWIi.c2ln by http://me:se@cret@proxy/x is bad"
    azure.answer("GET", "/incidents", status=400, json={"error": {"code": "Bad", "message": message}})
    with pytest.raises(Rejected) as rejected:
        await listing(azure)
    assert "abc.def" not in str(rejected.value)
    assert "eyJ" not in str(rejected.value)
    assert "by http://<user>@proxy/x is bad" in str(rejected.value)


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({}, None),
        ({"retry-after": "7"}, 7.0),
        ({"retry-after": "soon"}, None),
        ({"retry-after": "-3"}, 0.0),
        ({"retry-after-ms": "250"}, 0.25),
        ({"x-ms-retry-after-ms": "1500", "retry-after": "9"}, 1.5),
    ],
)
def test_what_the_service_asks_to_wait_is_read(headers: dict[str, str], seconds: float | None) -> None:
    assert retry_after(headers) == seconds


@settings(max_examples=200)
@given(st.text(max_size=30) | st.floats().map(str) | st.datetimes(timezones=st.just(UTC)).map(format_datetime))
def test_whatever_stands_there_no_wait_is_negative(value: str) -> None:
    wait = retry_after({"retry-after": value})
    assert wait is None or wait >= 0


def test_a_date_to_wait_for_is_read() -> None:
    later = datetime.now(UTC) + timedelta(seconds=60)
    wait = retry_after({"retry-after": format_datetime(later, usegmt=True)})
    assert wait is not None
    assert 55 < wait <= 60
