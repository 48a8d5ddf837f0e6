"""Check files of Sentinel content: every query in them, at its place in the file."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from ._text import Positions
from .content import SUFFIXES, ContentError, ContentQuery, check_rule, read_content
from .result import Severity, Verdict

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .policy import Policy
    from .result import Diagnostic
    from .validator import KqlValidator

_LINE_END = re.compile(r"\r\n|\r|\n")
_SKIPPED = frozenset({".git", ".hg", ".svn", ".tox", ".venv", "__pycache__", "node_modules"})


@dataclass(frozen=True, slots=True)
class FileFinding:
    """One remark at its place in a file; lines and columns count from 1, the end is the place after the last character.

    `source` is the line of the file, `suggestions` are names to write instead.
    """

    path: str
    line: int
    column: int
    end_line: int
    end_column: int
    code: str
    severity: Severity
    message: str
    source: str = ""
    suggestions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class FileReport:
    """What a file holds: its findings, a verdict for each query, and the engine that gave them.

    `failure` says why the file could not be checked at all; `fixed` is the file's new text where fixes were applied.
    """

    path: str
    findings: tuple[FileFinding, ...] = ()
    verdicts: tuple[Verdict, ...] = ()
    engine: str = ""
    engine_note: str | None = None
    failure: str | None = None
    fixed: str | None = None

    @property
    def failed(self) -> bool:
        """Whether there is something that could not be done, which is worse than a finding."""
        return self.failure is not None


def find_files(paths: list[str]) -> Iterator[tuple[str, bool]]:
    """Give the files to check in a stable order, and whether each was named or found in a folder."""
    for path in paths:
        if path != "-" and Path(path).is_dir():
            for found in sorted(Path(path).rglob("*")):
                inside = found.relative_to(path).parts
                if found.suffix.lower() in SUFFIXES and not _SKIPPED & {*inside} and found.is_file():
                    yield str(found), False
        else:
            yield path, True


def check_file(
    validator: KqlValidator, path: str, *, named: bool = True, policy: Policy | None = None, fix: bool = False
) -> FileReport:
    """Read and check one file. A file that was named and holds no query is a failure; one found in a folder is not."""
    try:
        text = Path(path).read_bytes().decode("utf-8-sig")
    except OSError as error:
        return FileReport(path, failure=f"cannot be read: {error.strerror}.")
    except UnicodeDecodeError as error:
        return FileReport(path, failure=f"is not UTF-8 (byte {error.start}).")
    return check_text(validator, path, text, named=named, policy=policy, fix=fix)


def check_text(
    validator: KqlValidator,
    path: str,
    text: str,
    *,
    named: bool = True,
    policy: Policy | None = None,
    fix: bool = False,
) -> FileReport:
    """Check a file's text; `fix` applies the fixes that are safe and checks the outcome."""
    try:
        queries = read_content(path, text)
    except ContentError as error:
        where = f" (line {error.line}, column {error.column})" if error.line else ""
        return FileReport(path, failure=f"{error}{where}")
    if not queries:
        told = "holds no KQL that this command knows how to find." if named else None
        return FileReport(path, failure=told)
    if fix:
        fixed = _fixed(validator, text, queries)
        if fixed != text:
            again = check_text(validator, path, fixed, named=named, policy=policy)
            return FileReport(path, again.findings, again.verdicts, again.engine, again.engine_note, fixed=fixed)
    positions, findings, verdicts = Positions(text), list[FileFinding](), list[Verdict]()
    lines = _LINE_END.split(text)
    engine, note = "", None
    for query in queries:
        reader = _Query(path, lines, positions, query)
        if query.unread:
            findings.append(reader.finding("SKC200", "information", query.unread, query.placed.places[0], 0))
            continue
        now = datetime.now(UTC)
        result = validator.validate(query.text, now=now)
        engine, note = result.engine, result.engine_note
        verdicts.append(result.verdict)
        if result.reason:
            findings.append(reader.finding("SKC199", "warning", result.reason, query.placed.places[0], 0))
        # An analytic rule's own queryPeriod bounds the time that its query sees.
        bounded = query.kind == "analytic rule" and "queryPeriod" in query.fields
        findings += [reader.diagnostic(d) for d in result.diagnostics if not (bounded and d.code == "SKV101")]
        for remark in check_rule(query, result.facts, now):
            place = query.field_places.get(remark.field, query.start)
            findings.append(reader.finding(remark.code, remark.severity, remark.message, place, 0))
        if policy:
            for code, message in policy.violations(result.facts):
                findings.append(reader.finding(code, "error", message, query.placed.places[0], 0))
    disabled = policy.disable if policy else ()
    kept = sorted((f for f in findings if f.code not in disabled), key=lambda f: (f.line, f.column, f.code))
    return FileReport(path, tuple(kept), tuple(verdicts), engine, note)


@dataclass(frozen=True, slots=True)
class _Query:
    path: str
    lines: list[str]
    positions: Positions
    query: ContentQuery

    def diagnostic(self, d: Diagnostic) -> FileFinding:
        start, end = self.query.placed.span(d.start, d.length)
        return self.finding(d.code, d.severity, d.message, start, end - start, tuple(s.text for s in d.suggestions))

    def finding(
        self, code: str, severity: Severity, message: str, start: int, length: int, names: tuple[str, ...] = ()
    ) -> FileFinding:
        line, column = self.positions.line_and_column(start)
        end_line, end_column = self.positions.line_and_column(start + length)
        source = self.lines[line - 1]
        return FileFinding(self.path, line, column, end_line, end_column, code, severity, message, source, names)


def _fixed(validator: KqlValidator, text: str, queries: list[ContentQuery]) -> str:
    """Apply the safe fixes of every query whose place in the file is exact, from the last to the first."""
    for query in sorted(queries, key=lambda q: q.placed.places[0], reverse=True):
        if query.unread or not query.placed.exact:
            continue
        safe = (fix for fix in validator.fixes(query.text) if fix.safety == "safe")
        untouched = len(query.text)
        for fix in sorted(safe, key=lambda f: f.start, reverse=True):
            first, last = query.placed.span(fix.start, fix.length)
            as_written = text[first:last] == query.text[fix.start : fix.start + fix.length]
            if fix.start + fix.length <= untouched and as_written:
                text = text[:first] + fix.replacement + text[last:]
                untouched = fix.start
    return text
