"""For programs: everything as one JSON object."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sentinel_kql_validator.checking import FileReport


def plain(reports: Sequence[FileReport]) -> Iterator[str]:
    """Write `{"files": [{path, verdicts, engine, engine_note, failure, fixed, findings}]}`."""
    files = [asdict(report) | {"fixed": report.fixed is not None} for report in reports]
    yield json.dumps({"files": files}, indent=2)
