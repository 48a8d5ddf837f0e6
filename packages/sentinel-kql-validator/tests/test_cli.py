from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from sentinel_kql_validator.cli import main

if TYPE_CHECKING:
    from pathlib import Path


def test_a_finding_is_shown_with_a_caret_and_a_suggestion(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "a.kql"
    file.write_text('SigninLogs\n| where UserPrincipalNam == "x"\n', encoding="utf-8")
    message = "The name 'UserPrincipalNam' does not refer to any known column, table, variable or function."
    assert main(["check", "--engine", "v8", str(file)]) == 1
    assert capsys.readouterr().out.replace(str(file), "a.kql").splitlines() == [
        f"a.kql:2:9: error KS142: {message}",
        '    | where UserPrincipalNam == "x"',
        "            ^^^^^^^^^^^^^^^^",
        "            did you mean UserPrincipalName?",
        "a.kql: invalid (engine v8)",
    ]


def test_a_valid_file_gives_nothing_to_complain_about(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "a.kql"
    file.write_text("SigninLogs | take 1", encoding="utf-8")
    assert main(["check", "--engine", "v8", str(file)]) == 0
    assert capsys.readouterr().out.endswith("a.kql: valid (engine v8)\n")


@pytest.mark.parametrize(
    ("content", "words"), [(None, "cannot be read: No such file"), (b"\xff\xfe", "is not UTF-8 (byte 0)")]
)
def test_a_file_that_cannot_be_read_is_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], content: bytes | None, words: str
) -> None:
    file = tmp_path / "a.kql"
    if content is not None:
        file.write_bytes(content)
    assert main(["check", "--engine", "v8", str(file)]) == 2
    assert words in capsys.readouterr().err


def test_the_module_runs_and_reads_standard_input() -> None:
    command = [sys.executable, "-m", "sentinel_kql_validator"]
    done = subprocess.run(
        [*command, "check", "--engine", "v8", "-"],
        input="SigninLogs | take 1",
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "<stdin>: valid (engine v8)\n", "")
    told = subprocess.run([*command, "--version"], capture_output=True, text=True, timeout=60, check=True)
    assert told.stdout.startswith("sentinel-kql-validator 0.1.")
