"""The life of the .NET engine, in processes of its own: what goes wrong there ends the process."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path

BEGIN = """
from sentinel_kql_validator import EngineUnavailable, KqlValidator, Limits, Schema
s = Schema({'T': {'a': 'string'}})
v = KqlValidator(s, 'dotnet')
def told(f):
    try:
        return f()
    except EngineUnavailable as error:
        return str(error)
"""
pytestmark = pytest.mark.usefixtures("dotnet")


def run(program: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", BEGIN + program],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
        env=os.environ | environment,
    )


@pytest.mark.parametrize(
    "program",
    [
        "import asyncio; print(asyncio.run(v.avalidate('T')).verdict)",
        "print(v.validate('T').verdict); KqlValidator(s, 'v8').validate('T')",
        "KqlValidator(s, 'v8').validate('T'); print(v.validate('T').verdict)",
    ],
)
def test_exit_is_clean_alone_and_beside_v8(program: str) -> None:
    done = run(program)
    assert (done.returncode, done.stdout, done.stderr) == (0, "valid\n", "")


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system has no fork")
def test_a_forked_child_uses_v8_and_both_exit_cleanly() -> None:
    done = run(
        "import os, sys\n"
        "print(v.validate('T').verdict, flush=True)\n"
        "pid = os.fork()\n"
        "if pid == 0:\n"
        "    print('child', told(lambda: v.validate('T')), flush=True)\n"
        "    r = KqlValidator(s).validate('T | where b == 1')\n"
        "    print('child', r.verdict, r.engine, flush=True)\n"
        "    sys.exit(7)\n"
        "print(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]), v.validate('T').verdict)\n"
    )
    assert (done.returncode, done.stdout) == (
        0,
        (
            "valid\n"
            "child .NET was started by the parent of this process, and a forked child cannot use it.\n"
            "child invalid v8\n"
            "7 valid\n"
        ),
    )


def test_deep_texts_do_not_end_the_process() -> None:
    done = run(
        "v = KqlValidator(s, 'dotnet', limits=Limits(10_000_000, 1_000_000, 30))\n"
        "texts = ['('*490 + '1' + ')'*490, '('*5000 + '1' + ')'*5000]\n"
        "texts += ['print ' + 'toscalar(print '*118 + '1' + ')'*118]\n"
        "texts += ['print a' + '.b'*20000, 'print 1' + '+1'*20000]\n"
        "texts += ['print ' + 'not('*3000, '\\0', 'print \"\\ud800\"']\n"
        "for text in texts:\n"
        "    print(v.validate(text).verdict, v.validate('T | where b').verdict)\n"
    )
    verdicts = [line.split() for line in done.stdout.splitlines()]
    assert done.returncode == 0
    assert len(verdicts) == 8
    assert {after for _, after in verdicts} == {"invalid"}
    assert "valid" not in {first for first, _ in verdicts[1:2]}


def test_a_comma_culture_reads_numbers_as_everybody_else() -> None:
    program = (
        "from datetime import *\n"
        "now = datetime(2026, 1, 1, tzinfo=timezone.utc)\n"
        "v = KqlValidator(engine='dotnet')\n"
        "print(v.validate('SigninLogs | where TimeGenerated > ago(1.5h)', now=now).facts.time_range.start)\n"
    )
    assert run(program, LC_ALL="de_DE.UTF-8", LANG="de_DE.UTF-8").stdout == "2025-12-31 22:30:00+00:00\n"


def test_an_early_time_out_frees_the_next_query() -> None:
    done = run(
        "slow = KqlValidator(s, 'dotnet', limits=Limits(10_000_000, 1_000_000, 0.1))\n"
        "v.validate('T')\n"
        "print(slow.validate('(' * 8000).reason)\n"
        "print(v.validate('T').verdict)\n"
    )
    assert (done.returncode, done.stdout) == (0, "The analyser did not finish within 0.1 seconds.\nvalid\n")


def test_a_missing_runtime_is_named(tmp_path: Path) -> None:
    done = run("print(told(lambda: v.validate('T')))", DOTNET_ROOT=str(tmp_path))
    assert done.stdout == f"DOTNET_ROOT names {tmp_path}, which holds no .NET runtime (no host/fxr in it).\n"


def test_a_broken_runtime_is_named_and_auto_goes_on(tmp_path: Path) -> None:
    (tmp_path / "host" / "fxr" / "10.0.0").mkdir(parents=True)
    done = run(
        "print(told(lambda: v.validate('T')))\n"
        "r = KqlValidator(s).validate('T')\n"
        "print(r.verdict, r.engine, r.engine_note)\n",
        DOTNET_ROOT=str(tmp_path),
    )
    first, second = done.stdout.splitlines()
    assert first.startswith(f"The .NET runtime at {tmp_path} did not start: ")
    assert second.startswith(f"valid v8 dotnet: The .NET runtime at {tmp_path} did not start: ")


def test_a_missing_library_is_named(tmp_path: Path) -> None:
    done = run("print(told(lambda: v.validate('T')))", SENTINEL_KQL_DLL=str(tmp_path / "no.dll"))
    assert done.stdout == f"SENTINEL_KQL_DLL names {tmp_path / 'no.dll'}, and there is no such file.\n"


def test_a_library_that_is_none_is_named(tmp_path: Path) -> None:
    path = tmp_path / "Kusto.Language.dll"
    path.write_bytes(b"no library")
    done = run("print(told(lambda: v.validate('T')))", SENTINEL_KQL_DLL=str(path))
    assert done.stdout.startswith(f"{path} cannot be loaded into .NET: ")
    assert len(done.stdout.splitlines()) == 1


def test_a_library_of_another_version_is_refused_unless_it_was_chosen() -> None:
    program = (
        "from sentinel_kql_validator._engines import dotnet_runtime as d\n"
        "import os\n"
        "path = str(d.find_dll())\n"
        "d.analyser_version = lambda: '11.0.0'\n"
        "print(told(lambda: v.validate('T')).replace(path, 'DLL'))\n"
    )
    assert run(program).stdout == (
        "DLL is version 12.4.1 and this release is made for 11.0.0; "
        "set SENTINEL_KQL_DLL to the file to use it all the same.\n"
    )


def test_the_package_whose_library_is_used_is_never_imported() -> None:
    done = run("v.validate('T'); import sys; print('kustology' in sys.modules)")
    assert done.stdout == "False\n"
