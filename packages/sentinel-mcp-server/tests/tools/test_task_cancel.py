from sentinel_mcp_server.testing import Session


def test_a_cancelled_task_says_so_or_was_complete(offline: Session) -> None:
    task_id = offline.answer("query_run", query="SigninLogs | count", timespan="14d", background=True)["task_id"]
    outcome = offline.answer("task_cancel", task_id=task_id)["outcome"]
    assert outcome in ("It was cancelled.", "It was complete already.")
    assert offline.answer("task_get", task_id=task_id)["is_complete"]


def test_an_unknown_task_is_named(offline: Session) -> None:
    assert "There is no such task here" in offline.refusal("task_cancel", task_id="x" * 24)
