from __future__ import annotations

import json
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest

from sentinel_kql_validator.cli import main

if TYPE_CHECKING:
    from pathlib import Path

WRONG = 'SigninLogs\n| where TimeGenerated > ago(1d) and UserPrincipalNam == "x"\n'
RIGHT = "SigninLogs | where TimeGenerated > ago(1d) | take 1\n"
OLD = "SigninLogs | where TimeGenerated > ago(1d) | extend a = parsejson(Status)\n"
MESSAGE = "The name 'UserPrincipalNam' does not refer to any known column, table, variable or function."


def check(*arguments: str | Path) -> int:
    return main(["check", "--engine", "v8", *map(str, arguments)])


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "wrong.kql").write_text(WRONG)
    (tmp_path / "right.kql").write_text(RIGHT)
    (tmp_path / "deep").mkdir()
    (tmp_path / "deep" / "notes.md").write_text(f"# Notes\n```kql\n{RIGHT}```\n")
    (tmp_path / "deep" / "other.yaml").write_text("a: 1\n")
    (tmp_path / ".git").mkdir()
    (tmp_path / ".git" / "hidden.kql").write_text("nonsense(")
    return tmp_path


def test_a_finding_is_shown_with_a_caret_and_the_suggestion_under_it(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert check("wrong.kql") == 1
    assert capsys.readouterr().out.splitlines() == [
        f"wrong.kql:2:37: error KS142: {MESSAGE}",
        '    | where TimeGenerated > ago(1d) and UserPrincipalNam == "x"',
        "                                        ^^^^^^^^^^^^^^^^",
        "                                        did you mean UserPrincipalName?",
        "1 query in 1 file: 1 invalid by v8.",
    ]


def test_a_folder_is_searched_and_other_files_are_passed_over(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert check(".") == 1
    assert capsys.readouterr().out.splitlines()[-2:] == [
        "3 queries in 3 files: 2 valid, 1 invalid by v8.",
        "1 file without KQL passed over.",
    ]


def test_nothing_to_complain_about_is_zero(folder: Path) -> None:
    assert check("right.kql", "deep") == 0


def test_what_makes_the_command_fail_is_chosen(folder: Path) -> None:
    (folder / "soft.kql").write_text("SigninLogs | take 1")
    assert check("soft.kql") == 0
    assert check("--fail-on", "suggestion", "soft.kql") == 1
    assert check("--fail-on", "suggestion", "--no-lint", "soft.kql") == 0
    assert check("--fail-on", "error", "wrong.kql") == 1


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("a.kql", None, "cannot be read: No such file"),
        ("a.kql", b"\xff\xfe", "is not UTF-8 (byte 0)"),
        ("a.yaml", b"a: 1", "holds no KQL"),
        ("a.yaml", b"a: [", "is not YAML: "),
        ("a.json", b"{", "is not JSON: Expecting property name enclosed in double quotes. (line 1, column 2)"),
    ],
)
def test_a_file_that_cannot_be_checked_is_named_and_the_others_are_checked(
    folder: Path, capsys: pytest.CaptureFixture[str], name: str, content: bytes | None, words: str
) -> None:
    if content is not None:
        (folder / name).write_bytes(content)
    assert check(name, "right.kql") == 2
    out = capsys.readouterr().out
    assert f"{name}: {words}" in out
    assert "1 query in 1 file: 1 valid by v8." in out


@pytest.mark.parametrize(
    ("schema", "words"),
    [
        (None, "cannot be read"),
        ('{"T": {"a": "strng"}}', "T.a has the unknown type 'strng'"),
        ('{"T": {"a": "string"},\n "T": {"a": "long"}}', "T is listed twice with different content."),
        ('{"T": ', "is not JSON: Expecting value at line 1, column 7."),
    ],
)
def test_a_schema_that_cannot_be_used_is_told_in_one_sentence(
    folder: Path, capsys: pytest.CaptureFixture[str], schema: str | None, words: str
) -> None:
    if schema:
        (folder / "s.json").write_text(schema)
    assert check("--schema", "s.json", "right.kql") == 2
    err = capsys.readouterr().err
    assert words in err
    assert len(err.splitlines()) == 1


