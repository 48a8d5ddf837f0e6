"""Shared by the tests: one validator with the built-in schema, and the reference data beside the repository."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from sentinel_kql_validator import KqlValidator, Schema

SHARED = Path(__file__).parents[3] / ".." / "shared"


@pytest.fixture(scope="session")
def validator() -> KqlValidator:
    return KqlValidator(engine="v8")


@pytest.fixture(scope="session")
def small() -> KqlValidator:
    return KqlValidator(Schema({"T": {"Name": "string", "Count": "long", "TimeGenerated": "datetime"}}), engine="v8")


@pytest.fixture(scope="session")
def corpus() -> list[dict[str, Any]]:
    path = SHARED / "corpus" / "queries.jsonl"
    if not path.is_file():
        pytest.skip("../shared/corpus/queries.jsonl is not beside the repository")
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


@pytest.fixture(scope="session")
def facts_folder() -> Path:
    path = SHARED / "facts"
    if not path.is_dir():
        pytest.skip("../shared/facts is not beside the repository")
    return path
