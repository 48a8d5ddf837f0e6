"""The command, asked as a shell asks it."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from typing import IO

import pytest

from sentinel_emulator import __version__
from sentinel_emulator.cli import main


def test_the_version_is_the_distributions(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stopped:
        main(["--version"])
    assert stopped.value.code == 0
    assert capsys.readouterr().out == f"sentinel-emulator {__version__}\n"


def test_a_query_prints_its_rows(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["query", "SecurityIncident | distinct Title | count", "--days", "1"]) == 0
    assert capsys.readouterr().out.splitlines() == ["Count", "-----", "3", "(1 row)"]


def test_a_query_prints_json_when_asked(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["query", "print a=1", "--format", "json", "--days", "1"]) == 0
    assert json.loads(capsys.readouterr().out)["tables"][0]["rows"] == [[1]]


def test_control_characters_in_rows_never_reach_the_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["query", 'print a="x\\u001b[31my"', "--days", "1"]) in {0, 1}
    assert "\x1b" not in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (["query", "Nope | take 1"], 1, "Failed to resolve table"),
        (["query", ""], 2, "empty"),
        (["query", "print 1", "--timespan", "yesterday"], 2, "timespan"),
        (["query", "print 1", "--days", "0"], 2, "days"),
        (["serve", "--host", "0.0.0.0"], 2, "127.0.0.1"),
        (["serve", "--port", "70000"], 2, "70000"),
    ],
)
def test_what_cannot_be_done_is_one_sentence_on_stderr(
    capsys: pytest.CaptureFixture[str], arguments: list[str], code: int, words: str
) -> None:
    assert main(arguments) == code
    captured = capsys.readouterr()
    assert captured.out == ""
    assert words in captured.err
    assert len(captured.err.splitlines()) == 1


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_serve_prints_its_settings_and_ends_cleanly_when_interrupted(number: signal.Signals) -> None:
    process = subprocess.Popen(
        [sys.executable, "-m", "sentinel_emulator", "serve"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    try:
        assert process.stdout is not None
        lines = _until(process.stdout, "SENTINEL_MCP_CA_BUNDLE")
        ca_file = lines[-1].partition("=")[2].strip()
        assert os.path.exists(ca_file)  # noqa: PTH110 - a text from the command's output
        process.send_signal(number)
        _, errors = process.communicate(timeout=20)
    finally:
        process.kill()
    assert process.returncode == 0
    assert errors == ""
    assert not os.path.exists(ca_file)  # noqa: PTH110 - as above


def _until(stream: IO[str], word: str) -> list[str]:
    lines: list[str] = []
    for line in stream:
        lines.append(line)
        if word in line:
            break
    return lines
