"""The command `sentinel-kql-validator`.

Exit codes: 0 nothing to complain about, 1 findings, 2 could not do what was asked.
"""

from __future__ import annotations

import argparse
import sys
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

from .errors import KqlValidatorError
from .validator import KqlValidator

if TYPE_CHECKING:
    from collections.abc import Sequence

    from .result import Diagnostic, Result

FINE, FINDINGS, FAILED = 0, 1, 2


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command and give its exit code."""
    parser = _parser()
    given = parser.parse_args(arguments)
    try:
        return _check(given.files, given.engine)
    except KqlValidatorError as error:
        print(f"sentinel-kql-validator: {error}", file=sys.stderr)
        return FAILED


def _parser() -> argparse.ArgumentParser:
    name = "sentinel-kql-validator"
    parser = argparse.ArgumentParser(name, description="Check KQL offline with Microsoft's own analyser.")
    parser.add_argument("--version", action="version", version=f"{name} {version(name)}")
    commands = parser.add_subparsers(dest="command", required=True)
    check = commands.add_parser("check", help="check files of KQL")
    check.add_argument("files", nargs="+", metavar="FILE", help="a file that holds one query, or - for standard input")
    check.add_argument(
        "--engine", choices=["auto", "dotnet", "v8", "basic"], default="auto", help="default: the best that loads"
    )
    return parser


def _check(files: Sequence[str], engine: str) -> int:
    validator = KqlValidator(engine=engine)  # pyright: ignore[reportArgumentType] - argparse has checked the choice
    code = FINE
    for file in files:
        try:
            text = sys.stdin.read() if file == "-" else Path(file).read_bytes().decode("utf-8")
        except OSError as error:
            print(f"{file}: cannot be read: {error.strerror}.", file=sys.stderr)
            code = FAILED
            continue
        except UnicodeDecodeError as error:
            print(f"{file}: is not UTF-8 (byte {error.start}).", file=sys.stderr)
            code = FAILED
            continue
        result = validator.validate(text)
        print(_report("<stdin>" if file == "-" else file, text, result))
        if result.verdict != "valid":
            code = max(code, FINDINGS)
    return code


def _report(name: str, text: str, result: Result) -> str:
    lines = [_told(name, text, diagnostic) for diagnostic in result.diagnostics]
    lines.append(f"{name}: {result.verdict} (engine {result.engine})")
    if result.reason:
        lines.append(f"  {result.reason}")
    if result.engine_note:
        lines.append(f"  A better engine did not load: {result.engine_note}")
    return "\n".join(lines)


def _told(name: str, text: str, diagnostic: Diagnostic) -> str:
    d = diagnostic
    line = text.splitlines()[d.line - 1] if text.splitlines()[d.line - 1 :] else ""
    shown = line.expandtabs(1)
    marks = "^" * max(1, min(d.length, len(shown) - d.column + 1))
    told = [f"{name}:{d.line}:{d.column}: {d.severity} {d.code}: {d.message}", f"    {shown}"]
    told.append(f"    {' ' * (d.column - 1)}{marks}")
    if d.suggestions:
        told.append(f"    {' ' * (d.column - 1)}did you mean {', '.join(s.text for s in d.suggestions[:3])}?")
    return "\n".join(told)