def test_a_schema_adds_tables(folder: Path) -> None:
    (folder / "s.yaml").write_text("tables:\n  Mine_CL: {TimeGenerated: datetime, A_s: string}\n")
    (folder / "mine.kql").write_text("Mine_CL | where TimeGenerated > ago(1d) | project A_s")
    assert (check("mine.kql"), check("--schema", "s.yaml", "mine.kql", "right.kql")) == (1, 0)


def test_a_policy_forbids_and_disables(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "p.json").write_text('{"workspaces": ["mine"], "disable": ["SKV101"]}')
    (folder / "w.kql").write_text("union workspace('mine').SigninLogs, workspace('other').SigninLogs | take 1")
    assert check("--policy", "p.json", "w.kql") == 1
    assert "SKP307: The policy does not allow the workspace other." in capsys.readouterr().out
    (folder / "p.json").write_text('{"workspace": true}')
    assert check("--policy", "p.json", "w.kql") == 2
    assert "there is no field 'workspace'" in capsys.readouterr().err


def test_safe_fixes_are_written_and_others_are_not(folder: Path) -> None:
    (folder / "old.kql").write_text("\ufeff" + OLD)
    rule = (
        "query: |\n  SigninLogs\n  | where TimeGenerated > ago(1d)\n"
        "  | extend a = parsejson(Status), b = parsejson('1')\n"
    )
    (folder / "old.yaml").write_text(rule)
    assert check("--fix", "old.kql", "old.yaml", "wrong.kql") == 1
    assert (folder / "old.kql").read_text() == "\ufeff" + OLD.replace("parsejson", "parse_json")
    assert (folder / "old.yaml").read_text() == rule.replace("parsejson", "parse_json")
    assert (folder / "wrong.kql").read_text() == WRONG
    assert sorted(p.name for p in folder.glob(".*")) == [".git"]


