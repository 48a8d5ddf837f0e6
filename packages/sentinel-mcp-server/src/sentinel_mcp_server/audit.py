"""The audit record: a JSON line for each write that was confirmed, whatever came of it.

It tells when, which tool, which object, which fields and how it ended. Values are not in it, since an audit file is
read by people who may not read the workspace.
"""

import json
from datetime import datetime
from pathlib import Path


def record(
    path: Path | None, *, at: datetime, owner: str, tool: str, object_: str, fields: list[str], outcome: str
) -> None:
    """Append a line; nothing where no file is set.

    Raises:
        OSError: the file cannot be written; a write that cannot be recorded is not made.
    """
    if path is None:
        return
    line = {
        "at": at.isoformat(timespec="milliseconds"),
        "owner": owner,
        "tool": tool,
        "object": object_,
        "fields": fields,
        "outcome": outcome,
    }
    with path.open("a", encoding="utf-8") as file:
        file.write(json.dumps(line, ensure_ascii=False) + "\n")
