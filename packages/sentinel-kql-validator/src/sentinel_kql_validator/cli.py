"""The command `sentinel-kql-validator`.

Exit codes: 0 nothing to complain about, 1 findings, 2 could not do what was asked.
"""

from __future__ import annotations

import argparse
import codecs
import json
import os
import sys
import tempfile
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ._batch import Settings, check_all
from ._engines.choice import NAMES, choose
from .baseline import without_known, write_baseline
from .checking import FileReport, check_text, find_files
from .errors import EngineUnavailable, KqlValidatorError
from .policy import read_policy
from .reports import FORMATS

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

FINE, FINDINGS, FAILED = 0, 1, 2
NAME = "sentinel-kql-validator"
_GRADES = ("error", "warning", "suggestion")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command and give its exit code."""
    given = _parser().parse_args(arguments)
    run: Callable[[argparse.Namespace], int] = given.run
    try:
        return run(given)
    except KqlValidatorError as error:
        print(f"{NAME}: {error}", file=sys.stderr)
        return FAILED
    except BrokenPipeError:  # the reader, `head` say, has what it wanted
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return FAILED


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(NAME, description="Check KQL offline with Microsoft's own analyser.")
    parser.add_argument("--version", action="version", version=f"{NAME} {version(NAME)}")
    commands = parser.add_subparsers(dest="command", required=True)

    check = commands.add_parser("check", help="check queries in files and folders")
    check.add_argument(
        "paths", nargs="+", metavar="PATH", help="a file (KQL, YAML, ARM JSON, Markdown), a folder, or - for one query"
    )
    check.add_argument("--format", choices=FORMATS, default="text", help="default: text")
    check.add_argument("--output", metavar="FILE", help="write the report there instead of to the standard output")
    check.add_argument(
        "--fail-on",
        choices=_GRADES,
        default="warning",
        help="the least grave finding that makes the exit code 1 (default: warning)",
    )
    check.add_argument("--policy", metavar="FILE", help="what queries may do, as JSON or YAML")
    check.add_argument("--no-lint", action="store_true", help="without the rules of this package")
    check.add_argument("--no-advice", action="store_true", help="without the analyser's own warnings and suggestions")
    check.add_argument("--fix", action="store_true", help="apply the fixes that are safe, file by file")
    check.add_argument("--baseline", metavar="FILE", help="pass over the findings that this file lists")
    check.add_argument("--write-baseline", metavar="FILE", help="list all findings in this file, and end with 0")
    check.add_argument("--jobs", type=int, metavar="N", help="processes (default: by the number of files)")
    _common(check, _check)

    form = commands.add_parser("format", help="put queries into good form")
    form.add_argument("paths", nargs="+", metavar="FILE", help="a file of KQL, or - for standard input")
    form.add_argument("--indent", type=int, default=4, metavar="N")
    form.add_argument("--write", action="store_true", help="change the files instead of printing")
    _common(form, _format)

    describe = commands.add_parser("describe", help="say what a query reads, does and gives")
    describe.add_argument("paths", nargs=1, metavar="FILE", help="a file of KQL, or - for standard input")
    _common(describe, _describe)

    complete = commands.add_parser("complete", help="say what may be written at the end of a query")
    complete.add_argument("paths", nargs=1, metavar="FILE", help="a file of KQL, or - for standard input")
    complete.add_argument("--at", type=int, metavar="INDEX", help="a place in the text (default: its end)")
    complete.add_argument("--limit", type=int, default=20, metavar="N")
    _common(complete, _complete)

    engines = commands.add_parser("engines", help="say which engines load here, and why others do not")
    engines.set_defaults(run=_engines)
    return parser


def _common(parser: argparse.ArgumentParser, run: Callable[[argparse.Namespace], int]) -> None:
    parser.add_argument("--schema", metavar="FILE", help="more tables and functions, as JSON or YAML")
    parser.add_argument("--engine", choices=NAMES, default="auto", help="default: the best that loads")
    parser.set_defaults(run=run)


def _settings(given: argparse.Namespace, **more: Any) -> Settings:  # noqa: ANN401 - fields of Settings
    defaults: dict[str, Any] = {"lint": False, "advice": True, "policy": None, "fix": False}
    return Settings(engine=given.engine, schema=given.schema, **(defaults | more))


def _check(given: argparse.Namespace) -> int:
    settings = _settings(
        given,
        lint=not given.no_lint,
        advice=not given.no_advice,
        policy=read_policy(given.policy) if given.policy else None,
        fix=given.fix,
    )
    files = [(path, named) for path, named in find_files(given.paths) if path != "-"]
    reports = check_all(files, settings, given.jobs) if files or "-" not in given.paths else []
    if "-" in given.paths:
        reports.append(check_text(settings.validator(), "<stdin>", sys.stdin.read(), policy=settings.policy))
    for report in reports:
        if report.fixed is not None:
            _replace(report.path, report.fixed)
    if given.write_baseline:
        number = write_baseline(given.write_baseline, reports)
        print(f"{number} findings written to {given.write_baseline}.")
        return FAILED if any(report.failed for report in reports) else FINE
    if given.baseline:
        reports = without_known(given.baseline, reports)
    lines = "\n".join(FORMATS[given.format](reports))
    if given.output:
        _replace(given.output, lines + "\n")
    elif lines:
        print(lines)
    return _exit_code(reports, given.fail_on)


def _exit_code(reports: Sequence[FileReport], least: str) -> int:
    if any(report.failed for report in reports):
        return FAILED
    grave = _GRADES[: _GRADES.index(least) + 1]
    return FINDINGS if any(f.severity in grave for report in reports for f in report.findings) else FINE


def _text(path: str) -> str:
    if path == "-":
        return sys.stdin.read()
    try:
        return Path(path).read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise KqlValidatorError(f"{path} cannot be read: {error.strerror}.") from error
    except UnicodeDecodeError as error:
        raise KqlValidatorError(f"{path} is not UTF-8 (byte {error.start}).") from error


def _replace(path: str, text: str) -> None:
    """Write a file whole or not at all, with the byte order mark and the rights that it had."""
    target = Path(path)
    try:
        with tempfile.NamedTemporaryFile("wb", dir=target.parent, prefix=f".{target.name}.", delete=False) as part:
            marked = target.is_file() and target.read_bytes()[:3] == codecs.BOM_UTF8
            part.write((codecs.BOM_UTF8 if marked else b"") + text.encode("utf-8"))
        if target.exists():
            Path(part.name).chmod(target.stat().st_mode)
        else:
            Path(part.name).chmod(0o644)
        Path(part.name).replace(target)
    except OSError as error:
        raise KqlValidatorError(f"{path} cannot be written: {error.strerror}.") from error


def _format(given: argparse.Namespace) -> int:
    validator, code = _settings(given).validator(), FINE
    for path in given.paths:
        text = _text(path)
        formatted = validator.format(text, indent=given.indent).rstrip("\n") + "\n"
        if not given.write or path == "-":
            print(formatted, end="")
        elif formatted != text:
            _replace(path, formatted)
    return code


def _describe(given: argparse.Namespace) -> int:
    result = _settings(given).validator().validate(_text(given.paths[0]))
    facts = result.facts
    print(f"verdict     {result.verdict} ({result.engine} {result.library_version or ''}".rstrip() + ")")
    if result.reason:
        print(f"because     {result.reason}")
    columns = ", ".join(f"{name}: {kind}" for name, kind in facts.output_columns or ())
    start, end = facts.time_range.start, facts.time_range.end
    window = f"{start.isoformat() if start else '...'} to {end.isoformat() if end else '...'}" if start or end else ""
    for title, told in (
        ("reads", "; ".join(f"{t} ({', '.join(c)})" if c else t for t, c in facts.tables.items())),
        ("operators", " | ".join(facts.operators)),
        ("functions", ", ".join(facts.functions)),
        ("plugins", ", ".join(facts.plugins)),
        ("window", window),
        ("gives", columns + (", and more" if facts.output_open else "")),
        ("drawn as", facts.render or ""),
        ("commands", ", ".join(facts.commands)),
        ("reaches", ", ".join((*facts.external_data, *facts.clusters, *facts.workspaces, *facts.elsewhere))),
    ):
        if told:
            print(f"{title:<11} {told}")
    return FINE if result.verdict == "valid" else FINDINGS


def _complete(given: argparse.Namespace) -> int:
    text = _text(given.paths[0])
    text = text if given.at is not None else text.rstrip("\r\n")
    place = len(text) if given.at is None else given.at
    for completion in _settings(given).validator().complete(text, place)[: given.limit]:
        print(json.dumps({"name": completion.name, "kind": completion.kind, "text": completion.text}))
    return FINE


def _engines(_given: argparse.Namespace) -> int:
    for name in NAMES[1:]:
        try:
            engine = choose(name).engine
        except EngineUnavailable as error:
            print(f"{name:<8} not here: {error}")
        else:
            told = f"Microsoft's analyser {engine.library_version}" if engine else "brackets and strings only"
            print(f"{name:<8} {told}")
    return FINE
