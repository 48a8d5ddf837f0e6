"""Faults on demand, each as a client would see it."""

from __future__ import annotations

import ssl
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from http.client import IncompleteRead
from typing import TYPE_CHECKING, Any
from urllib.request import Request, urlopen

import pytest

from sentinel_emulator.faults import FaultError, Faults
from sentinel_emulator.serving import serve_in_thread
from sentinel_emulator.testing import ARM, LOGS, Client

if TYPE_CHECKING:
    from collections.abc import Iterator

ADMIN = f"{ARM}/_emulator/faults"


@pytest.fixture
def faulty(client: Client) -> Iterator[Client]:
    yield client
    client.emulator.faults.clear()


@pytest.mark.parametrize(
    ("kind", "status"),
    [("throttled", 429), ("error", 500), ("unavailable", 503), ("timeout", 504), ("expired-token", 401)],
)
def test_a_refusal_comes_as_often_as_it_was_asked_for(faulty: Client, kind: Any, status: int) -> None:
    faulty.emulator.faults.add(kind, times=2, retry_after=7)
    answers = [faulty.query("print 1") for _ in range(3)]
    assert [answer.status for answer in answers] == [status, status, 200]
    assert answers[0].headers["retry-after"] == "7"
    assert answers[0].json()["error"]["code"]


def test_a_fault_waits_for_its_path(faulty: Client) -> None:
    faulty.emulator.faults.add("unavailable", path="/INCIDENTS")
    assert faulty.query("print 1").status == 200
    assert faulty.sentinel("GET", "incidents").status == 503
    assert faulty.sentinel("GET", "incidents").status == 200


def test_a_header_spoils_its_own_request_only(faulty: Client) -> None:
    url = f"{LOGS}/v1/workspaces/{faulty.emulator.workspace.workspace_id}/query"
    spoiled = faulty.send("POST", url, {"query": "print 1"}, {"x-emulator-fault": "throttled; retry-after=3"})
    assert (spoiled.status, spoiled.headers["retry-after"]) == (429, "3")
    assert faulty.query("print 1").status == 200


@pytest.mark.parametrize(
    "header", ["nope", "blocked", "throttled; retry-after=x", "throttled; color=red", "slow-start; seconds=-1"]
)
def test_a_fault_that_does_not_exist_is_refused(faulty: Client, header: str) -> None:
    answer = faulty.arm("GET", "", headers={"x-emulator-fault": header})
    assert (answer.status, answer.json()["error"]["code"]) == (400, "EmulatorFaultError")