def test_a_baseline_passes_over_what_it_knows(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert check("--write-baseline", "known.json", "wrong.kql") == 0
    assert check("--baseline", "known.json", "wrong.kql") == 0
    (folder / "wrong.kql").write_text("// a line more\n" + WRONG)
    assert check("--baseline", "known.json", "wrong.kql") == 0
    (folder / "wrong.kql").write_text(WRONG + "| where Another == 1\n")
    assert check("--baseline", "known.json", "wrong.kql") == 1
    assert check("--baseline", "right.kql", "wrong.kql") == 2
    assert "right.kql is no baseline" in capsys.readouterr().err


def test_a_rule_whose_schedule_bounds_its_time_needs_no_filter(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "r.yaml").write_text(
        "kind: Scheduled\nseverity: Low\nqueryFrequency: 1h\nqueryPeriod: 1h\ntriggerOperator: gt\n"
        "triggerThreshold: 0\nquery: SigninLogs | take 5\n"
    )
    (folder / "h.yaml").write_text("tactics: [Impact]\nquery: SigninLogs | take 5\n")
    assert check("--fail-on", "suggestion", "r.yaml") == 0
    assert check("--fail-on", "suggestion", "h.yaml") == 1
    assert "SKV101" in capsys.readouterr().out


def test_json_is_for_programs(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert check("--format", "json", "wrong.kql") == 1
    (file,) = json.loads(capsys.readouterr().out)["files"]
    assert (file["path"], file["verdicts"], file["engine"]) == ("wrong.kql", ["invalid"], "v8")
    finding = file["findings"][0]
    assert (finding["line"], finding["column"], finding["end_column"]) == (2, 37, 53)
    assert finding["suggestions"] == ["UserPrincipalName"]


def test_github_gets_workflow_commands(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert check("--format", "github", "wrong.kql") == 1
    assert capsys.readouterr().out.startswith(
        "::error file=wrong.kql,line=2,col=37,endLine=2,endColumn=53,title=KS142::The name 'UserPrincipalNam'"
    )


def test_sarif_keeps_to_its_schema(folder: Path) -> None:
    sarif: Any = pytest.importorskip(
        "pydantic_sarif.model", reason="pydantic-sarif, which carries SARIF's schema as a model, is not installed"
    )
    assert check("--format", "sarif", "--output", "out.sarif", "wrong.kql", "missing.kql") == 2
    text = (folder / "out.sarif").read_text()
    log = sarif.StaticAnalysisResultsFormatSarifVersion210JsonSchema.model_validate_json(text)
    assert [result.ruleId for result in log.runs[0].results] == ["KS142"]
    run = json.loads(text)["runs"][0]
    assert run["invocations"][0]["executionSuccessful"] is False
    assert run["results"][0]["locations"][0]["physicalLocation"]["region"]["startColumn"] == 37


def test_many_processes_find_the_same(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    codes = [check("--jobs", n, ".") for n in ("1", "2")]
    one, two = capsys.readouterr().out.split("passed over.\n")[:2]
    assert codes == [1, 1]
    assert one == two


def test_queries_are_put_into_good_form(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "a.kql").write_text("SigninLogs|take 1")
    assert main(["format", "a.kql"]) == 0
    assert capsys.readouterr().out == "SigninLogs\n| take 1\n"
    assert main(["format", "--write", "a.kql"]) == 0
    assert (folder / "a.kql").read_text() == "SigninLogs\n| take 1\n"
    assert main(["format", "none.kql"]) == 2


def test_a_query_is_described(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "a.kql").write_text("SigninLogs | summarize n = count() by UserType | render piechart")
    assert main(["describe", "--engine", "v8", "a.kql"]) == 0
    assert capsys.readouterr().out.splitlines() == [
        "verdict     valid (v8 12.4.1)",
        "reads       SigninLogs (UserType)",
        "operators   summarize | render",
        "functions   count",
        "gives       UserType: string, n: long",
        "drawn as    piechart",
    ]


def test_completions_are_one_json_object_a_line(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "a.kql").write_text("SigninLogs | where UserPrincipalN\n")
    assert main(["complete", "--limit", "1", "a.kql"]) == 0
    assert json.loads(capsys.readouterr().out)["name"] == "UserPrincipalName"


def test_engines_are_listed_with_the_reason_why_not(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    from sentinel_kql_validator import EngineUnavailable
    from sentinel_kql_validator._engines import dotnet

    def fail(_self: object) -> None:
        raise EngineUnavailable("No .NET runtime was found.")

    monkeypatch.setattr(dotnet.DotnetEngine, "start", fail)
    assert main(["engines"]) == 0
    assert capsys.readouterr().out.splitlines() == [
        "dotnet   not here: No .NET runtime was found.",
        "v8       Microsoft's analyser 12.4.1",
        "basic    brackets and strings only",
    ]


def test_an_engine_asked_for_that_cannot_load_is_one_sentence(
    folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    from sentinel_kql_validator import EngineUnavailable
    from sentinel_kql_validator._engines import v8

    def fail(_self: object) -> None:
        raise EngineUnavailable("mini-racer cannot be imported: install mini-racer.")

    monkeypatch.setattr(v8.V8Engine, "start", fail)
    assert check("right.kql") == 2
    assert capsys.readouterr().err == "sentinel-kql-validator: mini-racer cannot be imported: install mini-racer.\n"


def test_the_module_runs_and_reads_standard_input() -> None:
    command = [sys.executable, "-m", "sentinel_kql_validator"]
    done = subprocess.run(
        [*command, "check", "--engine", "v8", "-"], input=RIGHT, capture_output=True, text=True, timeout=60, check=False
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "1 query in 1 file: 1 valid by v8.\n", "")
    told = subprocess.run([*command, "--version"], capture_output=True, text=True, timeout=60, check=True)
    assert told.stdout.startswith("sentinel-kql-validator 0.1.")
