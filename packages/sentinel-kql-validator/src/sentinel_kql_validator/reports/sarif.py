"""For code scanning: SARIF 2.1.0."""

from __future__ import annotations

import hashlib
import json
from importlib.metadata import version
from pathlib import PurePath
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from sentinel_kql_validator.rules import RULES

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sentinel_kql_validator.checking import FileFinding, FileReport

_SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
_LEVELS = {"error": "error", "warning": "warning", "suggestion": "note", "information": "note"}


def sarif(reports: Sequence[FileReport]) -> Iterator[str]:
    """Write one run with a result a finding; files that could not be checked are notifications of the invocation."""
    findings = [finding for report in reports for finding in report.findings]
    failures = [report for report in reports if report.failure]
    told = {rule.code: rule.summary for rule in RULES}
    codes = sorted({finding.code for finding in findings})
    run: dict[str, Any] = {
        "tool": {
            "driver": {
                "name": "sentinel-kql-validator",
                "semanticVersion": version("sentinel-kql-validator"),
                "rules": [{"id": code, "shortDescription": {"text": told.get(code, code)}} for code in codes],
            }
        },
        "columnKind": "unicodeCodePoints",
        "invocations": [
            {
                "executionSuccessful": not failures,
                "toolExecutionNotifications": [
                    {
                        "level": "error",
                        "message": {"text": f"{report.path}: {report.failure}"},
                        "locations": [{"physicalLocation": {"artifactLocation": {"uri": _uri(report.path)}}}],
                    }
                    for report in failures
                ],
            }
        ],
        "results": [_result(finding, codes) for finding in findings],
    }
    yield json.dumps({"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}, indent=2)


def _result(finding: FileFinding, codes: Sequence[str]) -> dict[str, Any]:
    hint = f" Did you mean {', '.join(finding.suggestions[:3])}?" if finding.suggestions else ""
    region = {
        "startLine": finding.line,
        "startColumn": finding.column,
        "endLine": finding.end_line,
        "endColumn": finding.end_column,
    }
    # The same remark on the same line of text stays the same when the lines above it change.
    mark = hashlib.sha256(f"{finding.code}\n{finding.message}\n{finding.source.strip()}".encode()).hexdigest()
    return {
        "ruleId": finding.code,
        "ruleIndex": codes.index(finding.code),
        "level": _LEVELS[finding.severity],
        "message": {"text": finding.message + hint},
        "locations": [
            {"physicalLocation": {"artifactLocation": {"uri": _uri(finding.path)}, "region": region}},
        ],
        "partialFingerprints": {"findingText/v1": mark},
    }


def _uri(path: str) -> str:
    return quote(PurePath(path).as_posix())