def test_malformed_json_is_half_an_answer(faulty: Client) -> None:
    whole = faulty.query("print 1").content
    faulty.emulator.faults.add("malformed")
    half = faulty.query("print 1")
    assert half.content == whole[: len(whole) // 2]
    with pytest.raises(ValueError, match=r"."):
        half.json()


def test_a_wrong_type_is_a_web_page(faulty: Client) -> None:
    faulty.emulator.faults.add("wrong-type")
    answer = faulty.query("print 1")
    assert answer.headers["content-type"] == "text/html"
    assert answer.content.startswith(b"<html>")


def test_a_partial_error_comes_with_the_rows(faulty: Client) -> None:
    faulty.emulator.faults.add("partial")
    body = faulty.query("print 1").json()
    assert body["tables"][0]["rows"] == [[1]]
    assert body["error"]["code"] == "PartialError"


@pytest.mark.parametrize("kind", ["slow-start", "slow-body"])
def test_a_slow_answer_is_still_the_answer(faulty: Client, kind: Any) -> None:
    faulty.emulator.faults.add(kind, seconds=0.05)
    assert faulty.query("print 1").json()["tables"][0]["rows"] == [[1]]


@pytest.mark.parametrize(("kind", "kept"), [("no-body", 0.0), ("cut-body", 0.5)])
def test_a_cut_answer_promises_more_than_comes(faulty: Client, kind: Any, kept: float) -> None:
    faulty.emulator.faults.add(kind)
    answer = faulty.query("print 1")
    promised = int(answer.headers["content-length"])
    assert len(answer.content) == int(promised * kept)


def test_the_admin_api_adds_tells_and_forgets(faulty: Client) -> None:
    added = faulty.send("POST", ADMIN, [{"kind": "error", "times": 2, "path": "/v1/"}])
    assert added.json() == {"value": [{"kind": "error", "times": 2, "path": "/v1/"}]}
    assert faulty.query("print 1").status == 500
    assert faulty.send("GET", ADMIN).json()["value"][0]["times"] == 1
    assert faulty.send("DELETE", ADMIN).json() == {"value": []}
    assert faulty.query("print 1").status == 200


@pytest.mark.parametrize(
    "body", [b"{", [{"kind": "nope"}], {"kind": "error"}, [{"colour": 1}], [{"kind": "error", "times": 0}]]
)
def test_the_admin_api_refuses_what_it_cannot_read(faulty: Client, body: Any) -> None:
    assert faulty.send("POST", ADMIN, body).status == 400
    assert faulty.send("GET", ADMIN).json() == {"value": []}


def test_chaos_is_the_same_for_the_same_seed() -> None:
    def run(seed: int) -> list[str | None]:
        faults = Faults()
        faults.chaos(0.3, seed=seed)
        taken = (faults.take("/") for _ in range(50))
        return [fault.kind if fault else None for fault in taken]

    assert run(1) == run(1) != run(2)
    assert None in run(1)
    with pytest.raises(FaultError):
        Faults().chaos(1.5, seed=1)


def test_tokens_are_given_out_whatever_happens(faulty: Client) -> None:
    faulty.emulator.faults.chaos(1.0, seed=1)
    url = f"{ARM}/metadata/identity/oauth2/token?resource=https://api.loganalytics.io"
    assert faulty.send("GET", url, headers={"Metadata": "true"}, token=None).status == 200


def test_a_query_takes_ten_minutes_or_as_long_as_it_is_given(faulty: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    slept: list[float] = []

    async def sleep(seconds: float) -> None:
        slept.append(seconds)

    monkeypatch.setattr("sentinel_emulator._faulty.sleep", sleep)
    faulty.emulator.faults.add("long-query", seconds=600, times=2)
    given_up = faulty.query("print 1", prefer="wait=20,include-statistics=true")
    assert (given_up.status, given_up.json()["error"]["code"]) == (504, "GatewayTimeout")
    assert faulty.query("print 1").status == 504
    faulty.emulator.faults.add("long-query", seconds=90)
    assert faulty.query("print 1", prefer="wait=600").json()["tables"][0]["rows"] == [[1]]
    assert slept == [20, 180, 90]


def test_a_skewed_clock_refuses_tokens_and_shows_its_time(faulty: Client) -> None:
    faulty.emulator.faults.add("clock-skew", seconds=900)
    answer = faulty.sentinel("GET", "incidents")
    assert (answer.status, answer.json()["error"]["code"]) == (401, "InvalidAuthenticationToken")
    ahead = parsedate_to_datetime(answer.headers["date"]) - datetime.now(UTC)
    assert timedelta(minutes=14) < ahead < timedelta(minutes=16)
    right = parsedate_to_datetime(faulty.sentinel("GET", "incidents").headers["date"])
    assert abs(right - datetime.now(UTC)) < timedelta(minutes=1)


def test_a_fault_reaches_a_token_endpoint_only_by_its_path(faulty: Client) -> None:
    url = f"{ARM}/metadata/identity/oauth2/token?resource={ARM}"
    faulty.emulator.faults.add("throttled", retry_after=1)
    assert faulty.send("GET", url, headers={"Metadata": "true"}, token=None).status == 200
    faulty.emulator.faults.add("throttled", retry_after=1, path="/metadata/identity")
    assert faulty.send("GET", url, headers={"Metadata": "true"}, token=None).status == 429
    assert faulty.query("print 1").status == 429


def test_a_cut_body_breaks_a_real_connection(client: Client) -> None:
    emulator = client.emulator
    token, _ = emulator.issue_token(ARM)
    headers = {"Authorization": f"Bearer {token}", "x-emulator-fault": "cut-body"}
    with serve_in_thread(emulator) as serving:
        context = ssl.create_default_context(cafile=str(serving.ca_file))
        url = f"{serving.url}{emulator.workspace.resource_id}?api-version=2025-07-01"
        with urlopen(Request(url, headers=headers), context=context) as answer, pytest.raises(IncompleteRead):
            answer.read()
