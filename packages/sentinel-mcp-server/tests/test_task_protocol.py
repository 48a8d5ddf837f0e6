"""The protocol's tasks extension, as a client that speaks it sees it."""

import asyncio
from collections.abc import Iterator
from typing import Any, Literal

import pytest
from mcp.client.extension import ClaimContext, ClientExtension, ResultClaim
from mcp.shared.exceptions import MCPError
from mcp_types import CallToolResult, Request, RequestParams, Result
from pydantic import Field, SerializeAsAny

from sentinel_mcp_server import Settings, task_protocol
from sentinel_mcp_server.task_protocol import TaskRequest, TasksExtension
from sentinel_mcp_server.testing import Session, connected, text

QUERY: dict[str, Any] = {
    "query": "SigninLogs | summarize count() by ResultType | order by ResultType asc",
    "timespan": "2020-01-01/2100-01-01",
}


class Task(Result):
    """A task, and the answer of tasks/get."""

    result_type: Literal["task"] = "task"
    task_id: str
    status: str
    created_at: str
    last_updated_at: str
    ttl_ms: int | None
    poll_interval_ms: int | None = None


class State(Result):
    """What tasks/get, tasks/update and tasks/cancel answer."""

    result_type: Literal["complete"]
    task_id: str | None = None
    status: str | None = None
    result: dict[str, Any] | None = None
    error: dict[str, Any] | None = None


class Ask(Request[RequestParams, str]):
    """Any request about a task; over HTTP its id stands in a header too."""

    name_param = "taskId"
    method: str
    params: SerializeAsAny[RequestParams]


class Update(TaskRequest):
    """An answer to a question that no task asks."""

    input_responses: dict[str, Any] = Field(default_factory=dict)


class Tasks(ClientExtension):
    """Declares the extension and keeps what it got."""

    identifier = TasksExtension.identifier

    def __init__(self) -> None:
        self.seen: list[Task] = []

    def claims(self) -> list[ResultClaim[Any]]:
        """Tasks are polled until they end."""
        return [ResultClaim(result_type="task", model=Task, resolve=self._poll)]

    async def _poll(self, task: Task, ctx: ClaimContext) -> CallToolResult:
        self.seen.append(task)
        while True:
            state = await ask(ctx.session, "tasks/get", task.task_id)
            if state.status == "completed":
                return CallToolResult.model_validate(state.result)
            assert state.status == "working"
            await asyncio.sleep(0.01)


async def ask(session: Any, method: str, task_id: str) -> State:
    params = Update(task_id=task_id) if method == "tasks/update" else TaskRequest(task_id=task_id)
    return await session.send_request(Ask(method=method, params=params), State)


@pytest.fixture
def tasks() -> Tasks:
    return Tasks()


@pytest.fixture
def session(tasks: Tasks) -> Iterator[Session]:
    with connected(Settings(offline=True), extensions=[tasks]) as connected_session:
        yield connected_session


@pytest.fixture
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every call that may take long takes too long."""
    monkeypatch.setattr(task_protocol, "WITHIN", 0.0)


def begun(session: Session, tool: str, arguments: dict[str, Any]) -> Task:
    """A task that nobody polls yet."""
    found = session.portal.call(lambda: session.client.session.call_tool(tool, arguments, allow_claimed=True))
    assert isinstance(found, Task)
    return found


def about(session: Session, method: str, task_id: str) -> State:
    return session.portal.call(ask, session.client.session, method, task_id)


def ended(session: Session, task: Task) -> State:
    for _ in range(2000):
        state = about(session, "tasks/get", task.task_id)
        if state.status != "working":
            return state
        session.portal.call(asyncio.sleep, 0.005)
    raise AssertionError("the task did not end")


def test_a_call_that_answers_soon_is_no_task(session: Session, tasks: Tasks, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(task_protocol, "WITHIN", 60.0)
    assert session.answer("query_run", **QUERY)["status"] == "complete"
    assert tasks.seen == []


@pytest.mark.usefixtures("at_once")
def test_a_long_call_is_a_task_whose_result_is_what_the_call_would_have_given(
    session: Session, tasks: Tasks, offline: Session
) -> None:
    expected = offline.answer("query_run", **QUERY)
    found = session.answer("query_run", **QUERY)
    assert found["tables"] == expected["tables"]
    (task,) = tasks.seen
    assert task.status == "working"
    assert (task.ttl_ms, task.poll_interval_ms) == (1_800_000, 1000)
    assert len(task.task_id) >= 20


@pytest.mark.usefixtures("at_once")
def test_a_refused_call_is_a_completed_task_with_its_sentence(session: Session) -> None:
    state = ended(session, begun(session, "query_run", {"query": "SigninLogs | where Nope == 1"}))
    assert state.status == "completed"
    result = CallToolResult.model_validate(state.result)
    assert result.is_error
    assert "The query was not sent, because it is invalid" in text(result)


@pytest.mark.usefixtures("at_once")
def test_a_short_tool_and_a_client_without_the_extension_never_get_a_task(session: Session, offline: Session) -> None:
    found = session.portal.call(
        lambda: session.client.session.call_tool("table_get", {"name": "Usage"}, allow_claimed=True)
    )
    assert isinstance(found, CallToolResult)
    assert offline.answer("query_run", **QUERY)["status"] == "complete"
    with pytest.raises(MCPError) as caught:
        about(offline, "tasks/get", "any")
    assert caught.value.error.code == -32021


@pytest.mark.usefixtures("at_once")
def test_a_cancelled_task_says_so_and_an_unknown_one_is_an_invalid_params_error(session: Session) -> None:
    slow = {"query": "range x from 1 to 3000000 step 1 | extend y = hash(tostring(x)) | summarize dcount(y) by x % 7"}
    task = begun(session, "query_run", slow)
    assert about(session, "tasks/cancel", task.task_id).result_type == "complete"
    assert ended(session, task).status == "cancelled"
    assert about(session, "tasks/update", task.task_id).result_type == "complete"
    for method in ("tasks/get", "tasks/update", "tasks/cancel"):
        with pytest.raises(MCPError) as caught:
            about(session, method, "guessed")
        assert caught.value.error.code == -32602
    with pytest.raises(MCPError):
        about(session, "tasks/list", task.task_id)


@pytest.mark.usefixtures("at_once")
def test_protocol_tasks_and_those_of_the_task_tools_do_not_mix(session: Session) -> None:
    task = begun(session, "query_run", QUERY)
    assert session.answer("task_list")["tasks"] == []
    assert "There is no such task" in session.refusal("task_get", task_id=task.task_id)
    background = session.answer("query_run", **QUERY, background=True)["task_id"]
    with pytest.raises(MCPError):
        about(session, "tasks/get", background)


def test_the_server_declares_the_extension(session: Session) -> None:
    declared = session.client.server_capabilities
    assert declared is not None
    assert declared.extensions is not None
    assert declared.extensions[TasksExtension.identifier] == {}
