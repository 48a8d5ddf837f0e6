from sentinel_mcp_server.testing import Session


def test_tasks_are_listed_with_the_newest_first(offline: Session) -> None:
    ids = [offline.answer("query_run", query="print 1", background=True)["task_id"] for _ in range(3)]
    listed = [task["id"] for task in offline.answer("task_list")["tasks"]]
    assert [task_id for task_id in listed if task_id in ids] == list(reversed(ids))


def test_no_task_is_an_empty_list(unconfigured: Session) -> None:
    assert unconfigured.answer("task_list")["tasks"] == []
