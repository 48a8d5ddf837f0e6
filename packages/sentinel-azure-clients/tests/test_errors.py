"""The tree of errors, and the services' own error bodies, read into it."""

import inspect
import json
from pathlib import Path
from typing import Any

import pytest

from sentinel_azure_clients import (
    Conflict,
    InvalidInput,
    NotAllowed,
    NotFound,
    NotSignedIn,
    QueryRejected,
    Rejected,
    SentinelError,
    Throttled,
    TimedOut,
    Unreachable,
    errors,
    incidents,
    logs,
)
from sentinel_azure_clients.testing import Answer, FakeAzure, fake_context

COLLECTION = Path(__file__).parents[4] / "shared" / "payloads" / "errors" / "errors.json"
ENTRIES: list[dict[str, Any]] = [
    entry
    for entry in (json.loads(COLLECTION.read_text()) if COLLECTION.is_file() else ())
    if entry["status"] is not None and entry["status"] >= 400
]

EXPECTED: dict[int, tuple[type[SentinelError], ...]] = {
    400: (Rejected,),
    401: (NotSignedIn,),
    403: (NotAllowed, NotSignedIn),
    404: (NotFound,),
    409: (Conflict,),
    412: (Conflict,),
    429: (Throttled,),
    500: (Unreachable,),
    504: (TimedOut,),
}
TOKENS = ("InvalidAuthenticationToken", "AuthenticationFailed", "ExpiredAuthenticationToken")


def test_every_error_has_the_one_root_and_is_in_the_drawing() -> None:
    classes = [found for _, found in inspect.getmembers(errors, inspect.isclass) if issubclass(found, Exception)]
    assert all(issubclass(found, SentinelError) for found in classes)
    assert errors.__doc__ is not None
    assert [found.__name__ for found in classes if found.__name__ not in errors.__doc__] == []
    assert issubclass(InvalidInput, ValueError)
    assert issubclass(QueryRejected, Rejected)


@pytest.mark.skipif(not ENTRIES, reason="the collection of real bodies is not beside this checkout")
@pytest.mark.parametrize("entry", [pytest.param(entry, id=entry["id"]) for entry in ENTRIES])
async def test_a_collected_error_becomes_the_right_one(entry: dict[str, Any]) -> None:
    azure = FakeAzure()
    headers = {name: value for name, value in entry["headers"].items() if "<" not in value}
    headers = {**headers, "retry-after": "3600"} if entry["status"] == 429 else headers
    answer = Answer(status=entry["status"], json=entry["body"], headers=headers)
    azure.answer("POST", "/query", answer)
    azure.answer("GET", "/incidents", answer)
    async with fake_context(azure, max_retries=0) as context:
        asks_logs = entry["api"].startswith("loganalytics")
        call = logs.run_query(context, logs.QueryRequest("T")) if asks_logs else incidents.list_page(context)
        with pytest.raises(SentinelError) as raised:
            await call
    error = raised.value
    assert isinstance(error, EXPECTED[entry["status"]])
    if entry["status"] == 403:
        code: str = entry["body"]["error"]["code"]
        assert isinstance(error, NotSignedIn) == code.startswith(TOKENS)
    if entry["status"] == 429:
        assert isinstance(error, Throttled)
        assert error.retry_after == 3600
    assert "\n" not in str(error)
    assert len(str(error)) < 1000
