"""One emulator for the whole run, its clock stopped, so that every test sees the same rows."""

from __future__ import annotations

import asyncio
import shutil
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from sentinel_emulator import Emulator
from sentinel_emulator.testing import Client

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

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


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Generate rows once, into a file that every fresh emulator gets a copy of."""
    path = tmp_path_factory.mktemp("template") / "rows.duckdb"
    made = Emulator(seed=7, now=NOW, days=2, database=path)
    made.store()
    asyncio.run(made.close())
    return path


@pytest.fixture
def fresh(template: Path, tmp_path: Path) -> Iterator[Client]:
    """Ask an emulator of its own: for tests that write."""
    path = tmp_path / "rows.duckdb"
    shutil.copy(template, path)
    made = Emulator(now=NOW, database=path)
    yield Client(made)
    asyncio.run(made.close())
