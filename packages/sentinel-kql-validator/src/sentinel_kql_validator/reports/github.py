"""For GitHub's log: workflow commands, which it shows at their lines of a change."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sentinel_kql_validator.checking import FileReport

_WORDS = {"error": "error", "warning": "warning", "suggestion": "notice", "information": "notice"}


def github(reports: Sequence[FileReport]) -> Iterator[str]:
    """Write one workflow command a finding, and one a file that could not be checked."""
    for report in reports:
        if report.failure:
            yield f"::error file={_property(report.path)}::{_data(report.failure)}"
        for f in report.findings:
            place = (
                f"file={_property(f.path)},line={f.line},col={f.column},endLine={f.end_line},endColumn={f.end_column}"
            )
            hint = f" Did you mean {f.suggestions[0]}?" if f.suggestions else ""
            yield f"::{_WORDS[f.severity]} {place},title={f.code}::{_data(f.message + hint)}"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
