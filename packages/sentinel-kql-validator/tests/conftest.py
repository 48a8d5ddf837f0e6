"""Shared by the tests: one validator with the built-in schema, and the reference data beside the repository."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any, TypeAlias, cast

import pytest

from sentinel_kql_validator import EngineUnavailable, KqlValidator, Schema

Make: TypeAlias = Callable[..., KqlValidator]

SHARED = Path(__file__).parents[3] / ".." / "shared"
RUNTIME = SHARED / "dotnet"
# The runtime beside the repository, where there is one and nothing else was chosen; child processes inherit it.
if RUNTIME.is_dir():
    os.environ.setdefault("DOTNET_ROOT", str(RUNTIME.resolve()))


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "soak: the long runs; only with `-m soak`")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave the long runs out unless they are asked for."""
    if "soak" not in str(config.getoption("markexpr")):
        long = [item for item in items if item.get_closest_marker("soak")]
        config.hook.pytest_deselected(items=long)
        items[:] = [item for item in items if item not in long]


@pytest.fixture(scope="session")
def dotnet() -> None:
    """Skip where the .NET engine cannot be had."""
    try:
        KqlValidator(engine="dotnet").validate("print 1")
    except EngineUnavailable as error:
        pytest.skip(f"the .NET engine is not available here: {error}")


@pytest.fixture(scope="session", params=["v8", "dotnet"])
def engine(request: pytest.FixtureRequest) -> str:
    """Each engine that reads KQL with Microsoft's analyser, in turn."""
    if request.param == "dotnet":
        request.getfixturevalue("dotnet")
    return str(request.param)


@pytest.fixture(scope="session")
def make(engine: str) -> Make:
    """Make a validator with the engine whose turn it is."""
    return partial(KqlValidator, engine=cast("Any", engine))


@pytest.fixture(scope="session")
def validator(make: Make) -> KqlValidator:
    return make()


@pytest.fixture(scope="session")
def small(make: Make) -> KqlValidator:
    return make(Schema({"T": {"Name": "string", "Count": "long", "TimeGenerated": "datetime"}}))


@pytest.fixture(scope="session")
def corpus() -> list[dict[str, Any]]:
    path = SHARED / "corpus" / "queries.jsonl"
    if not path.is_file():
        pytest.skip("../shared/corpus/queries.jsonl is not beside the repository")
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


@pytest.fixture(scope="session")
def facts_folder() -> Path:
    path = SHARED / "facts"
    if not path.is_dir():
        pytest.skip("../shared/facts is not beside the repository")
    return path
