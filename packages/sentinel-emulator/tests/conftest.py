"""One emulator for the whole run, its clock stopped, so that every test sees the same rows."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from sentinel_emulator import Emulator
from sentinel_emulator.testing import Client

if TYPE_CHECKING:
    from collections.abc import Iterator

#: A Wednesday afternoon.
NOW = datetime(2026, 3, 11, 15, 30, 12, tzinfo=UTC)


@pytest.fixture(scope="session")
def emulator() -> Iterator[Emulator]:
    """Emulate one organisation for every test that only reads."""
    made = Emulator(seed=7, now=NOW)
    yield made
    asyncio.run(made.close())


@pytest.fixture(scope="session")
def client(emulator: Emulator) -> Client:
    """Ask the shared emulator; such tests must not write."""
    return Client(emulator)


@pytest.fixture
def fresh() -> Client:
    """Ask an emulator of its own: for tests that write."""
    return Client(Emulator(seed=7, now=NOW, days=2))
