"""The errors that every tool can meet: a missing role, a busy or absent service, and arguments that do not fit."""

from collections.abc import Callable, Generator, Iterator
from contextlib import ExitStack, contextmanager
from functools import partial
from typing import Any

import pytest

from sentinel_azure_clients import AzureConfig
from sentinel_emulator import Emulator
from sentinel_mcp_server import Settings, offline
from sentinel_mcp_server.investigations.access import NEEDS
from sentinel_mcp_server.testing import Session, connected, text
from sentinel_mcp_server.tools import TOOLS

NAMES = [spec.name for spec in TOOLS]
MORE: dict[str, dict[str, Any]] = {
    "content_drift": {},
    "query_chart": {"query": "SigninLogs | summarize count() by ResultType"},
    "rule_test": {"rows": {"SigninLogs": "[]"}},
    "workspace_health": {},
    "workspace_list": {},
    "incident_create": {"title": "x", "severity": "Low"},
    "incident_update": {"incident": "1", "severity": "Low"},
    "incident_close": {"incident": "1", "classification": "Undetermined"},
    "incident_comment_add": {"incident": "1", "message": "x"},
    "incident_task_add": {"incident": "1", "title": "x"},
    "incident_playbook_run": {"incident": "1", "playbook": "Revoke-Sessions"},
    "bookmark_create": {"title": "x", "query": "SigninLogs | take 1"},
    "rule_create": {"title": "x", "query": "SigninLogs | take 1", "severity": "Low", "frequency": "1h", "period": "1h"},
    "rule_update": {"enabled": False},
    "watchlist_item_upsert": {"alias": "HighValueAssets", "values": {"Asset": "x"}},
    "watchlist_item_delete": {"alias": "HighValueAssets", "item": "DC01.contoso.com"},
    "indicator_create": {"kind": "ip", "value": "192.0.2.1", "title": "x", "confidence": 50},
}
"""Good arguments of the tools that `good_calls` does not have, but for the name of a rule."""

OF_A_SESSION = {"query_page", "task_cancel", "task_get"}
"""Tools that ask nothing of Azure and look for what an earlier call of the same session left."""

GOES_ON = {"connection_test", "entity_enrich", "query_validate", "workspace_health", "workspace_list"}
"""Tools that answer all the same and say in the answer what they could not look at."""

PLANS_ALONE = {"bookmark_create", "incident_create", "rule_create"}
"""Tools whose plan reads nothing that has to be there; the fault is met when the plan is applied."""

TROUBLES = {
    "denied": ("may not do this", "Call connection_test to see what this identity may do."),
    "busy": ("Too many requests", "Wait, then call again; the service limits how often it answers."),
    "away": ("The service is out of order", "Check the network, proxy and endpoint settings of the server."),
}
"""What each trouble is called, and the advice that a refusal ends with."""


@contextmanager
def troubled(trouble: str) -> Generator[Session]:
    """A client of a workspace in which every request meets the same trouble."""

    def make() -> Emulator:
        emulator = Emulator()
        if trouble == "denied":
            issue = emulator.tokens.issue
            vars(emulator)["issue_token"] = lambda audience: issue(audience, roles=("Nobody",))  # pyright: ignore[reportUnknownLambdaType, reportUnknownArgumentType]
        elif trouble == "busy":
            emulator.faults.add("throttled", times=100_000, retry_after=3600)
        else:
            emulator.faults.add("unavailable", times=100_000)
        return emulator

    with ExitStack() as stack:
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(offline, "Emulator", make)
            patch.setattr(offline, "AzureConfig", partial(AzureConfig, max_retries=0))
            session = stack.enter_context(
                connected(Settings(offline=True, toolsets=frozenset({"all"}), allow_writes=True))
            )
        yield session


@pytest.fixture(scope="module")
def calls(offline: Session, good_calls: Callable[[Session], dict[str, dict[str, Any]]]) -> dict[str, dict[str, Any]]:
    """Good arguments for every tool; names are the same in every embedded workspace."""
    good = {**good_calls(offline), **MORE}
    for tool in ("rule_test", "rule_update"):
        good[tool] = {**good[tool], "name": good["rule_get"]["name"]}
    return good


@pytest.fixture(scope="module", params=TROUBLES)
def trouble(request: pytest.FixtureRequest) -> Iterator[tuple[str, Session]]:
    """Each trouble with a client that meets it."""
    with troubled(request.param) as session:
        yield request.param, session


def test_every_tool_has_good_arguments_here(calls: dict[str, dict[str, Any]]) -> None:
    assert set(calls) == set(NAMES)


