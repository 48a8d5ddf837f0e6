"""What clients see of the tools: a change of a name, a schema or an annotation is a change that somebody wanted."""

import json
import subprocess
from typing import Any

import pytest

from .conftest import ROOT, SERVER, bare_environment

SNAPSHOT = ROOT / "docs" / "tools" / "catalogue.json"


@pytest.fixture(scope="module")
def printed() -> dict[str, dict[str, Any]]:
    """The catalogue as the command prints it, by name."""
    done = subprocess.run(
        [*SERVER, "tools", "--json"],
        capture_output=True,
        encoding="utf-8",
        env=bare_environment(),
        timeout=60,
        check=True,
    )
    return {tool["name"]: tool for tool in json.loads(done.stdout)}


def test_no_tool_came_or_went_unnoticed(printed: dict[str, dict[str, Any]]) -> None:
    kept = [tool["name"] for tool in json.loads(SNAPSHOT.read_text("utf-8"))]
    assert list(printed) == kept, "run python docs/_generate.py if this is wanted"


def test_names_schemas_and_annotations_are_those_of_the_snapshot(printed: dict[str, dict[str, Any]]) -> None:
    for kept in json.loads(SNAPSHOT.read_text("utf-8")):
        assert printed[kept["name"]] == kept, f"{kept['name']}: run python docs/_generate.py if this is wanted"
