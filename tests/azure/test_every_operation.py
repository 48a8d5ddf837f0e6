"""No call of the clients is left without an answer over real TLS: the coverage table against what was answered."""

import inspect
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from types import ModuleType
from typing import Any

import pytest

from sentinel_azure_clients import AzureServicesContext, _call, coverage
from sentinel_azure_clients._deadline import within
from sentinel_azure_clients._operation import Operation
from sentinel_emulator import Emulator

from . import test_areas, test_first_floor, test_incident_writes

pytestmark = pytest.mark.anyio


def walks(module: ModuleType) -> list[Any]:
    """The tests of a module that need a workspace and nothing else."""
    return [
        test
        for name, test in vars(module).items()
        if name.startswith("test_") and set(inspect.signature(test).parameters) <= {"azure", "emulator"}
    ]


async def test_the_rows_of_the_table_are_the_calls_answered_over_tls(
    over_tls: AzureServicesContext, emulator: Emulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    answered: set[tuple[str, str]] = set()

    @asynccontextmanager
    async def recording(deadline: float, call: Operation) -> AsyncGenerator[None]:
        """Every call goes through here; one that is refused or fails leaves by an error and is not counted."""
        async with within(deadline, call):
            yield
        answered.add((call.area, call.name))

    monkeypatch.setattr(_call, "within", recording)
    for module in (test_areas, test_first_floor, test_incident_writes):
        for walk in walks(module):
            needs = inspect.signature(walk).parameters
            given: dict[str, Any] = {"azure": over_tls, "emulator": emulator}
            await walk(**{name: given[name] for name in needs})
    rows = {(call.area, call.name) for call in coverage.operations()}
    assert answered == rows
