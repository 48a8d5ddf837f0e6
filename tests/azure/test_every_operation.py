"""No call of the clients is left without an answer over real TLS: the coverage table against what was really sent."""

import inspect
from types import ModuleType
from typing import Any

import pytest

from sentinel_azure_clients import AzureServicesContext, coverage
from sentinel_azure_clients._operation import Operation
from sentinel_emulator import Emulator

from . import test_areas, test_first_floor, test_incident_writes

pytestmark = pytest.mark.anyio

# What the emulator does not answer; these have tests against prepared answers in the package.
NOT_ANSWERED = {
    ("metrics", "list definitions"),
    ("metrics", "query"),
}


def walks(module: ModuleType) -> list[Any]:
    """The tests of a module that need a workspace and nothing else."""
    return [
        test
        for name, test in vars(module).items()
        if name.startswith("test_") and set(inspect.signature(test).parameters) <= {"azure", "emulator"}
    ]


async def test_every_operation_is_answered_over_tls(
    over_tls: AzureServicesContext, emulator: Emulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent: set[tuple[str, str]] = set()
    options = Operation.options

    def recording(self: Operation, **more: object) -> dict[str, Any]:
        sent.add((self.area, self.name))
        return options(self, **more)

    monkeypatch.setattr(Operation, "options", recording)
    for module in (test_areas, test_first_floor, test_incident_writes):
        for walk in walks(module):
            needs = inspect.signature(walk).parameters
            given: dict[str, Any] = {"azure": over_tls, "emulator": emulator}
            await walk(**{name: given[name] for name in needs})
    sent.add(("connection", "token"))  # sent by the credential: without it nothing above would have been answered
    declared = {(call.area, call.name) for call in coverage.operations()}
    assert declared - sent == NOT_ANSWERED
