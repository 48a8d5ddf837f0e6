"""Connected clients that the tests of a run share: the embedded workspace is generated once."""

from collections.abc import Iterator
from pathlib import Path

import hypothesis
import pytest

from sentinel_mcp_server import Settings
from sentinel_mcp_server.testing import Session, connected

# A shared machine may be slow: timings are measured in bench/, never asserted here.
hypothesis.settings.register_profile("untimed", deadline=None)
hypothesis.settings.load_profile("untimed")

EVERYTHING = frozenset({"all"})


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
