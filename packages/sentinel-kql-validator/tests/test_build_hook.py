"""The build hook fetches nothing that is there, and refuses what is not the pinned thing."""

from __future__ import annotations

import importlib.util
import subprocess
import sys
import types
from pathlib import Path
from typing import Any, Generic, TypeVar

import pytest

HOOK = Path(__file__).parents[1] / "hatch_build.py"
T = TypeVar("T")


class _Interface(Generic[T]):
    """Stands in for hatchling's class, which is there only while a package is built."""


@pytest.fixture
def hook(monkeypatch: pytest.MonkeyPatch) -> Any:
    if not HOOK.is_file():
        pytest.skip("the build hook is beside the package only in a checkout")
    fake: Any = types.ModuleType("hatchling.builders.hooks.plugin.interface")
    fake.BuildHookInterface = _Interface
    monkeypatch.setitem(sys.modules, fake.__name__, fake)
    spec = importlib.util.spec_from_file_location("hatch_build", HOOK)
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_nothing_is_fetched_when_the_right_files_are_there(hook: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hook.shutil, "which", _forbidden)
    hook.AnalyserScripts().initialize("standard", {})


def test_a_missing_npm_is_said_in_one_sentence(hook: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    _empty_package(hook, monkeypatch, tmp_path)
    monkeypatch.setattr(hook.shutil, "which", _nothing)
    with pytest.raises(SystemExit, match=r"needs npm, to fetch .*, and npm was not found"):
        hook.AnalyserScripts().initialize("standard", {})


def test_a_tarball_that_is_not_the_pinned_one_is_refused(
    hook: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    _empty_package(hook, monkeypatch, tmp_path)

    def deliver(command: list[str], **_options: Any) -> subprocess.CompletedProcess[str]:
        (Path(command[-1]) / "other.tgz").write_bytes(b"something else")
        return subprocess.CompletedProcess(command, 0, "", "")

    monkeypatch.setattr(hook.shutil, "which", _npm)
    monkeypatch.setattr(hook.subprocess, "run", deliver)
    with pytest.raises(SystemExit, match="is not the pinned one"):
        hook.AnalyserScripts().initialize("standard", {})
    assert not (tmp_path / "_vendor").exists()


def test_a_failing_npm_is_reported_with_its_last_words(
    hook: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    _empty_package(hook, monkeypatch, tmp_path)

    def fail(command: list[str], **_options: Any) -> subprocess.CompletedProcess[str]:
        return subprocess.CompletedProcess(command, 1, "", "npm error\nno network\n")

    monkeypatch.setattr(hook.shutil, "which", _npm)
    monkeypatch.setattr(hook.subprocess, "run", fail)
    with pytest.raises(SystemExit, match="failed with exit code 1: no network"):
        hook.AnalyserScripts().initialize("standard", {})


def _empty_package(hook: Any, monkeypatch: pytest.MonkeyPatch, folder: Path) -> None:
    (folder / "_engines").mkdir()
    pin = (hook.PACKAGE / "_engines" / "analyser.json").read_bytes()
    (folder / "_engines" / "analyser.json").write_bytes(pin)
    monkeypatch.setattr(hook, "PACKAGE", folder)


def _npm(_name: str) -> str:
    return "npm"


def _nothing(_name: str) -> None:
    return None


def _forbidden(_name: str) -> None:
    pytest.fail("npm was looked for")
