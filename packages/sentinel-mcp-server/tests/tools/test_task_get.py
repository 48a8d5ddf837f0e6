import time
from typing import Any

from sentinel_mcp_server.testing import Session, text


def finished(session: Session, task_id: str) -> dict[str, Any]:
    for _ in range(500):
        task = session.answer("task_get", task_id=task_id)
        if task["is_complete"]:
            return task
        time.sleep(0.02)
    raise AssertionError("the task did not end")


def test_a_query_in_the_background_has_the_answer_of_the_same_query_in_front(offline: Session) -> None:
    query = "SigninLogs | summarize n=count() by ResultType | order by n desc, ResultType asc"
    started = offline.answer("query_run", query=query, timespan="2020-01-01/2100-01-01", background=True)
    assert (started["status"], started["tables"]) == ("running", [])
    task = finished(offline, started["task_id"])
    front = offline.answer("query_run", query=query, timespan="2020-01-01/2100-01-01")
    assert task["error"] is None
    assert task["result"]["tables"] == front["tables"]
    assert task["result"]["status"] == "complete"
    assert task["result"]["query_hash"] == started["query_hash"]


def test_a_query_that_fails_in_the_background_says_why(offline: Session) -> None:
    started = offline.answer("query_run", query="print x = format_timespan(1d, 'd')", background=True)
    task = finished(offline, started["task_id"])
    assert task["result"] is None
    assert "the embedded workspace cannot run it" in task["error"]


def test_an_invalid_query_is_refused_at_once(offline: Session) -> None:
    assert "invalid" in offline.refusal("query_run", query="SigninLogs | where Nope == 1", background=True)


def test_the_rows_stand_inside_the_fence(offline: Session) -> None:
    started = offline.answer(
        "query_run", query="SigninLogs | project UserAgent | take 2", timespan="14d", background=True
    )
    finished(offline, started["task_id"])
    shown = text(offline.call("task_get", task_id=started["task_id"]))
    assert shown.index("query_run is complete") < shown.index("<untrusted-") < shown.index("UserAgent")


def test_an_unknown_task_is_named(offline: Session) -> None:
    assert "There is no such task here" in offline.refusal("task_get", task_id="x" * 24)