@pytest.mark.parametrize("tool", [name for name in NAMES if name not in OF_A_SESSION])
def test_a_missing_role_a_busy_and_an_absent_service_are_told_with_what_to_do(
    trouble: tuple[str, Session], calls: dict[str, dict[str, Any]], tool: str
) -> None:
    if tool == "query_chart":
        pytest.importorskip("vl_convert", reason="the extra `charts` is not installed")
    kind, session = trouble
    called, advice = TROUBLES[kind]
    result = session.call(tool, **calls[tool])
    if tool in PLANS_ALONE:
        assert not result.is_error, text(result)
        assert result.structured_content is not None
        token = result.structured_content["confirmation_token"]
        result = session.call(tool, **calls[tool], confirmation_token=token)
    if tool == "access_check" and kind == "denied":
        assert not result.is_error
        assert "needs Microsoft Sentinel Reader" in text(result)
    elif NEEDS[tool] == () and tool not in GOES_ON | {"access_check"}:
        assert not result.is_error, text(result)
    elif tool in GOES_ON:
        assert not result.is_error, text(result)
        assert called in text(result)
    else:
        assert result.is_error, text(result)
        assert called in text(result)
        assert text(result).endswith(advice)
        assert len(text(result).splitlines()) == 1


UNKNOWN: dict[str, dict[str, Any]] = {
    "alert_get": {"name": "00000000-0000-4000-8000-000000000000"},
    "automation_rule_get": {"name": "no-such"},
    "data_connector_get": {"name": "no-such"},
    "hunting_query_get": {"name": "no-such"},
    "hunting_query_run": {"name": "no-such"},
    "incident_close": {"incident": "99999", "classification": "Undetermined"},
    "incident_comment_add": {"incident": "99999", "message": "x"},
    "incident_get": {"incident": "99999"},
    "incident_playbook_run": {"incident": "99999", "playbook": "x"},
    "incident_task_add": {"incident": "99999", "title": "x"},
    "incident_update": {"incident": "99999", "severity": "Low"},
    "indicator_get": {"name": "no-such"},
    "rule_backtest": {"name": "no-such"},
    "rule_create": {"template": "no-such"},
    "rule_get": {"name": "no-such"},
    "rule_lint": {"name": "no-such"},
    "rule_template_get": {"name": "no-such"},
    "rule_test": {"name": "no-such", "rows": {"SigninLogs": "[]"}},
    "rule_update": {"name": "no-such", "enabled": True},
    "table_get": {"name": "NoSuchTable"},
    "table_profile": {"name": "NoSuchTable"},
    "task_cancel": {"task_id": "no-such"},
    "task_get": {"task_id": "no-such"},
    "query_page": {"result_id": "no-such"},
    "watchlist_get": {"alias": "NoSuch"},
    "watchlist_item_delete": {"alias": "NoSuch", "item": "x"},
    "watchlist_item_list": {"alias": "NoSuch"},
    "watchlist_item_upsert": {"alias": "NoSuch", "values": {"a": "b"}},
}


@pytest.fixture(scope="module")
def whole() -> Iterator[Session]:
    """A client of an embedded workspace with every tool."""
    with connected(Settings(offline=True, toolsets=frozenset({"all"}), allow_writes=True)) as session:
        yield session


@pytest.mark.parametrize("tool", sorted(UNKNOWN))
def test_what_is_not_there_is_said_so_and_never_a_fault_of_the_server(whole: Session, tool: str) -> None:
    refusal = whole.refusal(tool, **UNKNOWN[tool])
    words = ("Nothing was found", "There is no ", "99999", "no alert", "has no table")
    assert any(word in refusal for word in words), refusal
    assert "Error executing tool" not in refusal


@pytest.mark.parametrize("tool", NAMES)
def test_an_argument_that_no_tool_takes_is_named_with_those_it_does(
    whole: Session, calls: dict[str, dict[str, Any]], tool: str
) -> None:
    refusal = whole.refusal(tool, **calls[tool], no_such_argument=1)
    assert refusal.startswith(f"{tool} was not called: there is no argument 'no_such_argument'; {tool} takes ")


@pytest.mark.parametrize("tool", NAMES)
def test_an_argument_of_the_wrong_type_is_named_and_not_repeated(
    whole: Session, calls: dict[str, dict[str, Any]], tool: str
) -> None:
    listed = {found.name: found for found in whole.portal.call(whole.client.list_tools).tools}
    wrong = {"secret-value": [1.5]}
    for argument in listed[tool].input_schema.get("properties", {}):
        if argument == "row":
            continue  # takes any object
        refusal = whole.refusal(tool, **{**calls[tool], argument: [wrong]})
        assert refusal.startswith(f"{tool} was not called: {argument}"), refusal
        assert "secret-value" not in refusal
