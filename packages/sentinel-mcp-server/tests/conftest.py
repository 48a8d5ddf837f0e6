"""Connected clients that the tests of a run share: the embedded workspace is generated once."""

import asyncio
import shutil
import weakref
from collections.abc import Callable, Generator, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from itertools import count
from pathlib import Path
from typing import Any, TypeAlias, TypeVar

import hypothesis
import pytest

from sentinel_emulator import Emulator
from sentinel_mcp_server import Settings
from sentinel_mcp_server import offline as offline_module
from sentinel_mcp_server.testing import Session, connected

# A shared machine may be slow: timings are measured in bench/, never asserted here.
hypothesis.settings.register_profile("untimed", deadline=None)
hypothesis.settings.load_profile("untimed")


T = TypeVar("T")
EVERYTHING = frozenset({"all"})


@pytest.fixture(scope="session")
def make_emulator(tmp_path_factory: pytest.TempPathFactory) -> Callable[[], Emulator]:
    """Makes emulators of the same rows: generated once into a file, of which each gets a copy of its own."""
    folder = tmp_path_factory.mktemp("rows")
    template = folder / "template.duckdb"
    first = Emulator(database=template)
    first.store()
    asyncio.run(first.close())
    numbers = count()

    def make() -> Emulator:
        copy = folder / f"{next(numbers)}.duckdb"
        shutil.copy(template, copy)
        emulator = Emulator(database=copy)
        weakref.finalize(emulator, copy.unlink, missing_ok=True)
        return emulator

    return make


Between: TypeAlias = Callable[[Callable[[Any], T]], AbstractContextManager[tuple[Session, T]]]
"""Connects a client to a workspace whose application stands behind another one, which it makes of the first."""


@pytest.fixture(scope="session")
def between(make_emulator: Callable[[], Emulator]) -> Between[Any]:
    """For tests that look at, or into, what goes between the server and Azure."""

    @contextmanager
    def connect(front: Callable[[Any], T]) -> Generator[tuple[Session, T]]:
        fronts: list[T] = []

        def make() -> Emulator:
            emulator = make_emulator()
            fronts.append(front(emulator.app))
            vars(emulator)["app"] = fronts[-1]
            return emulator

        with ExitStack() as stack:
            with pytest.MonkeyPatch.context() as patch:
                patch.setattr(offline_module, "Emulator", make)
                session = stack.enter_context(connected(Settings(offline=True, toolsets=EVERYTHING)))
            yield session, fronts[0]

    return connect


@pytest.fixture(scope="session", autouse=True)
def rows_generated_once(make_emulator: Callable[[], Emulator]) -> Iterator[None]:
    """The embedded workspace of every test is a copy of the same rows: generating them takes most of a second."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(offline_module, "Emulator", make_emulator)
        yield


@pytest.fixture(scope="session")
def offline() -> Iterator[Session]:
    """A client of the embedded workspace, with every tool that reads."""
    with connected(Settings(offline=True, toolsets=EVERYTHING)) as session:
        yield session


@pytest.fixture
def writable(tmp_path: Path) -> Iterator[Session]:
    """A client of an embedded workspace of its own, with the tools that write and an audit log."""
    with connected(
        Settings(offline=True, toolsets=EVERYTHING, allow_writes=True, audit_log=tmp_path / "audit.jsonl")
    ) as session:
        yield session


@pytest.fixture(scope="session")
def unconfigured() -> Iterator[Session]:
    """A client of a server that was started without any workspace."""
    # A credential that looks at nothing but the environment: this machine's own sign-ins stay out of the test.
    with connected(Settings(credential="environment", toolsets=EVERYTHING)) as session:
        yield session


def _good_calls(session: Session) -> dict[str, dict[str, Any]]:
    """For each tool that reads, arguments that make it show something of the embedded workspace."""
    first = {
        tool: session.answer(tool, **arguments)[field][0]
        for tool, field, arguments in (
            ("rule_template_list", "templates", {}),
            ("hunting_query_list", "queries", {}),
            ("indicator_search", "indicators", {}),
            ("automation_rule_list", "rules", {}),
            ("data_connector_list", "connectors", {}),
            ("alert_list", "alerts", {"timespan": "14d"}),
        )
    }
    rules = session.answer("rule_list", limit=100)["rules"]
    rule = next(rule["name"] for rule in rules if rule["kind"] == "Scheduled" and rule["enabled"])
    query = "SigninLogs | project TimeGenerated, UserPrincipalName, IPAddress, UserAgent, LocationDetails"
    truncated = session.answer("query_run", query=query, timespan="14d", max_rows=1)["result_id"]
    task = session.answer("query_run", query=query, timespan="14d", background=True)["task_id"]
    return {
        "query_run": {"query": query, "timespan": "14d", "max_rows": 50},
        "query_page": {"result_id": truncated, "limit": 50},
        "query_validate": {"query": "SigninLogs | where Nope == 'x'"},
        "query_explain": {"query": query},
        "table_list": {},
        "table_search": {"question": "failed sign-ins of a user"},
        "table_get": {"name": "SigninLogs"},
        "table_profile": {"name": "SigninLogs"},
        "incident_list": {},
        "incident_get": {"incident": "3"},
        "alert_list": {"timespan": "14d"},
        "alert_get": {"name": first["alert_list"]["name"]},
        "entity_pivot": {"kind": "user", "value": "dana.willow@contoso.com", "timespan": "14d"},
        "entity_enrich": {"kind": "ip", "value": "203.0.113.77"},
        "rule_list": {},
        "rule_get": {"name": rule},
        "rule_lint": {"name": rule},
        "rule_backtest": {"name": rule},
        "rule_coverage": {},
        "rule_test": {
            "query": "SigninLogs | project UserPrincipalName, UserAgent",
            "rows": {"SigninLogs": '[{"UserPrincipalName": "a@contoso.com", "UserAgent": "Agent"}]'},
        },
        "rule_template_list": {},
        "rule_template_get": {"name": first["rule_template_list"]["name"]},
        "hunting_query_list": {},
        "hunting_query_get": {"name": first["hunting_query_list"]["name"]},
        "hunting_query_run": {"name": first["hunting_query_list"]["name"], "timespan": "14d"},
        "watchlist_list": {},
        "watchlist_get": {"alias": "HighValueAssets"},
        "watchlist_item_list": {"alias": "HighValueAssets"},
        "indicator_search": {},
        "indicator_get": {"name": first["indicator_search"]["name"]},
        "indicator_metrics": {},
        "automation_rule_list": {},
        "automation_rule_get": {"name": first["automation_rule_list"]["name"]},
        "playbook_list": {},
        "bookmark_list": {},
        "workspace_get": {},
        "workspace_list": {},
        "workspace_health": {},
        "workspace_usage": {},
        "data_connector_list": {},
        "data_connector_get": {"name": first["data_connector_list"]["name"]},
        "content_list": {},
        "content_drift": {"all_of_it": True},
        "setting_list": {},
        "connection_test": {},
        "access_check": {},
        "task_list": {},
        "task_get": {"task_id": task},
        "task_cancel": {"task_id": task},
        "docs_search": {"question": "join"},
    }


@pytest.fixture(scope="session")
def good_calls() -> Callable[[Session], dict[str, dict[str, Any]]]:
    """What to call each reading tool with, so that it shows something; ids are of the session that is handed in."""
    return _good_calls
