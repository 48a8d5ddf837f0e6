from __future__ import annotations

import subprocess
import sys

import sentinel_kql_validator


def test_the_face_offers_exactly_these_names() -> None:
    assert sentinel_kql_validator.__all__ == [
        "Bound",
        "CacheStatistics",
        "CannotAnswer",
        "Completion",
        "Diagnostic",
        "EngineUnavailable",
        "Facts",
        "Fix",
        "Function",
        "KqlValidator",
        "KqlValidatorError",
        "Limits",
        "Node",
        "Parameter",
        "Result",
        "Schema",
        "SchemaError",
        "Suggestion",
        "Symbol",
        "TableType",
        "TimeFilter",
        "TimeRange",
        "VerdictCache",
    ]
    assert all(hasattr(sentinel_kql_validator, name) for name in sentinel_kql_validator.__all__)


def test_importing_and_constructing_loads_no_engine() -> None:
    program = (
        "import sys; from sentinel_kql_validator import KqlValidator, Schema; KqlValidator();"
        "print(sorted(m for m in ('asyncio', 'clr', 'py_mini_racer', 'yaml') if m in sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, timeout=60)
    assert done.stdout.strip() == "[]"
