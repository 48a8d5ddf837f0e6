"""For people: the line with a caret under the place and the suggestion under the caret, and a summary at the end."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from .words import counted

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sentinel_kql_validator.checking import FileFinding, FileReport

_WIDEST = 140


def text(reports: Sequence[FileReport]) -> Iterator[str]:
    """Write findings file by file; files without any are only counted."""
    for report in reports:
        if report.failure:
            yield f"{report.path}: {report.failure}"
        for finding in report.findings:
            yield from _told(finding)
        if report.fixed is not None:
            yield f"{report.path}: fixed"
    verdicts = Counter(verdict for report in reports for verdict in report.verdicts)
    queries = counted(verdicts.total(), "query", "queries")
    files = counted(sum(bool(report.verdicts) for report in reports), "file")
    told = ", ".join(
        f"{verdicts[verdict]} {verdict}" for verdict in ("valid", "invalid", "unknown") if verdicts[verdict]
    )
    engines = sorted({report.engine for report in reports if report.engine})
    by = f" by {', '.join(engines)}" if engines else ""
    yield f"{queries} in {files}: {told or 'nothing to check'}{by}."
    empty = sum(not report.verdicts and not report.failure and not report.findings for report in reports)
    if empty:
        yield f"{counted(empty, 'file')} without KQL passed over."
    for note in sorted({report.engine_note for report in reports if report.engine_note}):
        yield f"A better engine did not load: {note}"


def _told(finding: FileFinding) -> Iterator[str]:
    place = f"{finding.path}:{finding.line}:{finding.column}"
    yield f"{place}: {finding.severity} {finding.code}: {finding.message}"
    source, column = finding.source.expandtabs(1), finding.column - 1
    width = finding.end_column - finding.column if finding.end_line == finding.line else len(source) - column
    if not source.strip():
        return
    cut = max(0, column - _WIDEST // 2) if len(source) > _WIDEST else 0
    lead = "... " if cut else ""
    shown = source[cut : cut + _WIDEST]
    yield f"    {lead}{shown.rstrip()}{' ...' if cut + _WIDEST < len(source) else ''}"
    indent = " " * (4 + len(lead) + column - cut)
    yield f"{indent}{'^' * max(1, min(width, len(shown) - column + cut))}"
    if finding.suggestions:
        yield f"{indent}did you mean {', '.join(finding.suggestions[:3])}?"
