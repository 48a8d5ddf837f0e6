"""The interpreter's end, counted: every way of using an engine, many times over."""

from __future__ import annotations

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import pytest

BEGIN = (
    "from sentinel_kql_validator import KqlValidator, Schema\nv = KqlValidator(Schema({'T': {'a': 'string'}}), '%s')\n"
)
WAYS = (
    "print(v.validate('T').verdict)",
    "import asyncio; print(asyncio.run(v.avalidate('T')).verdict)",
    "import threading\nt = threading.Thread(target=lambda: print(v.validate('T').verdict))\nt.start()\nt.join()",
    (
        "from sentinel_kql_validator._engines.choice import choose\n"
        "print(v.validate('T').verdict); choose('%s').engine.close()"
    ),
    "import os\nprint(v.validate('T').verdict, flush=True)\np = os.fork()\nif p:\n    assert not os.waitpid(p, 0)[1]\n",
)


@pytest.mark.soak
@pytest.mark.timeout(1800)
def test_two_hundred_exits_of_two_hundred_are_clean(engine: str) -> None:
    def run(number: int) -> str | None:
        way = WAYS[number % len(WAYS)].replace("%s", engine)
        command = [sys.executable, "-c", BEGIN % engine + way]
        try:
            done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
        except subprocess.TimeoutExpired:
            return f"hung: {way}"
        # A child forked after .NET started ends with its own code, yet cffi prints a TypeError while it is taken apart.
        noisy = engine == "dotnet" and "os.fork" in way
        clean = done.returncode == 0 and done.stdout == "valid\n" and (noisy or not done.stderr)
        return None if clean else f"{done.returncode} {done.stdout}{done.stderr}: {way}"

    with ThreadPoolExecutor(2) as pool:
        faults = [fault for fault in pool.map(run, range(200)) if fault]
    assert faults == []
