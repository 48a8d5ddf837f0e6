"""What end-to-end tests share: the commands as a client starts them, with an environment as empty as a client gives."""

import os
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
SERVER = [sys.executable, "-m", "sentinel_mcp_server"]
EMULATOR = [sys.executable, "-m", "sentinel_emulator"]


def bare_environment(**extra: str) -> dict[str, str]:
    """The environment of a process that a client starts: enough to run, nothing of the developer's own sign-ins."""
    kept = ("PATH", "HOME", "LANG", "SYSTEMROOT", "TEMP", "TMP", "DOTNET_ROOT", "COVERAGE_PROCESS_CONFIG")
    return {name: os.environ[name] for name in kept if name in os.environ} | extra


@pytest.fixture
def anyio_backend() -> str:
    """The tests speak asyncio, as the server does."""
    return "asyncio"
