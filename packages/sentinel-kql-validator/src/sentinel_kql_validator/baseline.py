"""Findings that were there before: written to a file once, passed over from then on."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from dataclasses import replace
from pathlib import Path, PurePath
from typing import TYPE_CHECKING, Any, cast

from .errors import KqlValidatorError

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from .checking import FileFinding, FileReport


class BaselineError(KqlValidatorError, ValueError):
    """A baseline file that cannot be used."""


def _mark(finding: FileFinding) -> str:
    """Name a finding by its file, code, message and line of text: not by its line's number, which moves."""
    path = PurePath(finding.path).as_posix()
    text = f"{path}\n{finding.code}\n{finding.message}\n{finding.source.strip()}"
    return hashlib.sha256(text.encode()).hexdigest()[:24]


def write_baseline(path: str | Path, reports: Iterable[FileReport]) -> int:
    """Write all findings to a baseline file, whole or not at all; give their number."""
    counts = Counter(_mark(finding) for report in reports for finding in report.findings)
    part = Path(f"{path}.part")
    try:
        part.write_text(json.dumps({"version": 1, "findings": dict(sorted(counts.items()))}, indent=1) + "\n", "utf-8")
        part.replace(path)
    except OSError as error:
        raise BaselineError(f"{path} cannot be written: {error.strerror}.") from error
    return counts.total()


def without_known(path: str | Path, reports: Sequence[FileReport]) -> list[FileReport]:
    """Take away the findings that a baseline file knows, as often as it knows them. Raises `BaselineError`."""
    try:
        data: Any = json.loads(Path(path).read_bytes())
    except OSError as error:
        raise BaselineError(f"{path} cannot be read: {error.strerror}.") from error
    except ValueError as error:
        raise BaselineError(f"{path} is no baseline: {error}.") from error
    known: object = cast("dict[str, Any]", data).get("findings") if isinstance(data, dict) else None
    if not isinstance(known, dict):
        raise BaselineError(f"{path} is no baseline: it has no findings.")
    left = Counter(cast("dict[str, int]", known))
    made: list[FileReport] = []
    for report in reports:
        kept: list[FileFinding] = []
        for finding in report.findings:
            mark = _mark(finding)
            if left[mark] > 0:
                left[mark] -= 1
            else:
                kept.append(finding)
        made.append(replace(report, findings=tuple(kept)))
    return made
