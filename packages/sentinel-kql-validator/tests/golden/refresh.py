"""Rewrite `answers.json` from `queries.json`, one answer a query, with the engine named on the command line.

    python tests/golden/refresh.py v8

Read the difference in git before you keep it: both engines must give these answers, and so must every later release.
"""

from __future__ import annotations

import json
import sys
from dataclasses import asdict, fields
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sentinel_kql_validator import Facts, Function, KqlValidator, Parameter, Result, Schema

HERE = Path(__file__).parent
NOW = datetime(2026, 3, 31, 12, 30, tzinfo=UTC)


def schema() -> Schema:
    """Give the schema that the cases are about: a few tables of every type, and stored functions."""
    return Schema(
        {
            "Logons": {
                "TimeGenerated": "datetime",
                "User": "string",
                "Address": "string",
                "Code": "int",
                "Bytes": "long",
                "Score": "real",
                "Ok": "bool",
                "Id": "guid",
                "Took": "timespan",
                "Extra": "dynamic",
                "Price": "decimal",
            },
            "LogonFailures": {"TimeGenerated": "datetime", "User": "string", "Reason": "string"},
            "Processes": {"TimeGenerated": "datetime", "Host": "string", "CommandLine": "string", "Parent": "string"},
            "odd name": {"a b": "string", "c": "long"},
        },
        [
            Function("Recent", (Parameter("n", "long", required=False, default="5"),), body="Logons | take n"),
            Function("ByUser", (Parameter("who", "string"),), body="Logons | where User == who"),
            Function("Broken", (), body="Logons | where Missing == 1"),
            Function("Opaque", (Parameter("a", "string"), Parameter("b", "long", required=False))),
            Function("Columns", (), {"TimeGenerated": "datetime", "X": "string"}),
        ],
    )


def plain(result: Result) -> dict[str, Any]:
    """Write a result as JSON data, without what is at its default and without the engine's name."""
    empty = Facts()
    facts: dict[str, Any] = {f.name: getattr(result.facts, f.name) for f in fields(Facts)}
    facts = {name: value for name, value in facts.items() if value != getattr(empty, name)}
    for name in facts.keys() & {"time_range", "time_filters"}:
        value = facts[name]
        facts[name] = [asdict(each) for each in value] if name == "time_filters" else asdict(value)
    told = {
        "verdict": result.verdict,
        "reason": result.reason,
        "diagnostics": [asdict(d) for d in result.diagnostics],
        "facts": facts,
    }
    return json.loads(json.dumps(told, default=str))


def main(engine: Any) -> None:
    """Write the answers."""
    validator = KqlValidator(schema(), engine)
    queries = json.loads((HERE / "queries.json").read_text(encoding="utf-8"))
    answers = [plain(validator.validate(query, now=NOW)) for query in queries]
    lines = ",\n".join(json.dumps(answer) for answer in answers)
    (HERE / "answers.json").write_text(f"[\n{lines}\n]\n", encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1])
