"""The life of the V8 engine, in processes of its own."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

BEGIN = (
    "from sentinel_kql_validator import KqlValidator, Schema\nv = KqlValidator(Schema({'T': {'a': 'string'}}), 'v8')\n"
)


def run(program: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-X", "faulthandler", "-c", BEGIN + program],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


@pytest.mark.parametrize(
    "program",
    [
        "print(v.validate('T').verdict)",
        "print(v.validate('T').verdict); import sys; sys.exit(0)",
        "import asyncio; print(asyncio.run(v.avalidate('T')).verdict)",
        "import threading; t = threading.Thread(target=lambda: print(v.validate('T').verdict)); t.start(); t.join()",
        "f = lambda: v.validate('T').verdict; print(f())",
    ],
)
def test_exit_is_clean(program: str) -> None:
    done = run(program)
    assert (done.returncode, done.stdout, done.stderr) == (0, "valid\n", "")


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system has no fork")
def test_a_forked_child_makes_its_own_and_both_exit_cleanly() -> None:
    done = run(
        "import os, sys\n"
        "print(v.validate('T').verdict, flush=True)\n"
        "pid = os.fork()\n"
        "if pid == 0:\n"
        "    print('child', v.validate('T | where b == 1').verdict, flush=True)\n"
        "    sys.exit(7)\n"
        "print(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]), v.validate('T').verdict)\n"
    )
    assert (done.returncode, done.stdout) == (0, "valid\nchild invalid\n7 valid\n")


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system has no fork")
def test_a_forked_child_that_never_validates_exits_cleanly() -> None:
    done = run(
        "import os, sys\n"
        "v.validate('T')\n"
        "pid = os.fork()\n"
        "if pid == 0:\n"
        "    sys.exit(3)\n"
        "print(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))\n"
    )
    assert (done.returncode, done.stdout) == (0, "3\n")


def test_missing_scripts_are_named_in_one_sentence() -> None:
    done = run(
        "from sentinel_kql_validator import EngineUnavailable\n"
        "from sentinel_kql_validator._engines import analyser\n"
        "import os; os.environ['SENTINEL_KQL_DOTNET_ROOT'] = os.devnull\n"
        "analyser._pin = lambda: ('1', ('gone.js',))\n"
        "try:\n    v.validate('T')\nexcept EngineUnavailable as error:\n    print(error)\n"
        "print(KqlValidator(engine='auto').validate('T').engine_note)\n"
    )
    assert done.returncode == 0
    assert done.stdout.startswith("Microsoft's analyser scripts are missing from this installation;")
    assert " v8: Microsoft's analyser scripts are missing" in done.stdout


def test_a_text_that_needs_too_much_memory_is_unknown_and_the_next_answer_is_right() -> None:
    done = run(
        "from sentinel_kql_validator import Limits\n"
        "from sentinel_kql_validator._engines import v8\n"
        "v8.MEMORY_BYTES = 120 * 1024 * 1024\n"
        "w = KqlValidator(Schema({}), 'v8', limits=Limits(characters=10**7, seconds=50))\n"
        "print(w.validate('print ' + ', '.join(f'c{i} = 1' for i in range(70000))).reason)\n"
        "print(v.validate('T | where b == 1').verdict, v.validate('T').verdict)\n"
    )
    assert (done.returncode, done.stdout) == (0, "The analyser needed more than 120 MB of memory.\ninvalid valid\n")
