# ruff: noqa: INP001 - a script beside the package, not in it
"""Rewrite the built-in Sentinel schema from two JSON files of facts.

    python refresh/tables.py <tables.json> <functions.json>

`tables.json` is `{"tables": {table: {column: type}}}`; `functions.json` is `{function: {"parameters": [{"name", "type",
"required"}], "columns": {column: type}}}`. The result is `src/sentinel_kql_validator/_data/sentinel.txt`, one line a
table or function, sorted, so that a refresh shows in git as the tables that changed. `_compact.py` tells the format.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from sentinel_kql_validator._compact import pack_columns, pack_parameters

# Functions that give more columns than can be listed: a watchlist has its own.
OPEN = {"_GetWatchlist"}
TARGET = Path(__file__).parents[1] / "src" / "sentinel_kql_validator" / "_data" / "sentinel.txt"


def main(tables_file: str, functions_file: str) -> None:
    """Read both files and write the compact one."""
    tables: dict[str, dict[str, str]] = json.loads(Path(tables_file).read_text(encoding="utf-8"))["tables"]
    functions: dict[str, Any] = json.loads(Path(functions_file).read_text(encoding="utf-8"))
    lines = [f"{name}\t{pack_columns(columns)}" for name, columns in sorted(tables.items())]
    for name, function in sorted(functions.items()):
        parameters = [(p["name"], p["type"], p["required"]) for p in function["parameters"]]
        mark = "*" if name in OPEN else ""
        lines.append(f"{name}({pack_parameters(parameters)}){mark}\t{pack_columns(function['columns'])}")
    TARGET.write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(*sys.argv[1:])
