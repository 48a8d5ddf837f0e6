import asyncio
import gzip
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

import pytest
from azure.core.exceptions import HttpResponseError, ServiceResponseError
from azure.core.rest import HttpRequest

from sentinel_azure_clients.asgi import PIECES_AHEAD, AsgiTransport

Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]

GET = HttpRequest("GET", "https://host.example/a%20b/c?x=1&y=%2F")


async def start(send: Send, status: int = 200, **headers: str) -> None:
    named = [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]
    await send({"type": "http.response.start", "status": status, "headers": named})


async def test_the_application_gets_the_request_and_the_caller_its_answer() -> None:
    seen: dict[str, Any] = {}

    async def app(scope: MutableMapping[str, Any], receive: Receive, send: Send) -> None:
        seen.update(scope, body=(await receive())["body"])
        await start(send, 201, content_type="application/json")
        await send({"type": "http.response.body", "body": b'{"a"', "more_body": True})
        await send({"type": "http.response.body", "body": b": 1}"})

    async with AsgiTransport(app) as transport:
        request = HttpRequest("POST", GET.url, content=b"hello", headers={"X-One": "1"})
        answer = await transport.send(request)
    assert (answer.status_code, answer.json(), answer.content_type) == (201, {"a": 1}, "application/json")
    assert answer.headers["CONTENT-TYPE"] == "application/json"
    assert (seen["method"], seen["path"], seen["raw_path"]) == ("POST", "/a b/c", b"/a%20b/c")
    assert (seen["query_string"], seen["server"], seen["body"]) == (b"x=1&y=%2F", ("host.example", 443), b"hello")
    assert (b"x-one", b"1") in seen["headers"]
    assert (b"host", b"host.example") in seen["headers"]


async def test_a_large_body_is_never_held_whole() -> None:
    ahead = most_ahead = 0

    async def app(_scope: MutableMapping[str, Any], _receive: Receive, send: Send) -> None:
        nonlocal ahead, most_ahead
        await start(send)
        for _ in range(200):
            await send({"type": "http.response.body", "body": b"x" * 1000, "more_body": True})
            ahead += 1
            most_ahead = max(most_ahead, ahead)
        await send({"type": "http.response.body"})

    transport = AsgiTransport(app)
    answer = await transport.send(GET, stream=True)
    size = 0
    async for piece in answer.iter_bytes():
        size += len(piece)
        ahead -= 1
    assert size == 200_000
    assert most_ahead <= PIECES_AHEAD + 2


async def test_closing_an_answer_early_reaches_the_application() -> None:
    stopped = asyncio.Event()

    async def app(_scope: MutableMapping[str, Any], _receive: Receive, send: Send) -> None:
        await start(send)
        try:
            while True:
                await send({"type": "http.response.body", "body": b"x", "more_body": True})
        finally:
            stopped.set()

    answer = await AsgiTransport(app).send(GET, stream=True)
    async with answer:
        async for _ in answer.iter_bytes():
            break
    assert stopped.is_set()
    assert answer.is_closed


async def test_cancelling_the_caller_reaches_the_application() -> None:
    begun = asyncio.Event()
    told: list[str] = []

    async def app(_scope: MutableMapping[str, Any], _receive: Receive, _send: Send) -> None:
        begun.set()
        try:
            await asyncio.sleep(60)
        except asyncio.CancelledError:
            told.append("cancelled")
            raise

    call = asyncio.create_task(AsgiTransport(app).send(GET))
    await begun.wait()
    call.cancel()
    with pytest.raises(asyncio.CancelledError):
        await call
    assert told == ["cancelled"]


async def test_an_application_that_waits_for_the_client_to_leave_hears_of_it() -> None:
    heard: list[str] = []

    async def app(_scope: MutableMapping[str, Any], receive: Receive, send: Send) -> None:
        await receive()
        await start(send)
        await send({"type": "http.response.body", "body": b"done"})
        heard.append((await receive())["type"])

    transport = AsgiTransport(app)
    assert (await transport.send(GET)).content == b"done"
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    assert heard == ["http.disconnect"]


async def test_work_after_the_answer_goes_on_until_the_transport_closes() -> None:
    log: list[str] = []

    async def app(_scope: MutableMapping[str, Any], _receive: Receive, send: Send) -> None:
        await start(send)
        await send({"type": "http.response.body"})
        try:
            await asyncio.sleep(0)
            log.append("went on")
            await asyncio.sleep(60)
        finally:
            log.append("ended")

    async with AsgiTransport(app) as transport:
        await transport.send(GET)
        await asyncio.sleep(0.01)
        assert log == ["went on"]
    assert log == ["went on", "ended"]


@pytest.mark.parametrize("pieces", [0, 1])
async def test_an_application_that_fails_is_a_broken_connection_with_its_cause(pieces: int) -> None:
    async def app(_scope: MutableMapping[str, Any], _receive: Receive, send: Send) -> None:
        if pieces:
            await start(send)
            await send({"type": "http.response.body", "body": b"half", "more_body": True})
        raise KeyError("inside")

    with pytest.raises(ServiceResponseError) as broken:
        await AsgiTransport(app).send(GET)
    assert isinstance(broken.value.__cause__, KeyError)


async def test_a_failure_after_the_answer_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    async def app(_scope: MutableMapping[str, Any], _receive: Receive, send: Send) -> None:
        await start(send, 500)
        await send({"type": "http.response.body", "body": b"sorry"})
        raise KeyError("inside")

    async with AsgiTransport(app) as transport:
        assert (await transport.send(GET)).content == b"sorry"
    assert [record.message for record in caplog.records] == ["The application failed after it had answered."]


async def test_an_application_that_answers_nothing_is_a_broken_connection() -> None:
    async def app(_scope: MutableMapping[str, Any], _receive: Receive, _send: Send) -> None:
        return

    with pytest.raises(ServiceResponseError, match="before it answered"):
        await AsgiTransport(app).send(GET)


async def test_a_packed_body_is_unpacked() -> None:
    async def app(_scope: MutableMapping[str, Any], _receive: Receive, send: Send) -> None:
        await start(send, content_encoding="gzip")
        await send({"type": "http.response.body", "body": gzip.compress(b"plain " * 100)})

    answer = await AsgiTransport(app).send(GET)
    assert answer.text() == "plain " * 100
    assert answer.body() == answer.content


async def test_an_answer_tells_what_it_is() -> None:
    async def app(_scope: MutableMapping[str, Any], _receive: Receive, send: Send) -> None:
        await start(send, 404)
        await send({"type": "http.response.body", "body": b"no"})

    answer = await AsgiTransport(app).send(GET, stream=True)
    with pytest.raises(ValueError, match="Read the answer first"):
        _ = answer.content
    assert await answer.read() == b"no"
    assert [piece async for piece in answer.iter_bytes()] == [b"no"]
    assert answer.is_stream_consumed
    with pytest.raises(ValueError, match="taken already"):
        _ = [piece async for piece in answer.iter_raw()]
    with pytest.raises(HttpResponseError):
        answer.raise_for_status()
    answer.encoding = "ascii"
    assert (answer.encoding, answer.url, answer.reason, answer.request) == ("ascii", GET.url, "", GET)
