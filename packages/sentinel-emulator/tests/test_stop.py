"""A query that nobody waits for any more ends, and gives its place back."""

from __future__ import annotations

import asyncio
import shutil
import threading
import time
from typing import TYPE_CHECKING, Any

import duckdb
import pytest

from sentinel_emulator import Emulator
from sentinel_emulator._query.faults import QueryFault
from sentinel_emulator._query.stop import Stop

from .conftest import NOW

if TYPE_CHECKING:
    from pathlib import Path

    from sentinel_emulator.testing import Client

ENDLESS = "let t = range x from 1 to 90000 step 1 | extend k=1; t | join kind=inner t on k | summarize dcount(x + x1)"
ENDLESS_SQL = "select count(*) from range(100000) a, range(100000) b where hash(a.range, b.range) = 1"


def test_a_stop_asked_for_before_it_is_watched_still_stops() -> None:
    ended: list[str] = []
    early, late = Stop(), Stop()
    early.ask()
    early.watch(lambda: ended.append("early"))
    late.watch(lambda: ended.append("late"))
    late.ask()
    late.over()
    assert ended[:2] == ["early", "late"]
    assert early.asked
    assert late.asked


def test_a_query_that_misses_the_first_word_is_told_again_until_it_is_over() -> None:
    stop, told = Stop(), threading.Semaphore(0)
    stop.watch(told.release)
    stop.ask()
    assert all(told.acquire(timeout=20) for _ in range(3))
    stop.over()
    while told.acquire(blocking=False):
        pass
    stop.ask()
    assert not told.acquire(timeout=0.3)


def test_cancelling_a_request_ends_its_query(emulator: Emulator, client: Client) -> None:
    client.rows("print 1")
    began, ended = threading.Event(), threading.Event()
    run = emulator.store().run

    def watched(*arguments: Any) -> Any:
        began.set()
        try:
            return run(*arguments)
        finally:
            ended.set()

    async def cancelled() -> None:
        task = asyncio.create_task(asyncio.to_thread(began.wait, 20))
        asking = asyncio.create_task(
            client.ask("POST", QUERY.format(emulator.workspace.workspace_id), {"query": ENDLESS})
        )
        assert await task
        asking.cancel()
        outcome = await asyncio.gather(asking, return_exceptions=True)
        assert isinstance(outcome[0], asyncio.CancelledError)
        assert await asyncio.to_thread(ended.wait, 20)

    store = emulator.store()
    store.run = watched  # pyright: ignore[reportAttributeAccessIssue] - watched from outside for the length of the test
    try:
        asyncio.run(cancelled())
    finally:
        del store.run
    assert client.rows("print 1") == [[1]]


QUERY = "https://api.loganalytics.io/v1/workspaces/{}/query"


def test_closing_ends_what_still_runs_and_then_closes(tmp_path: Path, template: Path) -> None:
    path = tmp_path / "rows.duckdb"
    shutil.copy(template, path)
    made = Emulator(seed=7, now=NOW, days=2, database=path)
    store = made.store()
    outcome: list[BaseException] = []

    def run() -> None:
        try:
            store.run(
                "select count(*) from range(100000) a, range(100000) b where hash(a.range, b.range) = 1",
                {},
                {},
                None,
                60,
            )
        except QueryFault as fault:
            outcome.append(fault)

    thread = threading.Thread(target=run)
    thread.start()
    while not store._running:  # pyright: ignore[reportPrivateUsage] - the moment in which it runs
        time.sleep(0.01)
    asyncio.run(made.close())
    thread.join(timeout=20)
    assert len(outcome) == 1
    with pytest.raises(duckdb.ConnectionException):
        store.read("select 1")
